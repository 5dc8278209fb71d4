// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/positions.h"

#include <gtest/gtest.h>

namespace weir::loki {
namespace {

struct PositionsCase {
  const char* yaml;
  std::vector<LegacyPosition> positions;
};

TEST(Positions, BothShapes) {
  const PositionsCase cases[] = {
      {"", {}},
      {"positions: {}\n", {}},
      {"positions:\n  /tmp/random.log: \"17623\"\n", {{"/tmp/random.log", "", 17623}}},
      {"positions:\n    ? path: /tmp/a.log\n      labels: '{job=\"tmp\"}'\n    : \"12\"\n    ? "
       "path: /tmp/b.log\n      labels: \"\"\n    : \"13\"\n",
       {{"/tmp/a.log", "{job=\"tmp\"}", 12}, {"/tmp/b.log", "", 13}}},
      {"# by hand\npositions:\n  '/tmp/it''s.log': 5\n  \"/tmp/\\u00e9.log\": '6'\n  /tmp/x: "
       "nonsense\n",
       {{"/tmp/it's.log", "", 5}, {"/tmp/\xc3\xa9.log", "", 6}, {"/tmp/x", "", std::nullopt}}},
      {"positions:\n  ? path: /tmp/long name\n      goes on.log\n    labels: '{a=\"b\",\n      "
       "c=\"d\"}'\n  : \"1\"\n",
       {{"/tmp/long name goes on.log", "{a=\"b\", c=\"d\"}", 1}}},
      {"positions:\n  ? /tmp/a path too long for one line.log\n  : \"7\"\n",
       {{"/tmp/a path too long for one line.log", "", 7}}},
      {"positions:\r\n  /a: \"1\"\r\n", {{"/a", "", 1}}},
  };
  for (const PositionsCase& c : cases) {
    const auto got = parse_positions(c.yaml);
    ASSERT_TRUE(got) << c.yaml << got.error().message;
    ASSERT_EQ(got->size(), c.positions.size()) << c.yaml;
    for (std::size_t i = 0; i < got->size(); ++i) {
      EXPECT_EQ((*got)[i].path, c.positions[i].path);
      EXPECT_EQ((*got)[i].labels, c.positions[i].labels);
      EXPECT_EQ((*got)[i].offset, c.positions[i].offset);
    }
  }
}

TEST(Positions, WhatIsNoSuchFile) {
  for (const char* yaml :
       {"\0\0\0", "x", "positions", "positions: 3", "positions:\n  /a\n", "positions:\n  /a: \"1\n",
        "positions:\n  ? path: /a\n", "positions:\n  ? other: 3\n  : \"1\"\n",
        "positions:\n  /a: \"1\"\nmore: 1\n", "[]"}) {
    if (*yaml == '\0') continue;
    EXPECT_FALSE(parse_positions(yaml)) << yaml;
  }
  EXPECT_FALSE(parse_positions(std::string_view("\0\0\0\0", 4)));
}

}  // namespace
}  // namespace weir::loki
