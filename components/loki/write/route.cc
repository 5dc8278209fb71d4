// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/route.h"

#include <algorithm>
#include <cstdint>

namespace weir::loki {
namespace {

constexpr std::string_view kTenantLabel = "__tenant_id__";

/// Entries of label set i go to part `part_of[i]`. One part: the batch as it is.
std::vector<LogBatch> split(LogBatch batch, const std::vector<std::uint32_t>& part_of,
                            std::size_t parts) {
  std::vector<LogBatch> out;
  if (parts == 1) {
    out.push_back(std::move(batch));
    return out;
  }
  for (std::size_t i = 0; i < parts; ++i) out.push_back(batch.like());
  for (const Entry& entry : batch.entries()) {
    LogBatch& part = out[part_of[entry.labels]];
    part.add(entry.time, entry.line, part.label_index(batch.labels(entry)), entry.metadata);
  }
  for (LogBatch& part : out) {
    if (part.empty()) part.receipt.deliver();
  }
  batch.receipt.deliver();  // the parts speak for it
  return out;
}

bool is_hidden(const Label& label) {
  return label.name.starts_with("__");
}

void relabel(LogBatch& batch, const std::map<std::string, std::string>& external) {
  const auto& sets = batch.label_sets();
  const bool any_hidden = std::any_of(sets.begin(), sets.end(), [](const Labels& set) {
    return std::any_of(set.begin(), set.end(), is_hidden);
  });
  if (!any_hidden && external.empty()) return;
  LabelsBuilder builder;
  batch.rewrite_labels([&](const Labels& set) -> std::optional<Labels> {
    builder.reset(set);
    builder.remove_if(
        [](std::string_view name, std::string_view) { return name.starts_with("__"); });
    for (const auto& [name, value] : external) {
      if (!name.starts_with("__") && !builder.has(name)) builder.set(name, value);
    }
    return builder.build();
  });
}

}  // namespace

std::vector<TenantBatch> by_tenant(LogBatch batch,
                                   const std::map<std::string, std::string>& external) {
  std::vector<TenantBatch> out;
  if (batch.empty()) {
    batch.receipt.deliver();
    return out;
  }
  const auto common = external.find(std::string(kTenantLabel));
  std::vector<std::string_view> tenants;
  std::vector<std::uint32_t> part_of;
  for (const Labels& set : batch.label_sets()) {
    std::string_view tenant = set.get(kTenantLabel);
    if (tenant.empty() && common != external.end()) tenant = common->second;
    const auto known = std::find(tenants.begin(), tenants.end(), tenant);
    part_of.push_back(static_cast<std::uint32_t>(known - tenants.begin()));
    if (known == tenants.end()) tenants.push_back(tenant);
  }
  for (const std::string_view tenant : tenants) out.push_back({std::string(tenant), {}});
  std::vector<LogBatch> parts = split(std::move(batch), part_of, tenants.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    relabel(parts[i], external);
    out[i].batch = std::move(parts[i]);
  }
  std::erase_if(out, [](const TenantBatch& part) { return part.batch.empty(); });
  return out;
}

std::vector<LogBatch> by_shard(LogBatch batch, std::size_t shards) {
  std::vector<std::uint32_t> part_of;
  if (shards > 1) {
    for (const Labels& set : batch.label_sets())
      part_of.push_back(static_cast<std::uint32_t>(set.hash() % shards));
  }
  return split(std::move(batch), part_of, shards);
}

std::vector<LogBatch> cut(LogBatch batch, std::size_t used, std::size_t limit) {
  std::vector<LogBatch> out;
  std::size_t kept = 0;  // entries that stay in the batch itself, the first part
  for (const Entry& entry : batch.entries()) {
    const std::size_t bytes = entry.bytes();
    if (used > 0 && used + bytes > limit) {
      if (out.empty()) out.emplace_back();  // the place of the first part
      out.push_back(batch.like());
      used = 0;
    }
    used += bytes;
    if (out.empty()) {
      ++kept;
    } else {
      out.back().add(entry.time, entry.line, out.back().label_index(batch.labels(entry)),
                     entry.metadata);
    }
  }
  if (out.empty()) out.emplace_back();
  batch.entries().resize(kept);
  out.front() = std::move(batch);
  return out;
}

}  // namespace weir::loki
