// SPDX-License-Identifier: Apache-2.0
#include "components/core/labels.h"

#include "base/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace weir {
namespace {

using testing::ElementsAre;

TEST(Labels, EqualContentIsOneSet) {
  const std::size_t before = Labels::interned();
  {
    const Labels a = Labels::of({{"b", "2"}, {"a", "1"}});
    const Labels b = Labels::of({{"a", "1"}, {"b", "2"}});
    const Labels other = Labels::of({{"a", "1"}, {"b", "3"}});
    EXPECT_EQ(a, b);
    EXPECT_EQ(a.begin(), b.begin());
    EXPECT_EQ(a.hash(), b.hash());
    EXPECT_NE(a, other);
    EXPECT_EQ(Labels::interned(), before + 2);
    EXPECT_THAT(std::vector<Label>(a.begin(), a.end()),
                ElementsAre(Label{"a", "1"}, Label{"b", "2"}));
  }
  EXPECT_EQ(Labels::interned(), before);
}

TEST(Labels, OfEqualNamesTheLastWins) {
  const Labels labels = Labels::of({{"a", "1"}, {"b", ""}, {"a", "2"}, {"a", "3"}});
  EXPECT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels.get("a"), "3");
  EXPECT_TRUE(labels.has("b"));
  EXPECT_EQ(labels.get("b"), "");
  EXPECT_FALSE(labels.has("c"));
}

TEST(Labels, TheEmptySetIsNothing) {
  const std::size_t before = Labels::interned();
  const Labels empty = Labels::of({});
  EXPECT_TRUE(empty.empty());
  EXPECT_EQ(empty, Labels());
  EXPECT_EQ(empty.begin(), empty.end());
  EXPECT_EQ(Labels::interned(), before);
}

TEST(Labels, TextMovedBetweenNameAndValueIsAnotherSet) {
  const Labels a = Labels::of({{"ab", "c"}}), b = Labels::of({{"a", "bc"}});
  EXPECT_NE(a, b);
  EXPECT_NE(a.hash(), b.hash());
}

TEST(Labels, ManySetsAreFoundAgainAndLeave) {
  const std::size_t before = Labels::interned();
  std::vector<Labels> all;
  for (int i = 0; i < 5000; ++i) {
    const std::string value = format("{}", i);
    all.push_back(Labels::of({{"name", value}, {"longer than eight", "and so is the value"}}));
  }
  EXPECT_EQ(Labels::interned(), before + 5000);
  for (int i = 0; i < 5000; ++i)
    EXPECT_EQ(all[static_cast<std::size_t>(i)].get("name"), format("{}", i));
  all.erase(all.begin(), all.begin() + 4999);
  EXPECT_EQ(Labels::interned(), before + 1);
  all.clear();
  EXPECT_EQ(Labels::interned(), before);
}

TEST(Labels, ThreadsMeetOverTheSameSets) {
  const std::size_t before = Labels::interned();
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      std::vector<Labels> kept(7);
      for (std::size_t i = 0; i < 20000; ++i) {
        const std::string value = format("{}", i % 5);
        Labels labels = Labels::of({{"stream", value}});
        kept[i % kept.size()] = labels;
        ASSERT_EQ(kept[i % kept.size()].get("stream"), value);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(Labels::interned(), before);
}

TEST(LabelsBuilder, ChangesACopy) {
  const Labels base = Labels::of({{"a", "1"}, {"c", "3"}});
  LabelsBuilder builder(base);
  EXPECT_EQ(builder.build(), base);
  builder.set("a", "1");
  EXPECT_EQ(builder.build(), base);
  builder.set("b", builder.get("c"));
  builder.set("c", builder.get("a"));
  builder.remove("a");
  builder.remove("not there");
  EXPECT_THAT(builder.all(), ElementsAre(Label{"b", "3"}, Label{"c", "1"}));
  EXPECT_EQ(builder.build(), Labels::of({{"c", "1"}, {"b", "3"}}));
  EXPECT_EQ(base.get("a"), "1");
  builder.remove_if([](std::string_view name, std::string_view) { return name == "b"; });
  EXPECT_FALSE(builder.has("b"));
  EXPECT_EQ(builder.build(), Labels::of({{"c", "1"}}));
  builder.reset(base);
  EXPECT_EQ(builder.build(), base);
  builder.reset({});
  EXPECT_TRUE(builder.build().empty());
}

TEST(LabelsBuilder, HoldsItsBase) {
  LabelsBuilder builder(Labels::of({{"only", "here"}}));
  builder.set("more", std::string(5000, 'x'));
  EXPECT_EQ(builder.get("only"), "here");
  EXPECT_EQ(builder.build().size(), 2U);
}

}  // namespace
}  // namespace weir
