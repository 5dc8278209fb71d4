// SPDX-License-Identifier: Apache-2.0
#include "base/codec/base64.h"
#include "base/codec/gzip.h"
#include "base/codec/snappy.h"
#include "base/net/http_client.h"
#include "components/core/relabel.h"
#include "components/core/window.h"
#include "components/wire/loki/push.pb.h"
#include "components/wire/loki/push_encode.h"
#include "components/wire/loki/selector.h"
#include "tests/support/certificates.h"
#include "tests/support/component_fixture.h"
#include "tests/support/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace weir::loki {
namespace {

using codec::JsonValue;
using test::CaptureLogs;
using test::LogRecord;
using test::text_of;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kListen = "http {\n listen_address = \"127.0.0.1\"\n listen_port = 0\n}\n";

/// A component that runs and what it sends to.
struct Api {
  explicit Api(const std::string& more = {}, const std::string& listen = kListen,
               test::Names names = {}) {
    names.emplace("next", out.receiver());
    component = test::make_component(weir::component("loki.source.api"),
                                     "forward_to = [next]\n" + listen + more, std::move(names));
  }
  [[nodiscard]] std::uint64_t port() const {
    const value::Value info = component->component().debug_info();
    return info.as_object().find("port")->as_number().natural;
  }
  Result<net::HttpResponse> send(const std::string& path, const net::Headers& headers,
                                 std::string body, const std::string& method = "POST") {
    net::HttpRequest request;
    request.method = method;
    request.url = format("http://127.0.0.1:{}{}", port(), path);
    request.headers = headers;
    if (method == "POST") request.body = std::make_shared<const std::string>(std::move(body));
    return client.fetch(std::move(request));
  }
  Result<net::HttpResponse> push_json(const std::string& body) {
    return send("/loki/api/v1/push", {{"Content-Type", "application/json"}}, body);
  }

  CaptureLogs out;
  std::unique_ptr<test::TestComponent> component;
  net::HttpClient client{net::HttpClientConfig{}};
};

const std::string kOneLine = R"({"streams":[{"stream":{"a":"b"},"values":[["1","x"]]}]})";

TEST(LokiSourceApi, AnswersWhatBecameOfAPush) {
  struct Case {
    Outcome outcome;
    int status;
    bool again;
  };
  Api api;
  for (const Case& c :
       {Case{{Verdict::kDelivered, 0}, 204, false}, Case{{Verdict::kRejected, 400}, 400, false},
        Case{{Verdict::kRejected, 429}, 429, true}, Case{{Verdict::kRejected, 0}, 503, true},
        Case{{Verdict::kAbandoned, 0}, 503, true}}) {
    api.out.answer(c.outcome);
    const auto answer = api.push_json(kOneLine);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, c.status);
    EXPECT_EQ(!answer->header("Retry-After").empty(), c.again);
  }
}

TEST(LokiSourceApi, WaitsForTheReceiptButNotForEver) {
  Api api({},
          "http {\n listen_address = \"127.0.0.1\"\n listen_port = 0\n server_write_timeout = "
          "\"50ms\"\n}\n");
  api.out.answer(std::nullopt);
  const auto answer = api.push_json(kOneLine);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 503);
  EXPECT_THAT(answer->body, HasSubstr("in time"));
  api.out.settle_held({});
}

TEST(LokiSourceApi, IsFullWhenItsWindowIs) {
  Api api({},
          "http {\n listen_address = \"127.0.0.1\"\n listen_port = 0\n server_write_timeout = "
          "\"50ms\"\n}\n");
  api.out.answer(std::nullopt);
  std::string large = R"({"streams":[{"stream":{"a":"b"},"values":[["1",")" +
                      std::string(Window::kDefaultBytes, 'x') + R"("]]}]})";
  const auto first = api.push_json(large);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->status, 503);
  const auto second = api.push_json(kOneLine);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 429);
  EXPECT_EQ(second->header("Retry-After"), "1");
  api.out.settle_held({});
  api.out.answer(Outcome{});
  EXPECT_EQ(api.push_json(kOneLine)->status, 204);
}

TEST(LokiSourceApi, KeepsToItsPathsAndMethods) {
  Api api;
  EXPECT_EQ(api.send("/ready", {}, "", "GET")->body, "ready\n");
  EXPECT_EQ(api.send("/ready", {}, "")->status, 405);
  EXPECT_EQ(api.send("/loki/api/v1/push", {}, "", "GET")->status, 405);
  EXPECT_EQ(api.send("/api/v1/raw", {}, "", "PUT")->status, 405);
  EXPECT_EQ(api.send("/other", {}, "x")->status, 404);
  EXPECT_EQ(api.send("/api/v1/push", {{"Content-Type", "application/json"}}, kOneLine)->status,
            204);
  EXPECT_EQ(api.out.lines().size(), 1U);
}

TEST(LokiSourceApi, RefusesWhatItCannotRead) {
  Api api;
  const auto refused = [&](const net::Headers& headers, const std::string& body) {
    const auto answer = api.send("/api/v1/push", headers, body);
    EXPECT_EQ(answer->status, 400) << answer->body;
    return answer->body;
  };
  EXPECT_THAT(refused({{"Content-Type", ""}}, kOneLine), HasSubstr("Content-Type"));
  EXPECT_THAT(refused({{"Content-Type", "application/x-protobuf"}}, "garbage"),
              HasSubstr("snappy"));
  EXPECT_THAT(
      refused({{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}}, kOneLine),
      HasSubstr(""));
  refused({{"Content-Type", "application/json"}}, "{");
  EXPECT_TRUE(api.out.records().empty());
}

TEST(LokiSourceApi, BoundsWhatIsUnpacked) {
  Api api("max_send_message_size = \"1KiB\"");
  const std::string bomb = codec::gzip(R"({"streams":[{"stream":{"a":"b"},"values":[["1",")" +
                                       std::string(1 << 20, 'x') + R"("]]}]})");
  EXPECT_EQ(
      api.send("/api/v1/push", {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}},
               bomb.substr(0, 2000))
          ->status,
      400);
  EXPECT_THAT(api.push_json(kOneLine + std::string(2000, ' '))->body,
              HasSubstr("message size too large"));
  std::string buffer;
  const std::string block(codec::snappy_encode(std::string(100000, 'x'), buffer));
  EXPECT_EQ(
      api.send("/api/v1/push", {{"Content-Type", "application/x-protobuf"}}, block.substr(0, 1000))
          ->status,
      400);
}

TEST(LokiSourceApi, RefusesHugeLabelSets) {
  Api api;
  std::string json = R"({"streams":[{"stream":{)", selector = "{";
  for (int i = 0; i < 200'000; ++i) {
    json += format("{}\"l{}\":\"v\"", i == 0 ? "" : ",", i);
    selector += format("{}l{}=\"v\"", i == 0 ? "" : ",", i);
  }
  const auto as_json = api.push_json(json + R"(},"values":[["1","x"]]}]})");
  EXPECT_EQ(as_json->status, 400);
  EXPECT_THAT(as_json->body, HasSubstr("more than 1000 labels"));
  logproto::PushRequest request;
  request.add_streams()->set_labels(selector + "}");
  request.mutable_streams(0)->add_entries()->set_line("x");
  std::string buffer;
  const auto as_protobuf =
      api.send("/api/v1/push", {{"Content-Type", "application/x-protobuf"}},
               std::string(codec::snappy_encode(request.SerializeAsString(), buffer)));
  EXPECT_EQ(as_protobuf->status, 400);
  EXPECT_TRUE(api.out.records().empty());
}

TEST(LokiSourceApi, ForwardsGoodStreamsBesideBadOnes) {
  Api api;
  const LogBatch batch = test::log_batch({{Time{1}, {{"a", "b"}}, "good", {}}});
  wire::LokiPushEncoder encoder;
  encoder.add(batch.labels(batch.entries()[0]), batch.entries()[0]);
  std::string message(encoder.encode());
  message += std::string("\x0a\x06\x0a\x04{a=}", 8);
  std::string buffer;
  const auto answer = api.send("/api/v1/push", {{"Content-Type", "application/x-protobuf"}},
                               std::string(codec::snappy_encode(message, buffer)));
  EXPECT_EQ(answer->status, 400);
  EXPECT_THAT(answer->body, HasSubstr("selector"));
  EXPECT_THAT(api.out.lines(), ElementsAre("good"));
}

TEST(LokiSourceApi, GoesOnListeningWhenOnlyLabelsChange) {
  Api api("labels = { v = \"1\" }");
  const std::uint64_t port = api.port();
  ASSERT_EQ(api.component->update("forward_to = [next]\nlabels = { v = \"2\" }\n" + kListen), "");
  EXPECT_EQ(api.port(), port);
  EXPECT_EQ(api.push_json(kOneLine)->status, 204);
  EXPECT_EQ(api.out.records()[0].labels.at("v"), "2");
  ASSERT_EQ(api.component->update("forward_to = [next]\nhttp {\n listen_address = \"127.0.0.1\"\n "
                                  "listen_port = 0\n conn_limit = 5\n}"),
            "");
  EXPECT_EQ(api.push_json(kOneLine)->status, 204);
}

TEST(LokiSourceApi, SaysWhenItCannotListen) {
  Api api;
  test::TestComponent other(component("loki.source.api"), {{"next", api.out.receiver()}});
  ASSERT_EQ(
      other.update(format(
          "forward_to = [next]\nhttp {{\n listen_address = \"127.0.0.1\"\n listen_port = {}\n}}",
          api.port())),
      "");
  EXPECT_FALSE(other.start());
}

TEST(LokiSourceApi, SpeaksTls) {
  const test::Authority authority;
  const test::Certificate certificate = authority.issue("api.test");
  Api api({},
          "http {\n listen_address = \"127.0.0.1\"\n listen_port = 0\n tls {\n cert_pem = cert\n "
          "key_pem = key\n}\n}\n",
          {{"cert", value::Value(certificate.cert_pem)},
           {"key", value::Value::secret(certificate.key_pem)}});
  ASSERT_NE(api.component, nullptr);
  net::HttpClientConfig config;
  config.tls.ca_pem = authority.cert_pem();
  net::HttpClient client(config);
  net::HttpRequest request;
  request.url = format("https://127.0.0.1:{}/ready", api.port());
  const auto answer = client.fetch(request);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
}

TEST(LokiSourceApi, CountsItsRequests) {
  Api api;
  ASSERT_EQ(api.push_json(kOneLine)->status, 204);
  EXPECT_EQ(api.component->metric(
                "loki_source_api_entries_written{component_id=\"loki.source.api.test\"}"),
            1);
  EXPECT_EQ(api.component->metric(
                "loki_source_api_inflight_requests{component_id=\"loki.source.api.test\"}"),
            0);
  EXPECT_THAT(api.component->metrics_text(),
              HasSubstr("loki_source_api_request_duration_seconds_count{"));
}

TEST(LokiSourceApi, ChecksItsArguments) {
  const auto errors = [](const std::string& body) {
    return test::decode_args(component("loki.source.api"), body).errors;
  };
  EXPECT_EQ(errors("forward_to = []"), "");
  EXPECT_THAT(errors(""), HasSubstr("forward_to"));
  EXPECT_THAT(errors("forward_to = []\nhttp {\n tls { }\n}"),
              HasSubstr("one of cert_pem and cert_file"));
  EXPECT_THAT(errors("forward_to = []\nhttp {\n listen_port = 70000\n}"), HasSubstr("70000"));
}

net::Headers headers_of(const JsonValue& c) {
  net::Headers out;
  if (const JsonValue* headers = c.find("headers")) {
    for (const auto& [name, value] : *headers->as_object())
      out.emplace_back(name, *value.as_string());
  }
  return out;
}

/// Relabelling rules written as the corpus has them.
RelabelRules rules_of(const JsonValue& rules) {
  std::vector<RelabelRule> out;
  for (const JsonValue& rule : *rules.as_array()) {
    RelabelRule& made = out.emplace_back();
    for (const auto& [key, value] : *rule.as_object()) {
      if (key == "action")
        made.action =
            *value.as_string() == "labeldrop" ? RelabelAction::kLabelDrop : RelabelAction::kReplace;
      if (key == "regex") made.regex = AnchoredRegex::of(*value.as_string());
    }
  }
  return RelabelRules(out);
}

void run_server(const JsonValue& c) {
  std::string more;
  test::Names names;
  for (const auto& [key, value] : *c.find("config")->as_object()) {
    if (key == "relabel_rules") {
      names.emplace("rules", schema::Codec<RelabelRules>::encode(rules_of(value)));
      more += "relabel_rules = rules\n";
    } else if (key == "labels") {
      more += "labels = {\n";
      for (const auto& [name, label] : *value.as_object())
        more += format("\"{}\" = \"{}\",\n", name, *label.as_string());
      more += "}\n";
    } else {
      more += value.as_bool() != nullptr ? format("{} = {}\n", key, *value.as_bool())
                                         : format("{} = \"{}\"\n", key, *value.as_string());
    }
  }
  Api api(more, kListen, names);
  ASSERT_NE(api.component, nullptr);
  std::string path = "/loki/api/v1/push", body;
  net::Headers headers = headers_of(c);
  if (c.find("path") != nullptr) path = text_of(c, "path");
  if (c.find("entries") != nullptr) {
    LabelsBuilder labels;
    ASSERT_TRUE(wire::parse_selector(text_of(c, "selector"), labels));
    JsonValue stream, values{JsonValue::Array{}}, wanted_labels{JsonValue::Object{}};
    for (const Label& label : labels.all())
      wanted_labels.add(std::string(label.name), JsonValue(label.value));
    for (const JsonValue& entry : *c.find("entries")->as_array()) {
      const std::int64_t ns =
          entry.find("timestamp") != nullptr ? parse_rfc3339(text_of(entry, "timestamp"))->ns : 0;
      JsonValue::Array one = {JsonValue(format("{}", ns)), JsonValue(text_of(entry, "line"))};
      if (const JsonValue* metadata = entry.find("structured_metadata")) {
        JsonValue pairs{JsonValue::Object{}};
        for (const JsonValue& pair : *metadata->as_array())
          pairs.add(*(*pair.as_array())[0].as_string(), (*pair.as_array())[1]);
        one.push_back(std::move(pairs));
      }
      values.as_array()->push_back(JsonValue(std::move(one)));
    }
    stream.add("stream", std::move(wanted_labels));
    stream.add("values", std::move(values));
    JsonValue push;
    push.add("streams", JsonValue(JsonValue::Array{std::move(stream)}));
    body = codec::write_json(push);
    headers.emplace_back("Content-Type", "application/json");
  } else {
    body = text_of(c, "body");
  }
  const auto answer = api.send(path, headers, body);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, *c.find("status")->as_integer()) << answer->body;
  if (const JsonValue* error = c.find("error"); error != nullptr && !error->is_null()) {
    EXPECT_THAT(answer->body, HasSubstr(*error->as_string()));
  }
  const std::vector<LogRecord> got = api.out.records();
  const auto& wanted = *c.find("expected")->as_array();
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(got[i].line, text_of(wanted[i], "line"));
    if (const JsonValue* labels = wanted[i].find("labels")) {
      std::map<std::string, std::string> all;
      for (const auto& [name, value] : *labels->as_object()) all[name] = *value.as_string();
      EXPECT_EQ(got[i].labels, all);
    }
    if (wanted[i].find("timestamp") != nullptr) {
      EXPECT_EQ(got[i].time, *parse_rfc3339(text_of(wanted[i], "timestamp")));
    }
    if (const JsonValue* metadata = wanted[i].find("structured_metadata")) {
      std::vector<std::pair<std::string, std::string>> pairs;
      for (const JsonValue& pair : *metadata->as_array()) {
        pairs.emplace_back(*(*pair.as_array())[0].as_string(), *(*pair.as_array())[1].as_string());
      }
      EXPECT_EQ(got[i].metadata, pairs);
    }
  }
}

void run_payload(const JsonValue& c) {
  Api api("labels = { }\nuse_incoming_timestamp = true");
  const std::string form = text_of(c, "form");
  std::vector<std::string> paths = {"/loki/api/v1/push"};
  if (const JsonValue* given = c.find("paths")) {
    paths.clear();
    for (const JsonValue& path : *given->as_array()) paths.push_back(*path.as_string());
  }
  const char* const key = form == "protobuf" ? "snappy_block_b64" : "body_b64";
  const std::string body =
      c.find(key) != nullptr ? *codec::base64_decode(text_of(c, key)) : text_of(c, "body");
  const JsonValue* status = c.find("status");
  for (const std::string& path : paths) {
    api.out.clear();
    const auto answer = api.send(path, headers_of(c), body);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, status != nullptr ? *status->as_integer() : 204) << answer->body;
    if (const JsonValue* error = c.find("error")) {
      EXPECT_THAT(answer->body, HasSubstr(*error->as_string()));
    }
    std::vector<std::string> wanted;
    if (const JsonValue* lines = c.find("lines")) {
      for (const JsonValue& line : *lines->as_array()) wanted.push_back(*line.as_string());
    } else if (const JsonValue* decoded = c.find("decoded"); !decoded->is_null()) {
      for (const JsonValue& stream : *decoded->find("streams")->as_array()) {
        for (const JsonValue& entry : *stream.find("entries")->as_array())
          wanted.push_back(text_of(entry, "line"));
      }
    }
    EXPECT_EQ(api.out.lines(), wanted);
  }
}

const bool kServerCases = test::register_corpus(
    "LokiSourceApiCorpus", "components/loki_push/behaviour.jsonl", run_server,
    [](const JsonValue& c) { return c.find("kind") != nullptr && text_of(c, "kind") == "server"; });
const bool kPayloadCases = test::register_corpus(
    "LokiSourceApiCorpus", "components/loki_push/payloads.jsonl", run_payload);

}  // namespace
}  // namespace weir::loki
