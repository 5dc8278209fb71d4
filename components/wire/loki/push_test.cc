// SPDX-License-Identifier: Apache-2.0
// What is encoded is parsed with the generated classes, and what they write is decoded.

#include "base/codec/base64.h"
#include "base/codec/gzip.h"
#include "base/codec/snappy.h"
#include "components/wire/loki/push.pb.h"
#include "components/wire/loki/push_decode.h"
#include "components/wire/loki/push_encode.h"
#include "components/wire/loki/selector.h"
#include "tests/support/component_fixture.h"
#include "tests/support/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace weir::wire {
namespace {

using test::LogRecord;
using testing::ElementsAre;
using testing::HasSubstr;

std::optional<Labels> keep(LabelsBuilder& labels) {
  return labels.build();
}

logproto::PushRequest encoded(const LogBatch& batch) {
  LokiPushEncoder encoder;
  for (const Entry& entry : batch.entries()) encoder.add(batch.labels(entry), entry);
  logproto::PushRequest request;
  EXPECT_TRUE(request.ParseFromString(std::string(encoder.encode())));
  return request;
}

Result<LokiPush> decode(std::string bytes) {
  return decode_loki_push(std::make_shared<const std::string>(std::move(bytes)), keep);
}

std::string selector(const Labels& labels) {
  std::string out;
  append_selector(out, labels);
  return out;
}

TEST(LokiSelector, IsWritten) {
  EXPECT_EQ(selector({}), "{}");
  EXPECT_EQ(selector(Labels::of({{"b", "2"}, {"__hidden", "x"}, {"a", "1"}})), R"({a="1", b="2"})");
  EXPECT_EQ(selector(Labels::of({{"q", "a\"b\\c\n\x01\xff\u200b\u00e9"}})),
            "{q=\"a\\\"b\\\\c\\n\\x01\\xff\\u200b\u00e9\"}");
}

TEST(LokiSelector, IsRead) {
  struct Case {
    std::string_view text;
    std::vector<Label> labels;
  };
  for (const Case& c : {Case{"{}", {}}, Case{" { } ", {}}, Case{R"({a="1"})", {{"a", "1"}}},
                        Case{"{ a = \"1\" ,\n\tb=`raw\\n`, }", {{"a", "1"}, {"b", "raw\\n"}}},
                        Case{R"({a="\"\\\n\x41\u00e9\101"})",
                             {{"a",
                               "\"\\\nA\u00e9"
                               "A"}}},
                        Case{R"({a="1", a="2"})", {{"a", "2"}}}}) {
    LabelsBuilder out;
    const Status status = parse_selector(c.text, out);
    EXPECT_TRUE(status) << c.text << ": " << status.error().message;
    EXPECT_EQ(out.all(), c.labels) << c.text;
  }
}

TEST(LokiSelector, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string text;
    std::string_view error;
  };
  for (const Case& c :
       {Case{"", "ends where \"{\""}, Case{"a", "at byte 0, should be \"{\""},
        Case{"{a", "ends where \"=\""}, Case{"{a=", "ends where a quoted value"},
        Case{"{a=1}", "byte 3, should be a quoted value"},
        Case{"{a=\"1}", "quote at byte 3 is not closed"},
        Case{"{a=\"\\", "quote at byte 3 is not closed"}, Case{"{a=\"\\q\"}", "at byte 5"},
        Case{"{a=\"1\" b=\"2\"}", "should be \",\" or \"}\""},
        Case{"{,}", "should be a label name"}, Case{"{a=\"1\",,}", "should be a label name"},
        Case{"{1a=\"1\"}", "should be a label name"}, Case{"{a=\"1\"} x", "should be the end"},
        Case{"{a!=\"1\"}", "should be \"=\""}, Case{"{a=~\"1\"}", "should be a quoted value"}}) {
    LabelsBuilder out;
    const Status status = parse_selector(c.text, out);
    ASSERT_FALSE(status) << c.text;
    EXPECT_THAT(status.error().message, HasSubstr(c.error)) << c.text;
  }
  std::string many = "{";
  for (std::size_t i = 0; i <= kMaxSelectorLabels; ++i) many += format("a{}=\"\",", i);
  LabelsBuilder out;
  EXPECT_FALSE(parse_selector(many + "}", out));
}

TEST(LokiPushEncoder, GathersStreamsAndKeepsOrder) {
  const LogBatch batch =
      test::log_batch({{Time{1'500'000'000}, {{"s", "1"}}, "one", {}},
                       {Time{-1}, {{"s", "2"}}, "two", {{"k", "v"}, {"", ""}}},
                       {Time{0}, {{"s", "1"}, {"__x", "1"}}, "", {}},
                       {Time{1'500'000'000}, {{"s", "1"}}, std::string(300, 'x'), {}}});
  const logproto::PushRequest request = encoded(batch);
  ASSERT_EQ(request.streams_size(), 3);
  EXPECT_EQ(request.streams(0).labels(), R"({s="1"})");
  ASSERT_EQ(request.streams(0).entries_size(), 2);
  EXPECT_EQ(request.streams(0).entries(0).line(), "one");
  EXPECT_EQ(request.streams(0).entries(0).timestamp().seconds(), 1);
  EXPECT_EQ(request.streams(0).entries(0).timestamp().nanos(), 500'000'000);
  EXPECT_EQ(request.streams(0).entries(1).line(), std::string(300, 'x'));
  EXPECT_EQ(request.streams(1).entries(0).timestamp().seconds(), -1);
  EXPECT_EQ(request.streams(1).entries(0).timestamp().nanos(), 999'999'999);
  ASSERT_EQ(request.streams(1).entries(0).structuredmetadata_size(), 2);
  EXPECT_EQ(request.streams(1).entries(0).structuredmetadata(0).value(), "v");
  EXPECT_TRUE(request.streams(2).entries(0).has_timestamp());
}

TEST(LokiPushEncoder, IsReusable) {
  LokiPushEncoder encoder;
  EXPECT_EQ(encoder.encode(), "");
  const LogBatch large = test::log_batch({{Time{1}, {{"a", "b"}}, std::string(5000, 'y'), {}}});
  encoder.add(large.labels(large.entries()[0]), large.entries()[0]);
  EXPECT_GT(encoder.encode().size(), 5000U);
  encoder.clear();
  const LogBatch small = test::log_batch({{Time{1}, {{"a", "c"}}, "z", {}}});
  encoder.add(small.labels(small.entries()[0]), small.entries()[0]);
  logproto::PushRequest request;
  ASSERT_TRUE(request.ParseFromString(std::string(encoder.encode())));
  EXPECT_EQ(request.streams_size(), 1);
  EXPECT_EQ(request.streams(0).entries(0).line(), "z");
}

TEST(LokiPush, ComesBackAsItWent) {
  std::vector<LogRecord> records;
  for (int i = 0; i < 200; ++i) {
    records.push_back({Time{1'700'000'000'000'000'000 + i},
                       {{"stream", format("{}", i / 50)}, {"x", "é\"\n"}},
                       std::string(static_cast<std::size_t>(i), 'l'),
                       {}});
    if (i % 3 == 0) records.back().metadata = {{"trace", "1"}, {"user", ""}};
  }
  const auto back = decode(encoded(test::log_batch(records)).SerializeAsString());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(test::records(back->batch), records);
}

TEST(LokiPush, LeavesOutStreamsWithBadLabels) {
  logproto::PushRequest request;
  for (const char* labels : {"{a=\"1\"}", "{a", "{a=\"2\"}"}) {
    auto& stream = *request.add_streams();
    stream.set_labels(labels);
    stream.add_entries()->set_line(labels);
  }
  const auto push = decode(request.SerializeAsString());
  ASSERT_TRUE(push);
  EXPECT_EQ(push->batch.size(), 2U);
  ASSERT_TRUE(push->bad_labels);
  EXPECT_THAT(push->bad_labels->message, HasSubstr("selector: ends"));
}

TEST(LokiPush, ReadsEveryTimeThatNanosecondsHold) {
  for (const std::int64_t ns : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                std::numeric_limits<std::int64_t>::max()}) {
    LogBatch batch;
    batch.add(Time{ns}, "line", batch.label_index({}));
    const auto push = decode(encoded(batch).SerializeAsString());
    ASSERT_TRUE(push) << ns;
    EXPECT_EQ(push->batch.entries().at(0).time.ns, ns);
  }
}

TEST(LokiPush, RefusesWhatIsNoPush) {
  logproto::PushRequest request;
  auto& stream = *request.add_streams();
  stream.set_labels("{}");
  auto& entry = *stream.add_entries();
  entry.set_line("line");
  entry.mutable_timestamp()->set_seconds(1);
  const std::string whole = request.SerializeAsString();
  ASSERT_TRUE(decode(whole));
  for (std::size_t length = 1; length < whole.size(); ++length)
    EXPECT_FALSE(decode(whole.substr(0, length))) << length;
  for (const std::int64_t seconds :
       {std::int64_t{1} << 60, -(std::int64_t{1} << 60), std::int64_t{9'223'372'037}}) {
    entry.mutable_timestamp()->set_seconds(seconds);
    EXPECT_FALSE(decode(request.SerializeAsString())) << seconds;
  }
  EXPECT_FALSE(decode("garbage"));
  EXPECT_FALSE(decode(std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11)))
      << "a length beyond the end";
}

TEST(LokiPush, RefusesMoreThanItsBytesPromise) {
  std::string entries;
  for (std::size_t i = 0; i <= kMaxPushParts; ++i) entries += std::string_view("\x12\x00", 2);
  std::string message = "\x0a";
  const std::string selector_field = "\x0a\x02{}";
  for (std::size_t length = entries.size() + selector_field.size(); length != 0; length >>= 7) {
    message += static_cast<char>((length & 0x7f) | (length > 0x7f ? 0x80 : 0));
  }
  EXPECT_FALSE(decode(message + selector_field + entries));
  std::string json = R"({"streams":[)";
  for (std::size_t i = 0; i <= kMaxPushParts; ++i) json += "{},";
  json += "{}]}";
  EXPECT_FALSE(decode_loki_push_json(json, keep));
}

TEST(LokiPushJson, RefusesWhatIsNoPush) {
  for (const char* text : {"", "[]", "1", "{", R"({"streams":{}})", R"({"streams":[1]})",
                           R"({"streams":[{"stream":[]}]})", R"({"streams":[{"stream":null}]})",
                           R"({"streams":[{"values":{}}]})", R"({"streams":[{"values":[{}]}]})",
                           R"({"streams":[{"values":[["x","y"]]}]})",
                           R"({"streams":[{"values":[["99999999999999999999","y"]]}]})",
                           R"({"streams":[{"stream":{"a":"b"},"values":[["1",2]]}]})",
                           R"({"streams":[{"stream":{},"values":[["1",2]]}]})"}) {
    EXPECT_FALSE(decode_loki_push_json(text, keep)) << text;
  }
  for (const char* text :
       {"{}", R"({"streams":null})", R"({"streams":[]})", R"({"streams":[{"stream":{}}]})"}) {
    const Result<LokiPush> push = decode_loki_push_json(text, keep);
    ASSERT_TRUE(push) << text;
    EXPECT_FALSE(push->bad_labels) << text;
  }
}

TEST(LokiPushJson, ReadsAStreamBesideOneWithoutLabels) {
  const Result<LokiPush> push = decode_loki_push_json(
      R"({"streams":[{"values":[["1","x"]]},{"stream":{"a":"b"},"values":[null,["2","y"]]}]})",
      keep);
  ASSERT_TRUE(push);
  EXPECT_TRUE(push->bad_labels);
  EXPECT_THAT(test::records(push->batch), ElementsAre(LogRecord{{2}, {{"a", "b"}}, "y"}));
}

TEST(LokiPushJson, TakesALabelsValueAsItsJsonIfItIsNoText) {
  const Result<LokiPush> push = decode_loki_push_json(
      R"({"streams":[{"stream":{"a":1,"b":true,"c":null,"d":{"e":"f"}},"values":[["2","y"]]}]})",
      keep);
  ASSERT_TRUE(push);
  const std::map<std::string, std::string> labels = {
      {"a", "1"}, {"b", "true"}, {"c", "null"}, {"d", R"({"e":"f"})"}};
  EXPECT_THAT(test::records(push->batch), ElementsAre(LogRecord{{2}, labels, "y"}));
}

/// What a payload of the corpus should decode to.
std::vector<LogRecord> expected_records(const codec::JsonValue& decoded) {
  std::vector<LogRecord> out;
  for (const auto& stream : *decoded.find("streams")->as_array()) {
    for (const auto& entry : *stream.find("entries")->as_array()) {
      LogRecord& record = out.emplace_back();
      for (const auto& [name, value] : *stream.find("labels")->as_object())
        record.labels[name] = *value.as_string();
      record.time = {std::stoll(test::text_of(entry, "ts"))};
      record.line = test::text_of(entry, "line");
      if (const auto* metadata = entry.find("structured_metadata")) {
        for (const auto& [name, value] : *metadata->as_object())
          record.metadata.emplace_back(name, *value.as_string());
      }
    }
  }
  return out;
}

void run_protobuf_payload(const codec::JsonValue& c) {
  const auto block = codec::base64_decode(test::text_of(c, "snappy_block_b64"));
  ASSERT_TRUE(block);
  const auto message = codec::snappy_decode(*block, 1 << 20);
  ASSERT_TRUE(message);
  const auto push = decode(*message);
  ASSERT_TRUE(push) << push.error().message;
  EXPECT_EQ(test::records(push->batch), expected_records(*c.find("decoded")));
  // And the other way round: the same bytes, as the field's encoder writes them.
  LokiPushEncoder encoder;
  for (const Entry& entry : push->batch.entries()) encoder.add(push->batch.labels(entry), entry);
  std::string hex;
  for (const char byte : encoder.encode())
    hex += format("{:02x}", static_cast<unsigned char>(byte));
  EXPECT_EQ(hex, test::text_of(c, "proto_hex"));
}

void run_raw_payload(const codec::JsonValue& c) {
  const LogBatch batch =
      decode_raw_lines(std::make_shared<const std::string>(test::text_of(c, "body")),
                       Labels::of({{"a", "b"}}), Time{7});
  std::vector<std::string> wanted, lines;
  for (const auto& line : *c.find("lines")->as_array()) wanted.push_back(*line.as_string());
  for (const Entry& entry : batch.entries()) lines.emplace_back(entry.line);
  EXPECT_EQ(lines, wanted);
}

std::function<bool(const codec::JsonValue&)> of_form(const char* form) {
  return [form](const codec::JsonValue& c) { return test::text_of(c, "form") == form; };
}

const bool kProtobufPayloads =
    test::register_corpus("LokiPushCorpus", "components/loki_push/payloads.jsonl",
                          run_protobuf_payload, of_form("protobuf"));
const bool kRawPayloads = test::register_corpus(
    "LokiPushCorpus", "components/loki_push/payloads.jsonl", run_raw_payload, of_form("raw"));
const bool kSelectors = test::register_corpus(
    "LokiPushCorpus", "components/loki_push/behaviour.jsonl",
    [](const codec::JsonValue& c) {
      std::vector<Label> labels;
      for (const auto& [name, value] : *c.find("labels")->as_object())
        labels.push_back({name, *value.as_string()});
      EXPECT_EQ(selector(Labels::of(labels)), test::text_of(c, "selector"));
    },
    [](const codec::JsonValue& c) {
      return c.find("kind") != nullptr && test::text_of(c, "kind") == "selector";
    });

}  // namespace
}  // namespace weir::wire
