// SPDX-License-Identifier: Apache-2.0
// The `http` block of the real program, asked by real clients with real certificates.

#include "tests/support/certificates.h"
#include "tests/support/running_weir.h"

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::RunningWeir;
using testing::HasSubstr;

net::HttpClientConfig as_user(const std::string& name, const std::string& password) {
  net::HttpClientConfig config;
  config.basic = net::BasicAuth{name, {password, ""}};
  return config;
}

std::string auth_block(const std::string& filter) {
  return "http { auth {\n basic {\n username = \"me\"\n password = \"p:w\"\n }\n" + filter +
         "}\n}\n";
}

TEST(HttpBlock, BasicAuthGuardsItsPaths) {
  RunningWeir weir(auth_block("filter { paths = [\"/metrics\", \"/-/re\"] }"));
  EXPECT_EQ(weir.get("/-/healthy").status, 200);
  const auto refused = weir.get("/metrics");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("WWW-Authenticate"), "Basic realm=\"weir\"");
  EXPECT_EQ(weir.get("/%6detrics").status, 401);  // the same path, written otherwise
  EXPECT_EQ(weir.get("/-/reload").status, 401);
  for (const auto& [name, password] :
       {std::pair("me", "p:"), {"me", ""}, {"", ""}, {"me:p", "w "}, {"you", "p:w"}})
    EXPECT_EQ(weir.ask("GET", "/metrics", as_user(name, password)).status, 401)
        << name << "/" << password;
  EXPECT_EQ(weir.ask("GET", "/metrics", as_user("me", "p:w")).status, 200);
  EXPECT_EQ(weir.ask("POST", "/-/reload", as_user("me", "p:w")).status, 200);

  weir.write_config(
      auth_block("filter {\n paths = [\"/-/ready\"]\n authenticate_matching_paths = false\n }"));
  EXPECT_EQ(weir.ask("POST", "/-/reload", as_user("me", "p:w")).status, 200);
  EXPECT_EQ(weir.get("/-/ready").status, 200);
  EXPECT_EQ(weir.get("/-/healthy").status, 401);
  EXPECT_EQ(weir.get("/nothing").status, 401);

  weir.write_config("");  // the block is gone: everything is open
  EXPECT_EQ(weir.ask("POST", "/-/reload", as_user("me", "p:w")).status, 200);
  EXPECT_EQ(weir.get("/metrics").status, 200);

  weir.write_config(auth_block(""));  // without a filter nothing is guarded, as in the field
  EXPECT_EQ(weir.get("/-/reload").status, 200);
  EXPECT_EQ(weir.get("/metrics").status, 200);
}

/// An authority, its certificates as files, and the block that uses them.
struct TlsWorld {
  test::Authority authority;
  test::Authority stranger;
  test::TempDir dir;

  TlsWorld() { write(authority.issue("weir.test")); }
  void write(const test::Certificate& certificate) const {
    test::write_file(dir / "cert.pem", certificate.cert_pem);
    test::write_file(dir / "key.pem", certificate.key_pem);
    test::write_file(dir / "ca.pem", authority.cert_pem());
  }
  [[nodiscard]] std::string block(const std::string& more = "") const {
    return "http { tls {\n cert_file = \"" + dir / "cert.pem" + "\"\n key_file = \"" +
           dir / "key.pem" + "\"\n" + more + "\n} }\n";
  }
  [[nodiscard]] net::HttpClientConfig trusting(const test::Authority& whom) const {
    net::HttpClientConfig config;
    config.tls.ca_pem = whom.cert_pem();
    return config;
  }
  [[nodiscard]] net::HttpClientConfig with_certificate(const test::Authority& issuer) const {
    net::HttpClientConfig config = trusting(authority);
    const test::Certificate certificate = issuer.issue("client");
    config.tls.cert_pem = certificate.cert_pem;
    config.tls.key_pem = certificate.key_pem;
    return config;
  }
  [[nodiscard]] RunningWeir::Options options() const {
    return {.client = trusting(authority), .tls = true};
  }
};

TEST(HttpBlock, SpeaksTls) {
  const TlsWorld world;
  RunningWeir weir(world.block(), world.options());
  EXPECT_EQ(weir.get("/-/ready").status, 200) << weir.log();
  EXPECT_EQ(weir.ask("GET", "/-/ready", world.trusting(world.stranger)).status, 0);
  weir.use_tls(false);
  EXPECT_EQ(weir.get("/-/ready").status, 400);

  weir.use_tls(true);
  const auto wrong = weir.reload(world.block("min_version = \"TLS13\"\n max_version = \"TLS12\""));
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, HasSubstr("min_version"));
  EXPECT_EQ(weir.get("/-/ready").status, 200);

  EXPECT_EQ(weir.reload("").status, 200);  // back to plain
  EXPECT_EQ(weir.get("/-/ready").status, 0);
  weir.use_tls(false);
  EXPECT_EQ(weir.get("/-/ready").status, 200);
}

TEST(HttpBlock, AsksClientsForCertificates) {
  const TlsWorld world;
  const std::string ca = "client_ca_file = \"" + world.dir / "ca.pem" + "\"\n client_auth_type = ";
  const struct {
    const char* type;
    bool nobody, stranger, known;
  } kCases[] = {
      {"NoClientCert", true, true, true},
      {"RequestClientCert", true, true, true},
      {"RequireAnyClientCert", false, true, true},
      {"VerifyClientCertIfGiven", true, false, true},
      {"RequireAndVerifyClientCert", false, false, true},
  };
  for (const auto& c : kCases) {
    RunningWeir::Options options = world.options();
    options.client = world.with_certificate(world.authority);
    RunningWeir weir(world.block(format("{}\"{}\"", ca, c.type)), options);
    const auto let_in = [&](const net::HttpClientConfig& client) {
      return weir.ask("GET", "/-/ready", client).status == 200;
    };
    EXPECT_EQ(let_in(world.trusting(world.authority)), c.nobody) << c.type;
    EXPECT_EQ(let_in(world.with_certificate(world.stranger)), c.stranger) << c.type;
    EXPECT_EQ(let_in(options.client), c.known) << c.type << weir.log();
  }
}

/// Whether a client that speaks `newest` at most gets an answer.
bool reaches(std::uint16_t port, long newest, const char* ciphers = nullptr) {
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, format("https://127.0.0.1:{}/-/ready", port).c_str());
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_0) | newest);
  if (ciphers != nullptr) curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, ciphers);
  const bool answered = curl_easy_perform(curl) == CURLE_OK;
  curl_easy_cleanup(curl);
  return answered;
}

TEST(HttpBlock, KeepsToItsVersionsAndSuites) {
  const TlsWorld world;
  const struct {
    const char* block;
    bool by_12, by_13;
  } kCases[] = {
      {"", true, true},
      {"min_version = \"TLS13\"", false, true},
      {"max_version = \"TLS12\"", true, true},  // who speaks 1.3 speaks 1.2
      {"cipher_suites = [\"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\"]", false, true},
  };
  for (const auto& c : kCases) {
    RunningWeir weir(world.block(c.block), world.options());
    EXPECT_EQ(reaches(weir.port(), CURL_SSLVERSION_MAX_TLSv1_2, "ECDHE-ECDSA-AES128-GCM-SHA256"),
              c.by_12)
        << c.block;
    EXPECT_EQ(reaches(weir.port(), CURL_SSLVERSION_MAX_TLSv1_3), c.by_13) << c.block;
    EXPECT_FALSE(reaches(weir.port(), CURL_SSLVERSION_MAX_TLSv1_1)) << c.block;
  }
}

TEST(HttpBlock, TakesUpChangedCertificates) {
  const TlsWorld world;
  RunningWeir weir(world.block(), world.options());
  ASSERT_EQ(weir.get("/-/ready").status, 200) << weir.log();

  test::write_file(world.dir / "cert.pem", "no certificate");
  EXPECT_TRUE(
      eventually([&] { return weir.logged("certificate not reloaded, the old one stays"); }));
  EXPECT_EQ(weir.get("/-/ready").status, 200);
  const auto refused = weir.reload(world.block("min_version = \"TLS13\""));
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("cert.pem: not PEM"));

  world.write(world.stranger.issue("weir.test"));
  EXPECT_TRUE(eventually(
      [&] { return weir.ask("GET", "/-/ready", world.trusting(world.stranger)).status == 200; }));
  EXPECT_EQ(weir.get("/-/ready").status, 0);
  EXPECT_TRUE(weir.logged("certificate reloaded"));
}

}  // namespace
}  // namespace weir
