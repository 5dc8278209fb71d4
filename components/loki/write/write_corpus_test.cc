// SPDX-License-Identifier: Apache-2.0
// The corpus' client cases, run against a Loki of our own.

#include "tests/support/component_fixture.h"
#include "tests/support/corpus.h"
#include "tests/support/fake_loki.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace weir::loki {
namespace {

using codec::JsonValue;
using test::FakeLoki;
using test::text_of;

/// The settings of a case as the body of an endpoint.
std::string settings(const JsonValue& endpoint) {
  std::string out;
  std::string queue;
  for (const auto& [key, value] : *endpoint.as_object()) {
    std::string text = value.as_string() != nullptr ? format("\"{}\"", *value.as_string())
                       : value.as_bool() != nullptr ? (*value.as_bool() ? "true" : "false")
                                                    : format("{}", *value.as_integer());
    if (key == "batch_size_bytes") {
      out += format("batch_size = \"{}B\"\n", *value.as_integer());
    } else if (key == "block_on_overflow") {
      queue += format("{} = {}\n", key, text);
    } else if (key != "max_streams") {
      out += format("{} = {}\n", key, text);
    }
  }
  return out + format("queue_config {{\n{}}}\n", queue);
}

std::vector<test::LogRecord> read_records(const JsonValue& inputs) {
  std::vector<test::LogRecord> out;
  for (const JsonValue& input : *inputs.as_array()) {
    test::LogRecord& record = out.emplace_back();
    record.line = text_of(input, "line");
    record.time = *parse_rfc3339(text_of(input, "timestamp"));
    if (const JsonValue* labels = input.find("labels")) {
      for (const auto& [name, value] : *labels->as_object())
        record.labels[name] = *value.as_string();
    }
  }
  return out;
}

/// A request as one comparable text.
std::string print_request(
    const std::string& tenant,
    std::vector<std::pair<std::string, std::vector<test::LogRecord>>> streams) {
  std::string out = "tenant " + tenant;
  std::sort(streams.begin(), streams.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [selector, entries] : streams) {
    out += " " + selector;
    for (const test::LogRecord& entry : entries) out += format(" {}:{}", entry.time.ns, entry.line);
  }
  return out;
}

std::multiset<std::string> expected_requests(const JsonValue& requests) {
  std::multiset<std::string> out;
  for (const JsonValue& request : *requests.as_array()) {
    std::vector<std::pair<std::string, std::vector<test::LogRecord>>> streams;
    for (const JsonValue& stream : *request.find("streams")->as_array()) {
      streams.emplace_back(text_of(stream, "labels"), read_records(*stream.find("entries")));
    }
    out.insert(print_request(text_of(request, "tenant"), streams));
  }
  return out;
}

std::multiset<std::string> received_requests(const FakeLoki& loki) {
  std::multiset<std::string> out;
  for (const FakeLoki::Push& push : loki.pushes()) {
    std::vector<std::pair<std::string, std::vector<test::LogRecord>>> streams;
    for (const FakeLoki::Stream& stream : push.streams)
      streams.emplace_back(stream.selector, stream.entries);
    out.insert(print_request(push.tenant, streams));
  }
  return out;
}

void expect_metrics(std::string expected, const test::TestComponent& write, const FakeLoki& loki) {
  const std::string host = format("127.0.0.1:{}", loki.port());
  for (std::size_t at; (at = expected.find("__HOST__")) != std::string::npos;)
    expected.replace(at, 8, host);
  for (std::string_view rest = expected; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty() || line.front() == '#') continue;
    std::string series(line.substr(0, line.find(' ')));
    series.insert(series.find('{') + 1, "component_id=\"loki.write.test\",");
    EXPECT_THAT(write.metrics_text(), testing::HasSubstr("\n" + series + " "));
    EXPECT_EQ(write.metric(series), std::stod(std::string(line.substr(line.find(' '))))) << series;
  }
}

void run_client(const JsonValue& c) {
  FakeLoki loki;
  loki.answer(static_cast<int>(*c.find("server_status")->as_integer()));
  const auto write = test::make_component(
      component("loki.write"), format("endpoint {{\nurl = \"{}\"\n{}}}\nmax_streams = {}\n",
                                      loki.url(), settings(*c.find("endpoint")),
                                      *c.find("endpoint")->find("max_streams")->as_integer()));
  ASSERT_NE(write, nullptr);
  test::Outcomes outcomes;
  const std::vector<test::LogRecord> inputs = read_records(*c.find("inputs"));
  const bool one_by_one =
      !c.find("input_delay")->is_null();  // each waits for the push of the one before
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    write->logs()->consume(test::log_batch({inputs[i]}, outcomes.receipt()));
    if (one_by_one) {
      ASSERT_TRUE(test::soon([&] { return outcomes.all().size() == i + 1; }));
    }
  }
  ASSERT_TRUE(test::soon([&] { return outcomes.all().size() == inputs.size(); }));
  EXPECT_EQ(received_requests(loki), expected_requests(*c.find("expected_requests")));
  expect_metrics(text_of(c, "expected_metrics"), *write, loki);
}

void run_status(const JsonValue& c) {
  FakeLoki loki;
  std::deque<net::ServerResponse> answers;
  if (const JsonValue* statuses = c.find("statuses")) {
    for (const JsonValue& status : *statuses->as_array()) {
      answers.push_back({static_cast<int>(*status.as_integer()), "", "text/plain", {}});
    }
  } else {
    answers.push_back({static_cast<int>(*c.find("status")->as_integer()), "", "text/plain", {}});
  }
  const std::string action = text_of(c, "action");
  const bool reachable = answers.front().status > 0;
  const std::size_t attempts = std::max<std::size_t>(answers.size(), 2);
  if (reachable) loki.answer(answers);
  const auto write = test::make_component(
      component("loki.write"),
      format("endpoint {{\nurl = \"{}\"\nbatch_wait = \"1ms\"\nmin_backoff_period = "
             "\"1ms\"\nmax_backoff_period = \"2ms\"\n"
             "max_backoff_retries = {}\nretry_on_http_429 = {}\n}}",
             reachable ? loki.url() : "http://127.0.0.1:1/", attempts,
             *c.find("retry_on_http_429")->as_bool()));
  ASSERT_NE(write, nullptr);
  test::Outcomes outcomes;
  write->logs()->consume(test::log_batch({{.line = "x"}}, outcomes.receipt()));
  ASSERT_TRUE(test::soon([&] { return outcomes.all().size() == 1; }));
  EXPECT_EQ(outcomes.all()[0].verdict, action == "ok" ? Verdict::kDelivered : Verdict::kRejected);
  const bool retries = action == "retry" || answers.size() > 1;
  if (reachable) {
    EXPECT_EQ(loki.count(), retries ? attempts : 1);
  }
  if (c.find("drop_reason")->is_null()) return;
  const std::string host = reachable ? format("127.0.0.1:{}", loki.port()) : "127.0.0.1:1";
  EXPECT_EQ(write->metric(format("loki_write_dropped_entries_total{{component_id=\"loki.write."
                                 "test\",host=\"{}\",reason=\"{}\",tenant=\"\"}}",
                                 host, text_of(c, "drop_reason"))),
            1)
      << write->metrics_text();
}

bool is_client(const JsonValue& c) {
  return c.find("kind") == nullptr;
}

const bool kClientCases = test::register_corpus(
    "LokiWriteCorpus", "components/loki_push/behaviour.jsonl", run_client, is_client);
const bool kStatusCases =
    test::register_corpus("LokiWriteCorpus", "components/loki_push/status_rules.jsonl", run_status);

/// Arguments of the components of this folder's family that decode, or do not.
const bool kConfigCases = test::register_corpus(
    "LokiConfigCorpus", "components/config/cases.jsonl",
    [](const JsonValue& c) {
      const auto decoded =
          test::decode_args(component(text_of(c, "component")), text_of(c, "config"));
      if (c.find("error")->is_null()) {
        EXPECT_EQ(decoded.errors, "");
      } else {
        EXPECT_NE(decoded.errors, "");
        EXPECT_THAT(decoded.errors, testing::HasSubstr(text_of(c, "error")));
      }
    },
    [](const JsonValue& c) {
      const std::string name = text_of(c, "component");
      return name == "loki.write" || name == "loki.source.api" || name == "loki.echo";
    });

}  // namespace
}  // namespace weir::loki
