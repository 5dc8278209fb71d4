// SPDX-License-Identifier: Apache-2.0
// Which entries of a batch go where: apart by tenant, apart by shard, under the labels they are
// pushed with.

#pragma once

#include "components/core/log_batch.h"

#include <map>
#include <string>
#include <vector>

namespace weir::loki {

/// Entries of one tenant; "" if they did not say.
struct TenantBatch {
  std::string tenant;
  LogBatch batch;
};

/// Takes a batch apart by the label `__tenant_id__`, adds `external` labels where they are absent,
/// and removes those whose names start with `__`. The common batch, with neither, passes untouched;
/// an empty one is delivered.
std::vector<TenantBatch> by_tenant(LogBatch batch,
                                   const std::map<std::string, std::string>& external);

/// Takes a batch apart so that each stream keeps to one of `shards`; parts may be empty.
std::vector<LogBatch> by_shard(LogBatch batch, std::size_t shards);

/// Cuts a batch, in order, where the sum of bytes would exceed `limit`; the first part follows
/// `used` bytes that are there already, and is empty if nothing fits beside them. One entry always
/// fits alone.
std::vector<LogBatch> cut(LogBatch batch, std::size_t used, std::size_t limit);

}  // namespace weir::loki
