// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_api/push_intake.h"

#include "base/codec/gzip.h"
#include "base/codec/snappy.h"
#include "interpreter/value/quote.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

/// "application/json" of `application/json; charset=utf-8`, in lower case.
std::string media_type(std::string_view header) {
  header = header.substr(0, header.find(';'));
  while (header.ends_with(' ')) header.remove_suffix(1);
  std::string out(header);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

Status check_size(std::size_t bytes, std::size_t most) {
  if (bytes > most) return invalid("message size too large: {} bytes, {} allowed", bytes, most);
  return {};
}

/// Undoes gzip and deflate. "snappy" says nothing of a push: protobuf is always in it, JSON never.
Result<std::string> decompressed(net::ServerRequest& request, std::size_t most,
                                 bool may_be_snappy) {
  WEIR_TRY_STATUS(check_size(request.body.size(), most));
  const std::string_view encoding = request.header("Content-Encoding");
  if (encoding.empty() || (may_be_snappy && encoding == "snappy")) return std::move(request.body);
  if (encoding == "gzip") return codec::decompress(codec::Compression::kGzip, request.body, most);
  if (encoding == "deflate")
    return codec::decompress(codec::Compression::kDeflate, request.body, most);
  return invalid("Content-Encoding {} not supported", value::quote(encoding));
}

/// Fixed labels, rules, and the tenant, in the order of the field.
std::optional<Labels> settle_labels(LabelsBuilder& labels, const IntakePlan& plan,
                                    std::string_view tenant) {
  for (const auto& [name, value] : plan.labels) labels.set(name, value);
  labels.remove_if([](std::string_view, std::string_view value) { return value.empty(); });
  if (!plan.rules.empty() && !plan.rules.apply(labels)) return std::nullopt;
  if (labels.all().empty()) return std::nullopt;
  labels.remove_if([](std::string_view name, std::string_view) { return name.starts_with("__"); });
  if (!tenant.empty()) labels.set("__tenant_id__", tenant);
  return labels.build();
}

/// With the times it is to have.
wire::LokiPush timed(wire::LokiPush push, const IntakePlan& plan, Time now) {
  if (!plan.use_incoming_timestamp) {
    for (Entry& entry : push.batch.entries()) entry.time = now;
  }
  push.batch.read_at = now;
  return push;
}

}  // namespace

Result<Intake> read_push(net::ServerRequest request, const IntakePlan& plan, Time now) {
  const std::string type = media_type(request.header("Content-Type"));
  if (type.empty())
    return invalid("Content-Type is missing: application/x-protobuf and application/json are read");
  const std::string tenant(request.header("X-Scope-OrgID"));
  const bool is_json = type == "application/json";
  WEIR_TRY(std::string body, decompressed(request, plan.max_bytes, true));
  if (!is_json) {
    WEIR_TRY(std::string message, codec::snappy_decode(body, plan.max_bytes));
    return read_message(std::move(message), tenant, plan, now);
  }
  const auto labels = [&](LabelsBuilder& builder) { return settle_labels(builder, plan, tenant); };
  WEIR_TRY(wire::LokiPush push, wire::decode_loki_push_json(body, labels));
  return Intake{timed(std::move(push), plan, now), body.size()};
}

Result<Intake> read_message(std::string message, const std::string& tenant, const IntakePlan& plan,
                            Time now) {
  const std::size_t bytes = message.size();
  WEIR_TRY_STATUS(check_size(bytes, plan.max_bytes));
  const auto labels = [&](LabelsBuilder& builder) { return settle_labels(builder, plan, tenant); };
  WEIR_TRY(wire::LokiPush push,
           wire::decode_loki_push(std::make_shared<const std::string>(std::move(message)), labels));
  return Intake{timed(std::move(push), plan, now), bytes};
}

Result<Intake> read_raw(net::ServerRequest request, const IntakePlan& plan, Time now) {
  WEIR_TRY(std::string body, decompressed(request, plan.max_bytes, false));
  std::vector<Label> labels;
  for (const auto& [name, value] : plan.labels) labels.push_back({name, value});
  Intake out;
  out.bytes = body.size();
  out.push.batch = wire::decode_raw_lines(std::make_shared<const std::string>(std::move(body)),
                                          Labels::of(std::move(labels)), now);
  out.push.batch.read_at = now;
  return out;
}

}  // namespace weir::loki
