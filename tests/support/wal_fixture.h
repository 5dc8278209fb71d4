// SPDX-License-Identifier: Apache-2.0
// What tests of the write-ahead log share: bodies of loki.write with one, and a log on its own.

#pragma once

#include "components/loki/write/wal.h"
#include "tests/support/component_fixture.h"
#include "tests/support/fake_loki.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weir::loki {

inline std::string write_body(const std::string& endpoints, const std::string& wal = {}) {
  return endpoints + "wal {\n enabled = true\n min_read_frequency = \"1ms\"\n" +
         " max_read_frequency = \"5ms\"\n" + wal + "}\n";
}
inline std::string wal_endpoint(const test::FakeLoki& loki, const std::string& more = {}) {
  return format(
      "endpoint {{\n url = \"{}\"\n batch_wait = \"1ms\"\n min_backoff_period = \"1ms\"\n "
      "max_backoff_period = \"5ms\"\n max_backoff_retries = 0\n{}\n}}\n",
      loki.url(), more);
}
inline LogBatch one_entry(const std::string& line, Receipt receipt = {}) {
  return test::log_batch({{Time{1}, {{"app", "a"}}, line, {}}}, std::move(receipt));
}

/// A log on its own, with segments as small as a test needs them.
struct WalWorld {
  std::shared_ptr<Wal> open(WalConfig config = {std::chrono::hours(1)}) {
    auto opened = Wal::open(folder / "wal", config,
                            {pool, Clock::system(), Logger(output), MetricScope(registry), [] {}});
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? *opened : nullptr;
  }
  /// The lines of all records, from the first segment on.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const std::uint64_t number : list_segments(folder / "wal")) {
      const auto file = WalFile::open(folder / "wal", number);
      std::string payload;
      std::uint64_t offset = 0;
      while (file->read(offset, *file->size(), payload) == WalFile::Read::kRecord) {
        const auto record = decode_record(payload);
        for (const Entry& entry : record->push.batch.entries()) out.emplace_back(entry.line);
      }
    }
    return out;
  }
  test::TempDir folder;
  exec::Pool pool{2};
  LogOutput output{Clock::system()};
  MetricRegistry registry;
};

}  // namespace weir::loki
