// SPDX-License-Identifier: Apache-2.0
#include "base/net/http_server.h"

#include "base/net/http_client.h"
#include "tests/support/certificates.h"
#include "tests/support/raw_client.h"

#include <gtest/gtest.h>

#include <future>

namespace weir::net {
namespace {

using test::RawClient;

class HttpServerTest : public testing::Test {
 protected:
  std::unique_ptr<HttpServer> serve(Handler handler, const HttpServerConfig& config = {}) {
    auto server = HttpServer::listen(pool_, config, std::move(handler));
    EXPECT_TRUE(server);
    return std::move(*server);
  }
  static void echo(ServerRequest request, Responder responder) {
    responder.send(
        {200,
         format("{} {} {} {}", request.method, request.path, request.parameter("q"), request.body),
         "text/plain",
         {{"X-Test", "1"}}});
  }
  exec::Pool pool_{2};
};

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  const auto server = serve(&echo);
  const RawClient client(server->port());
  client.say(
      "GET /a%20b?q=x%2By HTTP/1.1\r\nHost: h\r\n\r\nPOST /c HTTP/1.1\r\nHost: h\r\nConnection: "
      "close\r\nContent-Length: 3\r\n\r\nabc");
  const std::string text = client.hear();
  const std::size_t first = text.find("GET /a b x+y ");
  const std::size_t second = text.find("POST /c  abc");
  EXPECT_NE(first, std::string::npos) << text;
  EXPECT_NE(second, std::string::npos) << text;
  EXPECT_LT(first, second);
  EXPECT_NE(text.find("X-Test: 1"), std::string::npos);
}

TEST_F(HttpServerTest, RefusesWhatItCannotRead) {
  HttpServerConfig config;
  config.max_body_bytes = 10;
  const auto server = serve(&echo, config);
  const struct {
    std::string request, status;
  } kCases[] = {
      {"\x01\x02\x03 garbage\r\n\r\n", "400"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", "413"},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" +
           std::string(255, 'x') + "\r\n0\r\n\r\n",
       "413"},
      {"GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n", "431"},
  };
  for (const auto& c : kCases) {
    const RawClient client(server->port());
    client.say(c.request);
    EXPECT_EQ(client.hear().substr(9, 3), c.status) << c.request.substr(0, 40);
  }
}

TEST_F(HttpServerTest, TellsWhoSpeaksPlainHttpToTls) {
  const test::Authority authority;
  const auto issued = authority.issue("localhost");
  ServerTls tls;
  tls.cert_pem = issued.cert_pem;
  tls.key_pem = issued.key_pem;
  const auto server = HttpServer::listen(pool_, {}, tls, &echo);
  ASSERT_TRUE(server);
  const struct {
    std::string says, hears;
  } kCases[] = {
      {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 400 "},
      {"GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\n", "to an HTTPS server.\n"},
      {"what is this\r\n\r\n", "HTTP/1.1 400 "},
      {std::string("\x16\x03\x01 no hello of TLS at all"), ""},
  };
  for (const auto& row : kCases) {
    const RawClient client((*server)->port());
    client.say(row.says);
    const std::string heard = client.hear();
    EXPECT_NE(heard.find(row.hears), std::string::npos) << row.says << heard;
    EXPECT_EQ(heard.find(" 200 "), std::string::npos) << heard;
  }
  HttpRequest request;
  request.url = format("https://127.0.0.1:{}/", (*server)->port());
  HttpClientConfig config;
  config.tls.ca_pem = authority.cert_pem();
  const auto answer = HttpClient(config).fetch(std::move(request));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
}

TEST_F(HttpServerTest, SaysWhichFileIsNoGoodAndWhy) {
  const test::Authority authority;
  const test::Authority stranger;
  const auto mine = authority.issue("localhost");
  const auto other = stranger.issue("localhost");
  const std::string rubbish = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const struct {
    std::string cert, key, ca, says;
  } kCases[] = {
      {mine.cert_pem, mine.key_pem, "", ""},
      {"", mine.key_pem, "", "c.pem: not PEM, or cut off"},
      {"no certificate", mine.key_pem, "", "c.pem: not PEM, or cut off"},
      {mine.cert_pem.substr(0, 200), mine.key_pem, "", "c.pem: not PEM, or cut off"},
      {mine.key_pem, mine.key_pem, "", "c.pem: has no CERTIFICATE, but PRIVATE KEY"},
      {rubbish, mine.key_pem, "", "c.pem: the certificate is damaged: "},
      {mine.cert_pem, "", "", "k.pem: not PEM, or cut off"},
      {mine.cert_pem, mine.cert_pem, "", "k.pem: has no PRIVATE KEY, but CERTIFICATE"},
      {mine.cert_pem, other.key_pem, "",
       "k.pem: the key does not belong to the certificate of c.pem"},
      {mine.cert_pem,
       "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "",
       "k.pem: the key is encrypted"},
      {mine.cert_pem, mine.key_pem, "nothing", "a.pem: not PEM, or cut off"},
      {mine.cert_pem, mine.key_pem, rubbish, "a.pem: a certificate is damaged: "},
      {mine.cert_pem, mine.key_pem, authority.cert_pem(), ""},
  };
  for (const auto& row : kCases) {
    ServerTls tls;
    tls.cert_pem = row.cert;
    tls.key_pem = row.key;
    tls.client_ca_pem = row.ca;
    tls.cert_name = "c.pem";
    tls.key_name = "k.pem";
    tls.client_ca_name = "a.pem";
    const Status checked = check(tls);
    const std::string told = checked ? "" : checked.error().message;
    EXPECT_EQ(told.substr(0, row.says.size()), row.says);
    EXPECT_EQ(told.empty(), row.says.empty()) << told;
  }
}

TEST_F(HttpServerTest, LetsClientsGoOnWithLargeBodies) {
  const auto server = serve(&echo);
  const RawClient client(server->port());
  client.say(
      "POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: "
      "2\r\n\r\n");
  EXPECT_EQ(client.hear_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.say("ok");
  EXPECT_NE(client.hear().find("POST /x  ok"), std::string::npos);
}

TEST_F(HttpServerTest, AForgottenRequestIsUnavailable) {
  const auto server = serve([](const ServerRequest&, const Responder&) {});
  const RawClient client(server->port());
  client.say("GET / HTTP/1.0\r\n\r\n");
  EXPECT_NE(client.hear().find(" 503 "), std::string::npos);
}

TEST_F(HttpServerTest, AnswersFromAnotherThreadWhileStopping) {
  std::promise<Responder> asked;
  auto server = serve(
      [&](const ServerRequest&, Responder responder) { asked.set_value(std::move(responder)); });
  const std::uint16_t port = server->port();
  const RawClient client(port);
  client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  Responder responder = asked.get_future().get();
  const auto stopping =
      std::async(std::launch::async, [&] { server->stop(std::chrono::seconds(20)); });
  responder.send({200, "late", "text/plain", {}});
  EXPECT_NE(client.hear().find("late"), std::string::npos);
  stopping.wait();
  EXPECT_FALSE(RawClient(port).connected());
}

TEST_F(HttpServerTest, StopsAtItsDeadline) {
  std::promise<Responder> asked;
  auto server = serve(
      [&](const ServerRequest&, Responder responder) { asked.set_value(std::move(responder)); });
  const RawClient client(server->port());
  client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const Responder never = asked.get_future().get();
  server->stop(std::chrono::milliseconds(20));
  EXPECT_EQ(client.hear(), "");
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  const auto server = serve(&echo);
  HttpServerConfig taken;
  taken.port = server->port();
  const auto second = HttpServer::listen(pool_, taken, &echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kUnavailable);
}

TEST_F(HttpServerTest, ClosesWhatIsTooSlowOrTooMany) {
  HttpServerConfig config;
  config.header_timeout = std::chrono::milliseconds(50);
  config.max_connections = 1;
  const auto server = serve(&echo, config);
  const RawClient slow(server->port());
  slow.say("GET / HT");
  const RawClient second(server->port());
  EXPECT_EQ(second.hear(), "");
  EXPECT_EQ(slow.hear(), "");
}

}  // namespace
}  // namespace weir::net
