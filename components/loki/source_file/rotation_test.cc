// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/rotation.h"

#include <gtest/gtest.h>

#include <tuple>

namespace weir::loki {
namespace {

TEST(Rotation, NamesThatRotationMakes) {
  const std::tuple<const char*, const char*, bool> cases[] = {
      {"app.log", "app.log.1", true},
      {"app.log", "app.log-20261121", true},
      {"app.log", "app-20261121.log", true},
      {"app.log", "app.2026-11-21.0.log", true},
      {"0.log", "0.log.20261121-101010", true},
      {"0.log", "1.log", true},
      {"syslog", "syslog.1", true},
      {"app.log", "app.log", false},
      {"app.log", "app.log.1.gz", true},
      {"0.log", "0.log.20261121-101010.gz", true},
      {"app.log", "app-20261121.log.bz2", true},
      {"app.log", "app.log.gz", false},
      {"app.log", "app.log.1.xz", false},
      {"app.log", "app.log~", false},
      {"app.log", "app.logs", false},
      {"app.log", "app-2.log", false},
      {"app.log", "app-web.log", false},
      {"app.log", "other.log.1", false},
  };
  for (const auto& [base, name, rotated] : cases)
    EXPECT_EQ(looks_rotated(base, name), rotated) << base << " " << name;
}

TEST(Rotation, NamesTellTheOrder) {
  const std::tuple<const char*, const char*, const char*, std::optional<bool>> cases[] = {
      {"a.log", "a.log.2", "a.log.1", true},
      {"a.log", "a.log.9", "a.log.10", false},
      {"a.log", "a.log.10.gz", "a.log.9", true},
      {"a.log", "a.log-20261120", "a.log-20261121", true},
      {"a.log", "a-20261122.log", "a-20261121.log", false},
      {"0.log", "0.log.20261121-101010.gz", "0.log.20261121-101011", true},
      {"7.log", "5.log", "6.log", true},
      {"a.log", "a.log.1", "a.log-20261121", std::nullopt},
      {"a.log", "a.log.old", "a.log.1", std::nullopt},
  };
  for (const auto& [base, a, b, before] : cases)
    EXPECT_EQ(rotated_before(base, a, b), before) << a << " " << b;
}

}  // namespace
}  // namespace weir::loki
