// SPDX-License-Identifier: Apache-2.0
// What is read off a table besides decoding blocks (interpreter/check has those tests, from text):
// objects, the API's JSON, the reference page.

#include "interpreter/schema/schema.h"

#include "interpreter/schema/codecs.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>

namespace weir::schema {
namespace {

using value::Value;

struct TestAuth {
  std::string user;
  value::Secret password;
  static Schema schema() {
    static constexpr auto kTable = table({
        attr<&TestAuth::user>("user", "Who.").required(),
        attr<&TestAuth::password>("password", "Proof."),
    });
    return kTable;
  }
};
struct TestShared {
  Duration timeout = std::chrono::seconds(10);
  static Schema schema() {
    static constexpr auto kTable =
        table({attr<&TestShared::timeout>("timeout", "How long to wait.")});
    return kTable;
  }
  void validate(Problems& problems) const {
    if (timeout < Duration::zero()) problems.add("timeout", "may not be negative");
  }
};
struct TestPart {
  static Schema schema() { return {}; }
};
std::span<const Choice> test_parts() {
  static constexpr Choice kParts[] = {
      {"one", "The first | of two.", Stability::kGenerallyAvailable, &detail::block_ops<TestPart>,
       nullptr},
      {"two", "The second.", Stability::kExperimental, nullptr, nullptr},
  };
  return kParts;
}
struct TestNode {
  std::string name;
  std::int64_t age = 35;
  std::string token;
  TestShared shared;
  std::optional<TestAuth> auth;
  std::vector<TestAuth> friends;
  std::vector<Chosen> parts;
  std::map<std::string, Value> extra;
  static Schema schema() {
    static constexpr auto kTable = table({
        attr<&TestNode::name>("name", "What it is called.").required(),
        attr<&TestNode::age>("age", "How old."),
        attr<&TestNode::token>("token", "Not for display.").secret(),
        inlined<&TestNode::shared>(),
        block<&TestNode::auth>("auth", "Who asks."),
        block<&TestNode::friends>("friend", "Others.").required(),
        choice<&TestNode::parts>("part", "What is inside.", &test_parts),
        map_block<&TestNode::extra>("extra", "Anything."),
    });
    return kTable;
  }
};

Value object_of(std::vector<std::pair<std::string, Value>> members) {
  value::Object out;
  out.members = std::move(members);
  return Value(std::move(out));
}

TEST(Schema, InlinedFieldsStandInTheirPlace) {
  TestNode node;
  std::string names;
  for (const Member& member : members(TestNode::schema(), &node))
    names += std::string(member.field->name) + " ";
  EXPECT_EQ(names, "name age token timeout auth friend part extra ");
}

TEST(Schema, ObjectsDecodeLikeBlocks) {
  TestNode node;
  Decoder decoder;
  const Value good =
      object_of({{"name", Value("x")},
                 {"timeout", Value("5s")},
                 {"auth", object_of({{"user", Value("u")}})},
                 {"friend", Value(value::Array{object_of({{"user", Value("f")}})})}});
  EXPECT_TRUE(decode_object(detail::block_ops<TestNode>(), good, &node, decoder));
  EXPECT_EQ(node.shared.timeout, std::chrono::seconds(5));
  EXPECT_EQ(node.auth->user, "u");
  EXPECT_EQ(node.friends.at(0).user, "f");
}

// covers: L10.1
TEST(Schema, ObjectsReportEverything) {
  TestNode node;
  Decoder decoder;
  const Value bad = object_of(
      {{"nam", Value("x")}, {"age", Value("old")}, {"friend", Value(value::Array{object_of({})})}});
  EXPECT_FALSE(decode_object(detail::block_ops<TestNode>(), bad, &node, decoder));
  std::string told;
  for (const auto& failure : decoder.failures())
    told += print(failure.path) + " " + failure.message + "\n";
  EXPECT_EQ(told,
            ".age should be number, got string\n"
            ".friend[0] lacks the required field \"user\"\n"
            ".nam is not a field here\n"
            " lacks the required field \"name\"\n");
}

EvaluatedAttribute given(const std::string& name, const std::string& text) {
  EvaluatedAttribute out;
  out.name = name;
  out.value = Value(text);
  return out;
}

EvaluatedBlock block_with(const std::string& name, std::vector<EvaluatedAttribute> attributes) {
  EvaluatedBlock out;
  out.name = name;
  out.body.attributes = std::move(attributes);
  return out;
}

// covers: L10.2, L10.3
TEST(Schema, BlocksReplaceTheirDefaultsAndKeepTheirOrder) {
  const auto decoded = [](EvaluatedBody body, TestNode& node) {
    body.attributes.push_back(given("name", "x"));
    for (const char* user : {"b", "a"})
      body.blocks.push_back(block_with("friend", {given("user", user)}));
    text::DiagnosticSink sink;
    DecodeContext context;
    context.name = "node";
    context.minimum_stability = Stability::kExperimental;
    decode(detail::block_ops<TestNode>(), body, context, &node, sink);
    return sink.error_count();
  };
  TestNode node;
  node.auth = TestAuth{"default", {"default"}};
  EvaluatedBody body;
  body.blocks.push_back(block_with("part.one", {}));
  EXPECT_EQ(decoded(body, node), 0U);
  EXPECT_EQ(node.auth->password.text, "default") << "a block that is not there leaves it";
  EXPECT_EQ(node.friends.at(0).user + node.friends.at(1).user, "ba");
  EXPECT_EQ(node.parts.size(), 1U);

  TestNode other;
  other.auth = TestAuth{"default", {"default"}};
  body.blocks.push_back(block_with("auth", {given("user", "u")}));
  body.blocks.push_back(block_with("part.one", {}));
  EXPECT_EQ(decoded(body, other), 0U);
  EXPECT_EQ(other.auth->user, "u");
  EXPECT_EQ(other.auth->password.text, "") << "of the default nothing is left";
  EXPECT_EQ(other.parts.size(), 2U);
  body.blocks.push_back(block_with("auth", {given("user", "u")}));
  EXPECT_EQ(decoded(body, other), 2U);
}

struct TestCounts {
  std::string attribute;
  std::optional<TestAuth> once;
  std::vector<TestAuth> twice;
  std::map<std::string, Value> map;
  static Schema schema() {
    static constexpr auto kTable = table({
        attr<&TestCounts::attribute>("attribute", "A text.").required(),
        block<&TestCounts::once>("once", "One.").required(),
        block<&TestCounts::twice>("twice", "Two.").exactly(2),
        map_block<&TestCounts::map>("map", "Anything."),
    });
    return kTable;
  }
};

// Each block stands at the place of its letter: a (attribute), o (once), t (twice), m (map),
// x (unknown).
TEST(Schema, EveryBlockThatIsWrongIsTold) {
  const std::pair<const char*, const char*> cases[] = {
      {"oo", " 1:1 1:2"},  {"ooo", " 1:1 1:2 1:3"},  {"ot", " 1:2"},
      {"ott", ""},         {"ottt", " 1:2 1:3 1:4"}, {"omm", " 1:2 1:3"},
      {"xox", " 1:1 1:3"}, {"oa", " 1:2 missing"},   {"aoo", " 1:1 1:2 1:3 missing"},
      {"m", " missing"},
  };
  const std::map<char, const char*> names = {
      {'a', "attribute"}, {'o', "once"}, {'t', "twice"}, {'m', "map"}, {'x', "unknown"}};
  for (const auto& [letters, want] : cases) {
    const auto source = text::Source::make("t", letters);
    EvaluatedBody body;
    for (std::uint32_t i = 0; i < source->text().size(); ++i) {
      const bool is_auth = letters[i] == 'o' || letters[i] == 't';
      body.blocks.push_back(
          block_with(names.at(letters[i]), is_auth ? std::vector{given("user", "u")}
                                                   : std::vector<EvaluatedAttribute>()));
      body.blocks.back().whole = {source.get(), i, i + 1};
    }
    if (source->text().find('a') == std::string_view::npos)
      body.attributes.push_back(given("attribute", "x"));
    TestCounts out;
    text::DiagnosticSink sink;
    DecodeContext context;
    decode(detail::block_ops<TestCounts>(), body, context, &out, sink);
    std::string got;
    for (const auto& d : sink.all()) {
      got += d.span ? format(" {}:{}", d.span.start().line, d.span.start().column) : " missing";
    }
    EXPECT_EQ(got, want) << letters;
  }
}

// covers: L11.1
TEST(Schema, ApiShowsWhatDiffersFromTheDefaults) {
  const TestNode defaults;
  TestNode node;
  EXPECT_EQ(to_api_json(TestNode::schema(), &node, &defaults),
            R"j([{"name":"name","type":"attr","value":{"type":"string","value":""}}])j");
  node.name = "x";
  node.token = "hidden";
  node.friends.push_back({"f", {"hidden"}});
  node.parts.push_back({&test_parts()[0], std::make_shared<TestPart>()});
  node.extra.emplace("k", Value::integer(1));
  const std::string json = to_api_json(TestNode::schema(), &node, &defaults);
  EXPECT_EQ(
      json,
      R"j([{"name":"name","type":"attr","value":{"type":"string","value":"x"}},)j"
      R"j({"name":"token","type":"attr","value":{"type":"capsule","value":"(secret)"}},)j"
      R"j({"name":"friend","type":"block","body":[{"name":"user","type":"attr","value":{"type":"string","value":"f"}},)j"
      R"j({"name":"password","type":"attr","value":{"type":"capsule","value":"(secret)"}}]},)j"
      R"j({"name":"part.one","type":"block","body":[]},)j"
      R"j({"name":"extra","type":"block","body":[{"name":"k","type":"attr","value":{"type":"number","value":1}}]}])j");
  EXPECT_EQ(json.find("hidden"), std::string::npos);
}

TEST(Schema, ReferencePageShowsEveryBlockAndDefault) {
  EXPECT_EQ(markdown(detail::block_ops<TestNode>()),
            "| Attribute | Type | Default | What it is |\n| --- | --- | --- | --- |\n"
            "| `name` | string | *required* | What it is called. |\n"
            "| `age` | number | `35` | How old. |\n"
            "| `token` | string | `\"\"` | Not for display. |\n"
            "| `timeout` | duration | `\"10s\"` | How long to wait. |\n\n"
            "| Block | How often | What it is |\n| --- | --- | --- |\n"
            "| `auth` | at most once | Who asks. |\n"
            "| `friend` | one or more | Others. As `auth`. |\n"
            "| `part.one` | any number, in order | The first \\| of two. |\n"
            "| `part.two` | any number, in order | Not built yet. The second. |\n"
            "| `extra` | at most once | Anything. |\n"
            "\n### `auth`\n\n"
            "| Attribute | Type | Default | What it is |\n| --- | --- | --- | --- |\n"
            "| `user` | string | *required* | Who. |\n"
            "| `password` | secret |  | Proof. |\n"
            "\n### `part.one`\n\nTakes no arguments.\n");
}

}  // namespace
}  // namespace weir::schema
