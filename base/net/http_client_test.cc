// SPDX-License-Identifier: Apache-2.0
#include "base/net/http_client.h"

#include "base/net/http_server.h"
#include "tests/support/certificates.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>

namespace weir::net {
namespace {

using namespace std::chrono_literals;

class HttpClientTest : public testing::Test {
 protected:
  std::unique_ptr<HttpServer> serve(Handler handler) {
    return std::move(*HttpServer::listen(pool_, {}, std::move(handler)));
  }
  std::unique_ptr<HttpServer> serve(const ServerTls& tls, Handler handler) {
    return std::move(*HttpServer::listen(pool_, {}, tls, std::move(handler)));
  }
  /// Says what it was asked with.
  static void echo(ServerRequest request, Responder responder) {
    responder.send({200,
                    format("{} {} [{}] {}", request.method, request.path,
                           request.header("Authorization"), request.body),
                    "text/plain",
                    {}});
  }
  static HttpRequest get(const HttpServer& server, const std::string& path = "/",
                         const std::string& scheme = "http") {
    HttpRequest request;
    request.url = format("{}://127.0.0.1:{}{}", scheme, server.port(), path);
    request.timeout = 5s;
    return request;
  }
  static std::string body_of(const Result<HttpResponse>& response) {
    return response ? response->body : "error: " + response.error().message;
  }

  exec::Pool pool_{2};
};

TEST_F(HttpClientTest, SendsMethodHeadersAndBody) {
  const auto server = serve(&echo);
  HttpClientConfig config;
  config.headers = {{"Authorization", "from-headers"}};
  HttpRequest request = get(*server, "/push");
  request.method = "PUT";
  request.body = std::make_shared<const std::string>(2'000'000, 'x');
  const auto response = HttpClient(config).fetch(request);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->header("content-TYPE"), "text/plain");
  EXPECT_EQ(response->body, "PUT /push [from-headers] " + *request.body);
}

TEST_F(HttpClientTest, ProvesItself) {
  const auto server = serve(&echo);
  const test::TempDir dir;
  test::write_file(dir / "token", "first\n");
  HttpClientConfig basic;
  basic.basic = BasicAuth{"user", {"pass", ""}};
  EXPECT_EQ(body_of(HttpClient(basic).fetch(get(*server))), "GET / [Basic dXNlcjpwYXNz] ");
  HttpClientConfig bearer;
  bearer.authorization = HeaderAuth{"Bearer", {"", dir / "token"}};
  HttpClient client(bearer);
  EXPECT_EQ(body_of(client.fetch(get(*server))), "GET / [Bearer first] ");
  test::write_file(dir / "token", "second");
  EXPECT_EQ(body_of(client.fetch(get(*server))), "GET / [Bearer second] ");
  bearer.authorization->credentials.file = dir / "none";
  const auto missing = HttpClient(bearer).fetch(get(*server));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
}

TEST_F(HttpClientTest, AClientMayGoWhileItsAnswerIsOnItsWay) {
  const auto server = serve(&echo);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(HttpClient({}).fetch(get(*server)));
  for (int i = 0; i < 100; ++i) {
    std::promise<int> status;
    HttpCall call = HttpClient({}).send(get(*server), pool_.strand(), [&](const auto& response) {
      status.set_value(response ? response->status : 0);
    });
    EXPECT_EQ(status.get_future().get(), 200);
  }
}

TEST_F(HttpClientTest, FetchesOneTokenForMany) {
  const auto server = serve(&echo);
  std::atomic<int> tokens = 0;
  const auto issuer = serve([&](ServerRequest request, Responder responder) {
    EXPECT_EQ(request.body, "grant_type=client_credentials&scope=a+b&audience=x");
    EXPECT_EQ(request.header("Authorization"), "Basic aWQ6c2VjcmV0");
    responder.send({200,
                    format(R"({{"access_token":"t{}","expires_in":3600}})", ++tokens),
                    "application/json",
                    {}});
  });
  HttpClientConfig config;
  config.oauth2 =
      OAuth2{"id", {"secret", ""}, {"a", "b"}, get(*issuer).url, {{"audience", "x"}}, {}, {}};
  HttpClient client(config);
  EXPECT_EQ(body_of(client.fetch(get(*server))), "GET / [Bearer t1] ");
  EXPECT_EQ(body_of(client.fetch(get(*server))), "GET / [Bearer t1] ");
  EXPECT_EQ(tokens, 1);
}

TEST_F(HttpClientTest, CredentialsDoNotFollowToAnotherHost) {
  const auto server = serve(&echo);
  const auto redirecting = serve([&](ServerRequest, Responder responder) {
    responder.send({302,
                    "",
                    "text/plain",
                    {{"Location", format("http://localhost:{}/there", server->port())}}});
  });
  HttpClientConfig config;
  config.basic = BasicAuth{"user", {"pass", ""}};
  EXPECT_EQ(body_of(HttpClient(config).fetch(get(*redirecting))), "GET /there [] ");
  config.basic.reset();
  config.headers = {{"Authorization", "secret"}, {"X-Key", "secret"}};
  EXPECT_EQ(body_of(HttpClient(config).fetch(get(*redirecting))), "GET /there [] ");
  config.follow_redirects = false;
  EXPECT_EQ(HttpClient(config).fetch(get(*redirecting))->status, 302);
}

TEST_F(HttpClientTest, FollowsRedirectsOnTheSameHostWithEverything) {
  const auto server = serve([](ServerRequest request, Responder responder) {
    if (request.path == "/there/end") return echo(std::move(request), std::move(responder));
    const bool loops = request.path == "/loop";
    const std::string to = loops ? "/loop" : request.path == "/303" ? "/there/end" : "there/end?x";
    responder.send({request.path == "/303" ? 303 : 307, "", "", {{"Location", to}}});
  });
  HttpClientConfig config;
  config.basic = BasicAuth{"user", {"pass", ""}};
  HttpRequest request = get(*server, "/307");
  request.method = "POST";
  request.body = std::make_shared<const std::string>("body");
  EXPECT_EQ(body_of(HttpClient(config).fetch(request)),
            "POST /there/end [Basic dXNlcjpwYXNz] body");
  request.url = get(*server, "/303").url;
  EXPECT_EQ(body_of(HttpClient(config).fetch(request)), "GET /there/end [Basic dXNlcjpwYXNz] ");
  const auto loop = HttpClient(config).fetch(get(*server, "/loop"));
  ASSERT_FALSE(loop);
  EXPECT_EQ(loop.error().message, "more than 10 redirects");
}

TEST_F(HttpClientTest, BoundsWhatItTakes) {
  const auto server = serve(&echo);
  HttpRequest request = get(*server);
  request.max_response_bytes = 5;
  const auto large = HttpClient({}).fetch(request);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Code::kUnavailable);
  std::vector<Responder> kept;
  const auto silent =
      serve([&](ServerRequest, Responder responder) { kept.push_back(std::move(responder)); });
  request = get(*silent);
  request.timeout = 30ms;
  const auto late = HttpClient({}).fetch(request);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::kUnavailable);
}

TEST_F(HttpClientTest, SaysWhenNobodyIsThere) {
  auto server = serve(&echo);
  const HttpRequest request = get(*server);
  server.reset();
  const auto refused = HttpClient({}).fetch(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  HttpRequest wrong;
  wrong.url = "file:///etc/passwd";
  EXPECT_EQ(HttpClient({}).fetch(wrong).error().code, Code::kInvalid);
  wrong = get(*serve(&echo));
  wrong.headers = {{"X", "a\r\nY: b"}};
  EXPECT_EQ(HttpClient({}).fetch(wrong).error().code, Code::kInvalid);
}

TEST_F(HttpClientTest, ACancelledCallDoesNotAnswer) {
  std::promise<void> asked;
  std::vector<Responder> kept;
  const auto server = serve([&](ServerRequest, Responder responder) {
    kept.push_back(std::move(responder));
    asked.set_value();
  });
  HttpClient client({});
  const exec::Strand strand = pool_.strand();
  std::atomic<bool> answered = false;
  HttpCall call =
      client.send(get(*server), strand, [&](const Result<HttpResponse>&) { answered = true; });
  asked.get_future().wait();
  std::promise<void> cancelled;
  strand.post([&] {
    call.cancel();
    cancelled.set_value();
  });
  cancelled.get_future().wait();
  kept.clear();
  EXPECT_TRUE(HttpClient({}).fetch(get(*serve(&echo))));  // the engine has gone round since
  EXPECT_FALSE(answered);
}

TEST_F(HttpClientTest, VerifiesTheServerAndShowsItself) {
  const test::Authority authority;
  const test::Authority stranger;
  const test::Certificate server_cert = authority.issue("weir.test");
  const test::Certificate client_cert = authority.issue("client");
  ServerTls tls;
  tls.cert_pem = server_cert.cert_pem;
  tls.key_pem = server_cert.key_pem;
  tls.client_ca_pem = authority.cert_pem();
  tls.client_auth = ServerTls::ClientAuth::kRequireAndVerify;
  const auto server = serve(tls, &echo);
  HttpClientConfig config;
  config.tls.ca_pem = authority.cert_pem();
  EXPECT_FALSE(HttpClient(config).fetch(get(*server, "/", "https")));  // shows no certificate
  config.tls.cert_pem = client_cert.cert_pem;
  config.tls.key_pem = client_cert.key_pem;
  EXPECT_EQ(body_of(HttpClient(config).fetch(get(*server, "/", "https"))), "GET / [] ");
  config.tls.server_name = "weir.test";
  EXPECT_EQ(body_of(HttpClient(config).fetch(get(*server, "/", "https"))), "GET / [] ");
  config.tls.server_name = "other.test";
  EXPECT_FALSE(HttpClient(config).fetch(get(*server, "/", "https")));
  config.tls.server_name.clear();
  config.tls.ca_pem = stranger.cert_pem();
  EXPECT_EQ(HttpClient(config).fetch(get(*server, "/", "https")).error().code, Code::kUnavailable);
  config.tls.insecure_skip_verify = true;
  EXPECT_EQ(body_of(HttpClient(config).fetch(get(*server, "/", "https"))), "GET / [] ");
}

TEST_F(HttpClientTest, GoesThroughAProxy) {
  const auto proxy = serve([](ServerRequest request, Responder responder) {
    responder.send({200, "proxied " + request.path, "text/plain", {}});
  });
  HttpClientConfig config;
  config.proxy.url = format("http://127.0.0.1:{}", proxy->port());
  HttpRequest request;
  request.url = "http://weir.invalid/x";
  EXPECT_EQ(body_of(HttpClient(config).fetch(request)), "proxied http://weir.invalid/x");
  config.proxy.no_proxy = "weir.invalid";
  EXPECT_FALSE(HttpClient(config).fetch(request));
}

TEST(Url, IsJoined) {
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {"/x", "http://h:81/x"},     {"x?y#z", "http://h:81/a/x?y#z"},
      {"../x", "http://h:81/x"},   {"//o/x", "http://o/x"},
      {"https://o", "https://o/"}, {"?q=a b", "http://h:81/a/b?q=a+b"}};
  for (const auto& [reference, want] : kCases) {
    const auto joined = join_url("http://h:81/a/b?c", reference);
    ASSERT_TRUE(joined) << reference;
    EXPECT_EQ(*joined, want) << reference;
  }
  EXPECT_FALSE(join_url("http://h", "nonsense://x"));
}

TEST(Url, IsTakenApart) {
  const struct {
    std::string_view text, host, path;
    int port;
  } kCases[] = {{"http://h", "h", "/", 80},
                {"HTTPS://h/a?b#c", "h", "/a?b", 443},
                {"http://u:p@h:81/x", "h", "/x", 81},
                {"http://[::1]:82", "::1", "/", 82},
                {"http://h?q", "h", "/?q", 80}};
  for (const auto& c : kCases) {
    const auto url = parse_url(c.text);
    ASSERT_TRUE(url) << c.text;
    EXPECT_EQ(url->host, c.host);
    EXPECT_EQ(url->path, c.path);
    EXPECT_EQ(url->port, c.port);
  }
  for (const std::string_view wrong :
       {"", "h:80", "ftp://h", "http://", "http://h:x", "http://h:70000", "http://h:0",
        "http://a b", "http://[::1"}) {
    EXPECT_FALSE(parse_url(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace weir::net
