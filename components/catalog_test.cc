// SPDX-License-Identifier: Apache-2.0
#include "components/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace weir {
namespace {

TEST(ComponentCatalog, IsSortedAndNamedAfterItsComponents) {
  std::vector<std::string> ids = {
#define COMPONENT(id) #id,
#include "components/catalog.def"
#undef COMPONENT
  };
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end())) << "catalog.def is sorted";
  ASSERT_EQ(ids.size(), components().size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::string id(components()[i]->name);
    std::replace(id.begin(), id.end(), '.', '_');
    EXPECT_EQ(id, ids[i]);
    EXPECT_FALSE(components()[i]->doc.empty());
    EXPECT_EQ(&component(components()[i]->name), components()[i]);
  }
}

}  // namespace
}  // namespace weir
