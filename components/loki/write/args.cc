// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/args.h"

#include "base/codec/sha.h"
#include "base/fs.h"
#include "base/net/url.h"
#include "base/redact.h"
#include "components/core/file_lint.h"

#include <algorithm>

namespace weir::loki {
namespace {

using schema::attr;

constexpr std::uint64_t kMaxShards = 1024;
constexpr std::size_t kMaxMarkerName = 200;

/// The reference begins with such an address, too, and then sends nothing: a warning, not an error.
void lint_address(const schema::EvaluatedAttribute& address, catalog::Lint& lint) {
  if (!address.value || address.value->kind() != value::Kind::kString) return;
  const auto url = net::parse_url(address.value->as_string());
  if (url) return;
  lint.warn(address.expression != nullptr ? address.expression->span : address.statement,
            text::DiagnosticCode::kBadAddress, url.error().message,
            "write it as \"http://localhost:3100/loki/api/v1/push\"");
}

}  // namespace

std::string marker_name(const EndpointConfig& config) {
  const auto digest = [](const std::string& text) { return codec::sha256_hex(text).substr(0, 32); };
  if (config.name.empty()) return "url-" + digest(config.url + "\n" + config.tenant_id);
  const std::string name = fs::escape_file_name(config.name);
  return name.size() <= kMaxMarkerName ? "name-" + name : "long-" + digest(config.name);
}

schema::Schema QueueArgs::schema() {
  static constexpr auto kTable = schema::table({
      attr<&QueueArgs::capacity>(
          "capacity", "How much a shard holds before it drops, where it does not block."),
      attr<&QueueArgs::min_shards>(
          "min_shards", "How many requests are under way at a time; a stream keeps to one shard."),
      attr<&QueueArgs::drain_timeout>("drain_timeout",
                                      "How long sending goes on after the end of the endpoint."),
      attr<&QueueArgs::block_on_overflow>(
          "block_on_overflow", "Whether sources wait for a full queue; else entries are dropped."),
  });
  return kTable;
}

void QueueArgs::validate(schema::Problems& problems) const {
  if (min_shards == 0 || min_shards > kMaxShards) {
    problems.add("min_shards",
                 format("min_shards is {}, should be between 1 and {}", min_shards, kMaxShards));
  }
}

schema::Schema EndpointArgs::schema() {
  static constexpr auto kTable = schema::table({
      attr<&EndpointArgs::url>("url", "Where entries are pushed.").required(),
      attr<&EndpointArgs::name>("name", "A name that tells endpoints apart."),
      attr<&EndpointArgs::headers>("headers", "Headers added to each push."),
      attr<&EndpointArgs::tenant_id>("tenant_id",
                                     "The tenant of entries that have no label `__tenant_id__`."),
      attr<&EndpointArgs::remote_timeout>("remote_timeout", "How long a push may take."),
      attr<&EndpointArgs::batch_size>("batch_size", "How many bytes of entries a push gathers."),
      attr<&EndpointArgs::batch_wait>("batch_wait", "How long an entry waits for others."),
      attr<&EndpointArgs::min_backoff_period>("min_backoff_period",
                                              "The first wait before a push is tried again."),
      attr<&EndpointArgs::max_backoff_period>("max_backoff_period", "The longest such wait."),
      attr<&EndpointArgs::max_backoff_retries>("max_backoff_retries",
                                               "How often a push is tried; 0 tries for ever."),
      attr<&EndpointArgs::retry_on_http_429>("retry_on_http_429",
                                             "Whether a push answered 429 is tried again."),
      schema::block<&EndpointArgs::queue>("queue_config", "How entries wait."),
      schema::inlined<&EndpointArgs::client>(),
  });
  return kTable;
}

void EndpointArgs::validate(schema::Problems& problems) const {
  if (batch_wait < Duration::zero()) problems.add("batch_wait", "batch_wait is negative");
  if (remote_timeout <= Duration::zero())
    problems.add("remote_timeout", "remote_timeout should be more than 0s");
}

EndpointConfig EndpointArgs::config(std::uint64_t max_streams) const {
  EndpointConfig out;
  out.name = name;
  out.url = url;
  out.tenant_id = tenant_id;
  out.http = client.config();
  out.headers = headers;
  out.remote_timeout = remote_timeout;
  out.batch_wait = batch_wait;
  out.batch_bytes = batch_size.count;
  out.min_backoff = std::max(min_backoff_period, Duration(std::chrono::milliseconds(1)));
  out.max_backoff = std::max(max_backoff_period, out.min_backoff);
  out.max_attempts = max_backoff_retries;
  out.retry_on_429 = retry_on_http_429;
  out.capacity_bytes = std::max<std::size_t>(queue.capacity.count, batch_size.count);
  out.shards = queue.min_shards;
  out.block_on_overflow = queue.block_on_overflow;
  out.drain_timeout = queue.drain_timeout;
  out.max_streams = max_streams;
  return out;
}

schema::Schema WalArgs::schema() {
  static constexpr auto kTable = schema::table({
      attr<&WalArgs::enabled>("enabled",
                              "Whether entries are written to disk before they are sent."),
      attr<&WalArgs::max_segment_age>("max_segment_age", "How long a piece of the log is kept."),
      attr<&WalArgs::min_read_frequency>("min_read_frequency", "The shortest wait between reads."),
      attr<&WalArgs::max_read_frequency>("max_read_frequency", "The longest wait between reads."),
      attr<&WalArgs::drain_timeout>("drain_timeout", "How long reading goes on after the end."),
  });
  return kTable;
}

void WalArgs::validate(schema::Problems& problems) const {
  if (min_read_frequency >= max_read_frequency) {
    problems.add("min_read_frequency", "min_read_frequency should be less than max_read_frequency");
  }
}

WalConfig WalArgs::config() const {
  WalConfig out;
  out.max_segment_age = max_segment_age;
  out.min_read_wait = min_read_frequency;
  out.max_read_wait = max_read_frequency;
  out.drain_timeout = drain_timeout;
  return out;
}

schema::Schema WriteArgs::schema() {
  static constexpr auto kTable = schema::table({
      schema::block<&WriteArgs::endpoints>("endpoint",
                                           "Where entries go; each endpoint gets all of them."),
      attr<&WriteArgs::external_labels>("external_labels",
                                        "Labels added to entries that do not have them."),
      attr<&WriteArgs::max_streams>("max_streams", "The most streams in a push; 0 sets no limit."),
      schema::block<&WriteArgs::wal>("wal", "Entries on disk before they are sent."),
  });
  return kTable;
}

void WriteArgs::validate(schema::Problems& problems) const {
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!endpoints[i].name.empty() && endpoints[i].name == endpoints[j].name) {
        problems.add("endpoint", format("two endpoints are named \"{}\"", endpoints[i].name));
      } else if (endpoints[i].config(0) == endpoints[j].config(0)) {
        problems.add("endpoint",
                     format("two endpoints for {} do not differ", redact_url(endpoints[i].url)),
                     "give them names if both are meant");
      } else if (wal.enabled &&
                 marker_name(endpoints[i].config(0)) == marker_name(endpoints[j].config(0))) {
        problems.add("endpoint",
                     format("two endpoints for {} would share one place in the write-ahead log",
                            redact_url(endpoints[i].url)),
                     "give each a name: the log keeps their places by name");
      }
    }
  }
}

void WriteArgs::lint(catalog::Lint& lint) const {
  for (const schema::EvaluatedBlock* endpoint : lint.blocks("endpoint")) {
    lint_files(endpoint->body, lint);
    for (const schema::EvaluatedAttribute& attribute : endpoint->body.attributes) {
      if (attribute.name == "url") lint_address(attribute, lint);
    }
  }
}

}  // namespace weir::loki
