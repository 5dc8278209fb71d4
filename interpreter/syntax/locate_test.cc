// SPDX-License-Identifier: Apache-2.0
#include "interpreter/syntax/locate.h"

#include "base/format.h"

#include <gtest/gtest.h>

namespace weir::syntax {
namespace {

ExpressionPtr node(ExpressionKind kind, std::string text = {}) {
  auto e = std::make_unique<Expression>();
  e->kind = kind;
  e->text = std::move(text);
  return e;
}
ExpressionPtr with_child(ExpressionPtr parent, ExpressionPtr child) {
  parent->children.push_back(std::move(child));
  return parent;
}
ExpressionPtr with_field(ExpressionPtr parent, std::string name, ExpressionPtr value) {
  parent->fields.push_back(Field{std::move(name), false, {}, std::move(value)});
  return parent;
}

/// {a = ([x]), a = [y, z]}
ExpressionPtr sample() {
  auto first = with_child(node(ExpressionKind::kParen), node(ExpressionKind::kArray));
  auto second =
      with_child(with_child(node(ExpressionKind::kArray), node(ExpressionKind::kIdentifier, "y")),
                 with_child(node(ExpressionKind::kParen), node(ExpressionKind::kIdentifier, "z")));
  return with_field(with_field(node(ExpressionKind::kObject), "a", std::move(first)), "a",
                    std::move(second));
}

TEST(Locate, FollowsTheLastOfEqualKeysAndPassesParentheses) {
  const auto root = sample();
  const LocateStep path[] = {"a", std::size_t{1}};
  const Located at = locate(*root, path);
  EXPECT_EQ(at.node->text, "z");
  EXPECT_EQ(at.steps, 2u);
}

TEST(Locate, StopsAtWhatIsComputed) {
  const auto root = sample();
  const LocateStep path[] = {"a", std::size_t{0}, "deeper", std::size_t{7}};
  const Located at = locate(*root, path);
  EXPECT_EQ(at.node->text, "y");
  EXPECT_EQ(at.steps, 2u);
}

TEST(Locate, StaysWhereThereIsNothingToFollow) {
  const auto root =
      with_child(node(ExpressionKind::kParen), node(ExpressionKind::kIdentifier, "x"));
  const LocateStep path[] = {"a"};
  EXPECT_EQ(locate(*root, path).node, root.get());
  EXPECT_EQ(locate(*root, {}).node, root.get());
}

std::string excerpt_of(const std::string& text) {
  const auto source = text::Source::make("t", text);
  Expression e;
  e.span = {source.get(), 0, static_cast<std::uint32_t>(text.size())};
  return excerpt(e);
}

TEST(Excerpt, IsOneLineAndCutBetweenCharacters) {
  EXPECT_EQ(excerpt_of("[1,\n\t 2]"), "[1, 2]");
  std::string text(99, 'a');
  EXPECT_EQ(excerpt_of(text + 'b'), text + 'b');
  EXPECT_EQ(excerpt_of(format("{}\u00e9bc", text)), format("{}\u00e9...", text));
  EXPECT_EQ(excerpt(Expression{}), "");
}

}  // namespace
}  // namespace weir::syntax
