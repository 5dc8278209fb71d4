// SPDX-License-Identifier: Apache-2.0
#include "base/redact.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Redact, HidesPasswordsOfAddresses) {
  const struct {
    const char *text, *shown;
  } kCases[] = {
      {"http://me:secret@host:3100/path", "http://me:xxxxx@host:3100/path"},
      {"http://me:se:cr@et@host", "http://me:xxxxx@host"},
      {"postgres://:pw@host/db?a=b@c", "postgres://:xxxxx@host/db?a=b@c"},
      {"http://me:@host", "http://me:xxxxx@host"},
      {"http://me@host:80", "http://me@host:80"},
      {"http://host:80/a:b@c", "http://host:80/a:b@c"},
      {"http://host", "http://host"},
      {"see http://me:pw@host", "see http://me:pw@host"},
      {"://a:b@c", "://a:xxxxx@c"},
      {"a:b@c", "a:b@c"},
      {"", ""},
  };
  for (const auto& c : kCases) EXPECT_EQ(redact_url(c.text), c.shown);
}

}  // namespace
}  // namespace weir
