// SPDX-License-Identifier: Apache-2.0
#include "base/net/tcp_listener.h"
#include "base/version.h"
#include "tests/support/certificates.h"
#include "tests/support/component_fixture.h"
#include "tests/support/fake_loki.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

namespace weir::loki {
namespace {

using test::FakeLoki;
using test::LogRecord;
using test::make_component;
using test::Outcomes;
using test::soon;
using test::TestComponent;
using testing::ElementsAre;
using testing::HasSubstr;

/// An endpoint that hurries.
std::string endpoint(const std::string& url, const std::string& more = {}) {
  return format(
      "endpoint {{\n url = \"{}\"\n batch_wait = \"5ms\"\n min_backoff_period = \"1ms\"\n "
      "max_backoff_period = \"5ms\"\n{}\n}}\n",
      url, more);
}

std::vector<LogRecord> numbered(int first, int count,
                                std::map<std::string, std::string> labels = {{"app", "a"}}) {
  std::vector<LogRecord> out;
  for (int i = first; i < first + count; ++i)
    out.push_back({Time{i}, labels, format("line {}", i), {}});
  return out;
}

std::string tenant_series(const TestComponent& write, std::string_view name, const FakeLoki& loki,
                          std::string_view more = {}) {
  (void)write;
  return format("{}{{component_id=\"loki.write.test\",host=\"127.0.0.1:{}\",{}tenant=\"\"}}", name,
                loki.port(), more);
}

TEST(LokiWrite, PushesAndSettles) {
  FakeLoki loki;
  const auto write =
      make_component(component("loki.write"),
                     endpoint(loki.url()) + "external_labels = { cluster = \"c\", app = \"no\" }");
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  write->logs()->consume(
      test::log_batch({{Time{5}, {{"app", "a"}, {"__hidden", "h"}}, "one", {{"k", "v"}}},
                       {Time{6}, {{"app", "b"}}, "two", {}},
                       {Time{7}, {{"app", "a"}}, "three", {}}},
                      outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }));
  ASSERT_EQ(loki.count(), 1U);
  const FakeLoki::Push push = loki.pushes()[0];
  ASSERT_EQ(push.streams.size(), 2U);
  EXPECT_EQ(push.streams[0].selector, R"({app="a", cluster="c"})");
  EXPECT_EQ(push.streams[1].selector, R"({app="b", cluster="c"})");
  EXPECT_THAT(push.lines(), ElementsAre("one", "three", "two"));
  EXPECT_THAT(push.streams[0].entries[0].metadata,
              ElementsAre(std::pair<std::string, std::string>("k", "v")));
  EXPECT_EQ(push.request.header("Content-Type"), "application/x-protobuf");
  EXPECT_EQ(push.request.header("Content-Encoding"), "snappy");
  EXPECT_EQ(push.request.header("X-Scope-OrgID"), "");
  EXPECT_EQ(push.request.header("User-Agent"), format("Weir/{}", kVersion));
  EXPECT_EQ(write->health().first, graph::Health::kHealthy);
  EXPECT_EQ(write->metric(tenant_series(*write, "loki_write_sent_entries_total", loki)), 3);
  EXPECT_GT(write->metric(tenant_series(*write, "loki_write_sent_bytes_total", loki)), 0);
  EXPECT_EQ(write->metric(
                tenant_series(*write, "loki_write_entry_propagation_latency_seconds_count", loki)),
            1);
  EXPECT_EQ(write->metric(tenant_series(*write, "loki_write_request_duration_seconds_count", loki,
                                        "status_code=\"204\",")),
            1);
}

TEST(LokiWrite, SendsHeadersButKeepsItsOwn) {
  FakeLoki loki;
  const auto write =
      make_component(component("loki.write"),
                     endpoint(loki.url(),
                              "tenant_id = \"t1\"\nheaders = { \"X-Extra\" = \"1\", "
                              "\"content-type\" = \"text/plain\" }\n"
                              "http_headers = { \"X-Secret\" = [\"s\"] }\nbearer_token = \"tok\""));
  ASSERT_NE(write, nullptr);
  write->logs()->consume(test::log_batch(numbered(0, 1)));
  ASSERT_TRUE(soon([&] { return loki.count() == 1; }));
  const net::ServerRequest request = loki.pushes()[0].request;
  EXPECT_EQ(request.header("X-Extra"), "1");
  EXPECT_EQ(request.header("X-Secret"), "s");
  EXPECT_EQ(request.header("Content-Type"), "application/x-protobuf");
  EXPECT_EQ(request.header("X-Scope-OrgID"), "t1");
  EXPECT_EQ(request.header("Authorization"), "Bearer tok");
}

TEST(LokiWrite, AuthenticatesAndSpeaksTls) {
  const test::Authority authority;
  const test::Certificate server = authority.issue("loki.test"),
                          client = authority.issue("weir.test");
  const test::TempDir folder;
  test::write_file(folder / "ca.pem", authority.cert_pem());
  test::write_file(folder / "cert.pem", client.cert_pem);
  test::write_file(folder / "key.pem", client.key_pem);
  test::write_file(folder / "password", "secret\n");
  net::ServerTls tls;
  tls.cert_pem = server.cert_pem;
  tls.key_pem = server.key_pem;
  tls.client_ca_pem = authority.cert_pem();
  tls.client_auth = net::ServerTls::ClientAuth::kRequireAndVerify;
  FakeLoki loki(tls);
  const auto write = make_component(
      component("loki.write"),
      endpoint(
          format("https://127.0.0.1:{}/loki/api/v1/push", loki.port()),
          format("basic_auth {{\n username = \"u\"\n password_file = \"{}\"\n}}\ntls_config {{\n "
                 "ca_file = \"{}\"\n "
                 "cert_file = \"{}\"\n key_file = \"{}\"\n server_name = \"loki.test\"\n}}",
                 folder / "password", folder / "ca.pem", folder / "cert.pem", folder / "key.pem")));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }))
      << write->health().second;
  EXPECT_EQ(loki.pushes()[0].request.header("Authorization"), "Basic dTpzZWNyZXQ=");
}

TEST(LokiWrite, WaitsWhileItsCertificatesCannotBeRead) {
  const test::Authority authority;
  const test::Certificate server = authority.issue("127.0.0.1");
  const test::TempDir folder;
  net::ServerTls tls;
  tls.cert_pem = server.cert_pem;
  tls.key_pem = server.key_pem;
  FakeLoki loki(tls);
  const auto write = make_component(
      component("loki.write"),
      endpoint(format("https://127.0.0.1:{}/loki/api/v1/push", loki.port()),
               format("max_backoff_retries = 2\ntls_config {{\n ca_file = \"{}\"\n}}",
                      folder / "ca.pem")));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  const std::string retries = format(
      "loki_write_batch_retries_total{{component_id=\"loki.write.test\",host=\"127.0.0.1:{}\","
      "tenant=\"\"}}",
      loki.port());
  ASSERT_TRUE(soon([&] { return write->metric(retries) > 5; }));
  EXPECT_EQ(write->health().first, graph::Health::kUnhealthy);
  EXPECT_TRUE(outcomes.all().empty()) << "nothing is dropped for it";
  test::write_file(folder / "ca.pem", authority.cert_pem());
  EXPECT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }))
      << write->health().second;
}

TEST(LokiWrite, SaysAtOnceWhyAnEndpointCannotBeUsed) {
  struct Case {
    std::string endpoint;
    std::string why;
  };
  const std::string url = "url = \"http://127.0.0.1:1/\"\n";
  for (const Case& c : {
           Case{"url = \"\"", "is not a URL"},
           Case{"url = \"not a url\"", "is not a URL"},
           Case{"url = \"loki:3100/push\"", "is not a URL"},
           Case{"url = \"ftp://loki/push\"", "scheme ftp"},
           Case{"url = \"http://me:hunter2@loki:99999/\"", "http://me:xxxxx@loki"},
           Case{url + "bearer_token_file = \"/nowhere/token\"", "/nowhere/token"},
           Case{url + "basic_auth {\n password_file = \"/nowhere/pw\"\n}", "/nowhere/pw"},
           Case{url + "tls_config {\n ca_file = \"/nowhere/ca\"\n}", "/nowhere/ca"},
           Case{url + "oauth2 {\n client_id = \"a\"\n client_secret = \"b\"\n token_url = "
                      "\"http://t/\"\n tls_config {\n ca_file = \"/nowhere/oauth\"\n}\n}",
                "/nowhere/oauth"},
       }) {
    const auto write = make_component(component("loki.write"), "endpoint {\n" + c.endpoint + "\n}");
    ASSERT_NE(write, nullptr);
    EXPECT_EQ(write->health().first, graph::Health::kUnhealthy) << c.endpoint;
    EXPECT_THAT(write->health().second, HasSubstr(c.why));
    EXPECT_TRUE(write->logged("an endpoint cannot be used"));
    EXPECT_FALSE(write->logged("hunter2"));
    ASSERT_EQ(write->update("endpoint {\n" + url + "}"), "");
    EXPECT_EQ(write->health().first, graph::Health::kHealthy) << "it was taken out";
  }
}

TEST(LokiWrite, TellsOfRefusalsNowAndThen) {
  FakeLoki loki;
  loki.answer(400);
  const auto write = make_component(component("loki.write"), endpoint(loki.url()));
  ASSERT_NE(write, nullptr);
  for (std::size_t i = 1; i <= 5; ++i) {
    write->logs()->consume(test::log_batch(numbered(0, 1)));
    ASSERT_TRUE(soon([&] {
      return write->metric(tenant_series(*write, "loki_write_dropped_entries_total", loki,
                                         "reason=\"ingester_error\",")) == static_cast<double>(i);
    }));
  }
  const auto lines = write->log_lines();
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const std::string& line) {
                            return line.find("push refused") != std::string::npos;
                          }),
            1);
}

/// A token server that takes nothing but what RFC 6749 has for client credentials.
struct StrictTokenServer {
  void serve(const net::ServerRequest& request, net::Responder responder) {
    const bool right =
        request.method == "POST" && request.path == "/token" &&
        request.header("Content-Type") == "application/x-www-form-urlencoded" &&
        request.header("Authorization") == "Basic aWQlM0ExOnMlMjVjcmV0" &&
        request.body == "grant_type=client_credentials&scope=logs%3Awrite+more&audience=loki";
    if (!right) {
      return responder.send({401, request.path + " " + request.body, "text/plain", {}});
    }
    ++tokens;
    responder.send({200,
                    format(R"({{"access_token":"t{}","token_type":"bearer","expires_in":3600}})",
                           tokens.load()),
                    "application/json",
                    {}});
  }
  std::atomic<int> tokens = 0;
  exec::Pool pool{1};
  std::unique_ptr<net::HttpServer> server = *net::HttpServer::listen(
      pool, {}, [this](const net::ServerRequest& request, net::Responder responder) {
        serve(request, std::move(responder));
      });
};

TEST(LokiWrite, FetchesATokenAndUsesItAgain) {
  StrictTokenServer tokens;
  FakeLoki loki;
  const auto oauth2 = [&](std::string_view secret) {
    return endpoint(loki.url(),
                    format("oauth2 {{\n client_id = \"id:1\"\n client_secret = \"{}\"\n "
                           "token_url = \"http://127.0.0.1:{}/token\"\n scopes = "
                           "[\"logs:write\", \"more\"]\n "
                           "endpoint_params = {{ audience = \"loki\" }}\n}}",
                           secret, tokens.server->port()));
  };
  const auto write = make_component(component("loki.write"), oauth2("wrong"));
  ASSERT_NE(write, nullptr);
  write->logs()->consume(test::log_batch(numbered(0, 1)));
  ASSERT_TRUE(soon([&] { return write->health().first == graph::Health::kUnhealthy; }));
  EXPECT_THAT(write->health().second, HasSubstr("token server answered 401"));
  EXPECT_EQ(loki.count(), 0U);
  ASSERT_EQ(write->update(oauth2("s%cret")), "");
  for (std::size_t i = 0; i < 3; ++i) {
    write->logs()->consume(test::log_batch(numbered(static_cast<int>(i), 1)));
    ASSERT_TRUE(soon([&] { return loki.count() == i + 1; })) << write->health().second;
    EXPECT_EQ(loki.pushes()[i].request.header("Authorization"), "Bearer t1");
  }
  EXPECT_EQ(tokens.tokens, 1);
}

TEST(LokiWrite, GoesThroughAProxy) {
  FakeLoki proxy;  // a plain proxy is asked for the whole URL, and here it answers itself
  const auto write =
      make_component(component("loki.write"),
                     endpoint("http://loki.invalid/loki/api/v1/push",
                              format("proxy_url = \"http://127.0.0.1:{}\"", proxy.port())));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }))
      << write->health().second;
  EXPECT_THAT(std::string(proxy.pushes()[0].request.header("Host")), HasSubstr("loki.invalid"));
}

TEST(LokiWrite, IsUnhealthyWhileAnEndpointFails) {
  FakeLoki loki;
  loki.answer({{500, "no disk\nmore", "text/plain", {}},
               {500, "no disk", "text/plain", {}},
               {204, "", "text/plain", {}}});
  const auto write = make_component(component("loki.write"), endpoint(loki.url()));
  ASSERT_NE(write, nullptr);
  loki.hold();
  Outcomes outcomes;
  write->logs()->consume(test::log_batch(numbered(0, 2), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return loki.count() == 1; }));
  EXPECT_EQ(write->health().first, graph::Health::kHealthy);
  loki.release();
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }));
  EXPECT_TRUE(soon([&] { return write->health().first == graph::Health::kHealthy; }));
  EXPECT_EQ(loki.count(), 3U);
  EXPECT_TRUE(write->logged("no disk"));
  EXPECT_EQ(write->metric(tenant_series(*write, "loki_write_batch_retries_total", loki)), 2);
  EXPECT_EQ(write->metric(tenant_series(*write, "loki_write_sent_entries_total", loki)), 2);
  loki.answer(400);
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return write->health().first == graph::Health::kUnhealthy; }));
  EXPECT_THAT(write->health().second, HasSubstr("400"));
}

TEST(LokiWrite, AsksTheReceiptWhatARefusalWas) {
  FakeLoki loki;
  loki.answer({{422, "no labels\nand more", "text/plain", {}}});
  const auto write = make_component(component("loki.write"), endpoint(loki.url()));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return outcomes.all().size() == 1; }));
  EXPECT_EQ(outcomes.all()[0],
            (Outcome{Verdict::kRejected, 422, "server returned HTTP status 422: no labels"}));
}

TEST(LokiWrite, TriesAgainWhatDoesNotArriveAndCountsWhatItGivesUp) {
  const test::Authority authority, other;
  const test::Certificate certificate = authority.issue("127.0.0.1");
  net::ServerTls tls;
  tls.cert_pem = certificate.cert_pem;
  tls.key_pem = certificate.key_pem;
  FakeLoki slow, secure(tls);
  slow.hold();
  exec::Pool pool(1);
  const auto reset = [](int fd) {
    ::shutdown(fd, SHUT_RDWR);
    ::close(fd);
  };
  const auto resets = *net::TcpListener::listen(pool, "127.0.0.1", 0, 0, reset);
  auto gone = *net::TcpListener::listen(pool, "127.0.0.1", 0, 0, reset);
  const std::uint16_t refused = gone->port();
  gone.reset();
  struct Case {
    std::string scheme;
    std::uint16_t port;
    std::string more;
  };
  for (const Case& c : {Case{"http", refused, ""}, Case{"http", resets->port(), ""},
                        Case{"http", slow.port(), "remote_timeout = \"50ms\""},
                        Case{"https", secure.port(), "tls_config {\n ca_pem = ca\n}"}}) {
    const auto write =
        make_component(component("loki.write"),
                       endpoint(format("{}://127.0.0.1:{}/loki/api/v1/push", c.scheme, c.port),
                                "max_backoff_retries = 3\n" + c.more),
                       {{"ca", value::Value(other.cert_pem())}});
    ASSERT_NE(write, nullptr);
    Outcomes outcomes;
    write->logs()->consume(test::log_batch(numbered(0, 2), outcomes.receipt()));
    ASSERT_TRUE(soon([&] { return outcomes.all().size() == 1; })) << c.port;
    EXPECT_EQ(outcomes.all()[0], (Outcome{Verdict::kRejected, 0}));
    const std::string labels =
        format("{{component_id=\"loki.write.test\",host=\"127.0.0.1:{}\",", c.port);
    EXPECT_EQ(write->metric("loki_write_batch_retries_total" + labels + "tenant=\"\"}"), 2);
    EXPECT_EQ(write->metric("loki_write_dropped_entries_total" + labels +
                            "reason=\"ingester_error\",tenant=\"\"}"),
              2);
    EXPECT_TRUE(soon([&] { return write->health().first == graph::Health::kUnhealthy; }));
  }
  slow.release();
}

TEST(LokiWrite, WaitsAsLongAsItIsAskedTo) {
  FakeLoki loki;
  loki.answer({{429, "slow", "text/plain", {{"Retry-After", "1"}}}, {204, "", "text/plain", {}}});
  const auto write = make_component(
      component("loki.write"),
      format("endpoint {{\n url = \"{}\"\n batch_wait = \"1ms\"\n min_backoff_period = \"1ms\"\n}}",
             loki.url()));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  const auto began = std::chrono::steady_clock::now();
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(990));
}

TEST(LokiWrite, OneEndpointDoesNotWaitForAnother) {
  FakeLoki slow, fast;
  slow.hold();
  const auto write =
      make_component(component("loki.write"), endpoint(slow.url()) + endpoint(fast.url()));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  for (int i = 0; i < 5; ++i) {
    write->logs()->consume(test::log_batch(numbered(i, 1), outcomes.receipt()));
    ASSERT_TRUE(soon([&] { return fast.lines().size() == static_cast<std::size_t>(i) + 1; }));
  }
  EXPECT_EQ(outcomes.all().size(), 0U) << "delivered means delivered everywhere";
  slow.release();
  EXPECT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 5; }));
  EXPECT_EQ(slow.lines(), fast.lines());
}

TEST(LokiWrite, ShardsKeepTheOrderOfEachStream) {
  FakeLoki loki;
  const auto write = make_component(
      component("loki.write"),
      endpoint(loki.url(), "batch_size = \"30B\"\nqueue_config {\n min_shards = 4\n}"));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  std::vector<LogRecord> all;
  for (int i = 0; i < 60; ++i)
    all.push_back({Time{i}, {{"s", format("{}", i % 6)}}, format("{}", i), {}});
  write->logs()->consume(test::log_batch(all, outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 1; }));
  std::map<std::string, std::vector<int>> by_stream;
  for (const auto& push : loki.pushes()) {
    for (const auto& stream : push.streams) {
      for (const auto& entry : stream.entries)
        by_stream[stream.selector].push_back(std::stoi(entry.line));
    }
  }
  ASSERT_EQ(by_stream.size(), 6U);
  for (const auto& [selector, lines] : by_stream) {
    EXPECT_EQ(lines.size(), 10U) << selector;
    EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end())) << selector;
  }
}

TEST(LokiWrite, DropsWhatAFullQueueCannotTake) {
  FakeLoki loki;
  loki.hold();
  const auto write = make_component(component("loki.write"),
                                    endpoint(loki.url(),
                                             "batch_size = \"10B\"\nqueue_config {\n capacity = "
                                             "\"30B\"\n block_on_overflow = false\n}"));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  for (int i = 0; i < 9; ++i)
    write->logs()->consume(test::log_batch({{Time{i}, {}, "0123456789", {}}}, outcomes.receipt()));
  EXPECT_EQ(outcomes.count(Verdict::kRejected), 6U);
  EXPECT_EQ(write->metric(tenant_series(*write, "loki_write_dropped_entries_total", loki,
                                        "reason=\"queue_is_full\",")),
            6);
  loki.release();
  EXPECT_TRUE(soon([&] { return outcomes.count(Verdict::kDelivered) == 3; }));
}

TEST(LokiWrite, KeepsEndpointsThatDidNotChange) {
  FakeLoki kept, left, added;
  const std::string waits =
      format("endpoint {{\n url = \"{}\"\n batch_wait = \"1h\"\n}}\n", kept.url());
  const auto write = make_component(component("loki.write"), waits + endpoint(left.url()));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return left.count() == 1; }));
  ASSERT_EQ(write->update(waits + endpoint(added.url())), "");
  write->logs()->consume(test::log_batch(numbered(1, 1), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return added.count() == 1; }));
  EXPECT_EQ(kept.count(), 0U) << "its push still waits";
  EXPECT_EQ(left.count(), 1U);
  write->stop();
  EXPECT_EQ(kept.lines(), (std::vector<std::string>{"line 0", "line 1"})) << "drained at the end";
  EXPECT_EQ(outcomes.count(Verdict::kDelivered), 2U);
}

TEST(LokiWrite, LeavesWhatItCannotSendToItsSources) {
  FakeLoki loki;
  loki.answer(503);
  const auto write =
      make_component(component("loki.write"),
                     format("endpoint {{\n url = \"{}\"\n batch_wait = \"1ms\"\n}}", loki.url()));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return loki.count() == 1; }));
  write->logs()->consume(test::log_batch(numbered(1, 1), outcomes.receipt()));
  const auto began = std::chrono::steady_clock::now();
  write->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5))
      << "it does not wait for a dead destination";
  EXPECT_EQ(outcomes.count(Verdict::kAbandoned), 2U);
}

TEST(LokiWrite, EndsInTimeWhileARequestHangs) {
  FakeLoki loki;
  loki.hold();
  const auto write =
      make_component(component("loki.write"),
                     endpoint(loki.url(), "queue_config {\n drain_timeout = \"20ms\"\n}"));
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  ASSERT_TRUE(soon([&] { return loki.count() == 1; }));
  write->stop();
  EXPECT_EQ(outcomes.count(Verdict::kAbandoned), 1U);
  loki.release();
}

TEST(LokiWrite, WithoutEndpointsEverythingIsWhereItShouldBe) {
  const auto write = make_component(component("loki.write"), "");
  ASSERT_NE(write, nullptr);
  Outcomes outcomes;
  write->logs()->consume(test::log_batch(numbered(0, 1), outcomes.receipt()));
  write->logs()->consume(test::log_batch({}, outcomes.receipt()));
  EXPECT_EQ(outcomes.count(Verdict::kDelivered), 2U);
}

TEST(LokiWrite, ChecksItsArguments) {
  struct Case {
    std::string body;
    std::string error;
  };
  const std::string url = "url = \"http://x\"\n";
  for (const Case& c : {
           Case{"endpoint { }", "url"},
           Case{"endpoint {\n" + url + "bearer_token = \"a\"\nbasic_auth { }\n}",
                "at most one of basic_auth, authorization"},
           Case{"endpoint {\n" + url +
                    "basic_auth {\n password = \"a\"\n password_file = \"b\"\n}\n}",
                "at most one of basic_auth password"},
           Case{"endpoint {\n" + url + "authorization {\n type = \"Basic\"\n}\n}",
                "use \"basic_auth\""},
           Case{"endpoint {\n" + url + "tls_config {\n ca_pem = \"a\"\n ca_file = \"b\"\n}\n}",
                "at most one of ca_pem and ca_file"},
           Case{"endpoint {\n" + url + "tls_config {\n cert_pem = \"a\"\n}\n}",
                "exactly one of key_pem or key_file"},
           Case{"endpoint {\n" + url + "no_proxy = \"a\"\n}", "proxy_url must also be configured"},
           Case{"endpoint {\n" + url + "oauth2 { }\n}", "client_id must be configured"},
           Case{"endpoint {\n" + url + "queue_config {\n min_shards = 0\n}\n}", "min_shards"},
           Case{"endpoint {\n" + url + "}\nendpoint {\n" + url + "}", "do not differ"},
           Case{"endpoint {\n name = \"a\"\n" + url +
                    "}\nendpoint {\n name = \"a\"\n url = \"y\"\n}",
                "two endpoints are named"},
           Case{"wal {\n enabled = true\n}\nendpoint {\n" + url + "}\nendpoint {\n" + url +
                    "batch_wait = \"2s\"\n}",
                "share one place in the write-ahead log"},
           Case{"wal {\n min_read_frequency = \"2s\"\n}", "less than max_read_frequency"},
       }) {
    EXPECT_THAT(test::decode_args(component("loki.write"), c.body).errors, HasSubstr(c.error))
        << c.body;
  }
  EXPECT_EQ(
      test::decode_args(component("loki.write"),
                        "wal { }\nendpoint {\n" + url +
                            "oauth2 {\n client_id = \"a\"\n "
                            "client_secret = \"b\"\n token_url = \"c\"\n tls_config { }\n}\n}")
          .errors,
      "");
}

TEST(LokiWrite, WarnsOfAddressesAndFilesThatShowToBeWrong) {
  struct Case {
    std::string endpoint;
    std::vector<std::string> told;
  };
  const std::string url = "url = \"https://u:p@loki/x\"\n";
  for (const Case& c : {
           Case{url, {}},
           Case{"url = \"\"", {"W1018 \"\" is not a URL: http:// or https:// is needed"}},
           Case{"url = \"loki:3100\"",
                {"W1018 \"loki:3100\" is not a URL: http:// or https:// is needed"}},
           Case{"url = \"ftp://loki/\"",
                {"W1018 \"ftp://loki/\": scheme ftp where http or https is needed"}},
           Case{url + "bearer_token_file = \"/t\"", {"W1014 /t"}},
           Case{
               url + "basic_auth {\n password_file = \"/p\"\n}\ntls_config {\n ca_file = \"/c\"\n}",
               {"W1014 /p", "W1014 /c"}},
       }) {
    std::vector<std::string> told;
    for (const auto& one :
         test::decode_args(component("loki.write"), "endpoint {\n" + c.endpoint + "\n}").lint)
      told.push_back(format("{} {}", text::info(one.code).number, one.message));
    EXPECT_EQ(told, c.told) << c.endpoint;
  }
}

}  // namespace
}  // namespace weir::loki
