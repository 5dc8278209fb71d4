// SPDX-License-Identifier: Apache-2.0
// The arguments of loki.write, and what an endpoint makes of its own.

#pragma once

#include "components/loki/write/wal_config.h"
#include "interpreter/catalog/http_client_args.h"
#include "interpreter/catalog/lint.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir::loki {

/// All that a sender needs to know; equal settings mean that nothing has to change.
struct EndpointConfig {
  std::string name;
  std::string url;
  std::string tenant_id;
  net::HttpClientConfig http;
  std::map<std::string, std::string> headers;
  Duration remote_timeout{};
  Duration batch_wait{};
  std::size_t batch_bytes = 0;
  Duration min_backoff{};
  Duration max_backoff{};
  std::uint64_t max_attempts = 0;  ///< 0: for ever
  bool retry_on_429 = true;
  std::size_t capacity_bytes = 0;  ///< of one shard; counts unless it blocks
  std::size_t shards = 1;
  bool block_on_overflow = true;
  Duration drain_timeout{};
  std::uint64_t max_streams = 0;
  friend bool operator==(const EndpointConfig&, const EndpointConfig&) = default;
};

/// Under which name an endpoint keeps its place in the write-ahead log: its own, or that of its address and
/// tenant.
std::string marker_name(const EndpointConfig& config);

struct QueueArgs {
  Bytes capacity{10u << 20};
  std::uint64_t min_shards = 1;
  Duration drain_timeout = std::chrono::seconds(15);
  bool block_on_overflow = true;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
};

struct EndpointArgs {
  std::string name;
  std::string url;
  std::map<std::string, std::string> headers;
  std::string tenant_id;
  Duration remote_timeout = std::chrono::seconds(10);
  Bytes batch_size{1u << 20};
  Duration batch_wait = std::chrono::seconds(1);
  Duration min_backoff_period = std::chrono::milliseconds(500);
  Duration max_backoff_period = std::chrono::minutes(5);
  std::uint64_t max_backoff_retries = 10;
  bool retry_on_http_429 = true;
  catalog::HttpClientArgs client;
  QueueArgs queue;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
  [[nodiscard]] EndpointConfig config(std::uint64_t max_streams) const;
};

struct WalArgs {
  bool enabled = false;
  Duration max_segment_age = std::chrono::hours(1);
  Duration min_read_frequency = std::chrono::milliseconds(250);
  Duration max_read_frequency = std::chrono::seconds(1);
  Duration drain_timeout = std::chrono::seconds(15);
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
  [[nodiscard]] WalConfig config() const;
};

struct WriteArgs {
  std::vector<EndpointArgs> endpoints;
  std::map<std::string, std::string> external_labels;
  std::uint64_t max_streams = 0;
  WalArgs wal;
  static schema::Schema schema();
  void validate(schema::Problems& problems) const;
  void lint(catalog::Lint& lint) const;
};

}  // namespace weir::loki
