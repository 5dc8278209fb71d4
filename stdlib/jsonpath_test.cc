// SPDX-License-Identifier: Apache-2.0
#include "stdlib/jsonpath.h"

#include "interpreter/value/json.h"

#include <gtest/gtest.h>

namespace weir::stdlib {
namespace {

constexpr std::string_view kShop = R"({
  "books": [
    {"title": "A", "price": 8.95, "tags": ["x", "y"], "isbn": "1"},
    {"title": "B", "price": 12.99, "tags": []},
    {"title": "C", "price": 22.99, "tags": ["y"], "isbn": "2", "out": null}
  ],
  "limit": 10,
  "odd key": {"title": "D"}
})";

std::string selected(std::string_view path, std::string_view text = kShop) {
  const auto document = value::parse_json(text, value::JsonNumbers::kFloats);
  if (!document) return document.error().message;
  const auto found = select(*document, path);
  return found ? to_json(value::Value(*found)) : found.error().message;
}

TEST(JsonPath, Selects) {
  const std::pair<const char*, const char*> cases[] = {
      {"$.limit", "[10]"},
      {".limit", "[10]"},
      {"limit", "[10]"},
      {"$['limit']", "[10]"},
      {"$[\"odd key\"].title", R"(["D"])"},
      {".books[0].title", R"(["A"])"},
      {".books[-1].title", R"(["C"])"},
      {".books[7].title", "[]"},
      {".books[-7]", "[]"},
      {".books[*].title", R"(["A","B","C"])"},
      {".books.*.title", R"(["A","B","C"])"},
      {".books[0,2].title", R"(["A","C"])"},
      {".books[0]['title','price']", R"(["A",8.95])"},
      {".books[1:].title", R"(["B","C"])"},
      {".books[:2].title", R"(["A","B"])"},
      {".books[::2].title", R"(["A","C"])"},
      {".books[::-1].title", R"(["C","B","A"])"},
      {".books[-2:-1].title", R"(["B"])"},
      {".books[0:9223372036854775807:9223372036854775807].title", R"(["A"])"},
      {"$..title", R"(["A","B","C","D"])"},
      {"$..tags[0]", R"(["x","y"])"},
      {".limit.title", "[]"},
      {".books.title", "[]"},
  };
  for (const auto& [path, found] : cases) EXPECT_EQ(selected(path), found) << path;
}

TEST(JsonPath, Filters) {
  const std::pair<const char*, const char*> cases[] = {
      {".books[?(@.price < 10)].title", R"(["A"])"},
      {".books[?@.price >= 12.99].title", R"(["B","C"])"},
      {".books[?(@.price > $.limit)].title", R"(["B","C"])"},
      {".books[?(@.isbn)].title", R"(["A","C"])"},
      {".books[?(!@.isbn)].title", R"(["B"])"},
      {".books[?(@.out == null)].title", R"(["C"])"},
      {".books[?(@.title == 'A' || @.title == \"C\")].title", R"(["A","C"])"},
      {".books[?(@.isbn && @.price > 10)].title", R"(["C"])"},
      {".books[?((@.title != 'A') && !(@.title == 'B'))].title", R"(["C"])"},
      {".books[?(@.title =~ /^[AB]$/)].title", R"(["A","B"])"},
      {".books[?(@.title =~ '^C')].title", R"(["C"])"},
      {".books[?(@.title in ['B', 'C'])].title", R"(["B","C"])"},
      {".books[?('x' in @.tags)].title", R"(["A"])"},
      {".books[?(@.tags[0] == 'y')].title", R"(["C"])"},
      {".books[?(@.price == '8.95')].title", "[]"},
      {".books[?(@.title < 1)].title", "[]"},
      {".books[?(true)].title", R"(["A","B","C"])"},
  };
  for (const auto& [path, found] : cases) EXPECT_EQ(selected(path), found) << path;
}

TEST(JsonPath, SaysWhatIsWrong) {
  for (const char* path :
       {"$x", "$.", "$[", "$[]", "$['a", "$.a b", "$[1.5]", "$[?(@.a ==)]", "$[?(@.a =~ 5)]",
        "$[?(@.a =~ /(/)]", "$[?(@.a", "$[99999999999999999999]", "..", "$[0:1"}) {
    EXPECT_EQ(selected(path).rfind("bad JSON path", 0), 0u) << path << ": " << selected(path);
  }
}

TEST(JsonPath, IsBounded) {
  std::string deep = "$";
  for (int i = 0; i < 200; ++i) deep += "[?(@";
  EXPECT_EQ(selected(deep).rfind("bad JSON path", 0), 0u);
  std::string nested = "1";
  for (int i = 0; i < 300; ++i) nested = "[" + nested + ",1]";
  EXPECT_EQ(selected("$..*..*..*..*..*", nested), "the JSON path walks more than 5000000 nodes");
}

}  // namespace
}  // namespace weir::stdlib
