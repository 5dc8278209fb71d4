// SPDX-License-Identifier: Apache-2.0
// The `http` block: TLS and basic auth of the daemon's own server.

#include "base/fs.h"
#include "base/log.h"
#include "interpreter/catalog/lint.h"
#include "interpreter/graph/component.h"
#include "server/access.h"

namespace weir::server {
namespace {

constexpr std::size_t kMaxPem = 1u << 20;
constexpr std::chrono::seconds kCertificateCheck(5);
/// How often the same is said of a certificate that cannot be used.
constexpr std::chrono::minutes kComplaint(5);

struct HttpService final : graph::Component {
  struct Basic {
    std::string username;
    value::Secret password;
    static schema::Schema schema();
  };
  struct Filter {
    std::vector<std::string> paths;
    bool authenticate_matching_paths = true;
    static schema::Schema schema();
  };
  struct Auth {
    std::optional<Basic> basic;
    Filter filter;
    static schema::Schema schema();
  };
  struct Windows {
    static schema::Schema schema() { return {}; }
  };
  struct Tls {
    std::string cert_pem, cert_file, key_file, client_ca_pem, client_ca_file;
    value::Secret key_pem;
    std::string client_auth_type = "NoClientCert";
    std::vector<std::string> cipher_suites, curve_preferences;
    std::string min_version, max_version;
    std::optional<Windows> windows;
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };
  struct Args {
    std::optional<Auth> auth;
    std::optional<Tls> tls;
    static schema::Schema schema();
    void lint(catalog::Lint& lint) const;
  };

  explicit HttpService(graph::Context& context)
      : access_(context.service<Access>()),
        log_(context.log()),
        clock_(context.clock()),
        strand_(context.pool().strand()) {}
  ~HttpService() override { reread_.cancel(); }
  Status update(Args args);
  void stop(Duration) override { reread_.cancel(); }

 private:
  void reread_later(const Tls& given, net::ServerTls read);

  Access* access_;
  const Logger log_;
  Clock& clock_;
  exec::Strand strand_;
  exec::Timer reread_;
};

schema::Schema HttpService::Basic::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Basic::username>("username", "The user's name.").required(),
      schema::attr<&Basic::password>("password", "The user's password.").required().secret(),
  });
  return kTable;
}

schema::Schema HttpService::Filter::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Filter::paths>("paths", "Prefixes of paths."),
      schema::attr<&Filter::authenticate_matching_paths>(
          "authenticate_matching_paths",
          "Whether these paths need authentication, or all but these."),
  });
  return kTable;
}

schema::Schema HttpService::Auth::schema() {
  static constexpr auto kTable = schema::table({
      schema::block<&Auth::basic>("basic", "Basic authentication."),
      schema::block<&Auth::filter>("filter", "Which paths need authentication."),
  });
  return kTable;
}

schema::Schema HttpService::Tls::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Tls::cert_pem>("cert_pem", "The server's certificate chain, PEM."),
      schema::attr<&Tls::cert_file>("cert_file", "A file with the server's certificate chain."),
      schema::attr<&Tls::key_pem>("key_pem", "The certificate's private key, PEM.").secret(),
      schema::attr<&Tls::key_file>("key_file", "A file with the certificate's private key."),
      schema::attr<&Tls::client_ca_pem>("client_ca_pem",
                                        "Authorities that sign clients' certificates, PEM."),
      schema::attr<&Tls::client_ca_file>(
          "client_ca_file", "A file with authorities that sign clients' certificates."),
      schema::attr<&Tls::client_auth_type>("client_auth_type", "What is asked of clients.")
          .one_of("NoClientCert", "RequestClientCert", "RequireAnyClientCert",
                  "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"),
      schema::attr<&Tls::cipher_suites>("cipher_suites", "Cipher suites by their IANA names."),
      schema::attr<&Tls::curve_preferences>("curve_preferences", "Elliptic curves, best first."),
      schema::attr<&Tls::min_version>("min_version", "The oldest TLS version spoken.")
          .one_of("", "TLS10", "TLS11", "TLS12", "TLS13"),
      schema::attr<&Tls::max_version>("max_version", "The newest TLS version spoken.")
          .one_of("", "TLS10", "TLS11", "TLS12", "TLS13"),
      schema::block<&Tls::windows>("windows_certificate_filter",
                                   "Certificates out of the store of Windows.")
          .not_built("Weir does not run on Windows yet"),
  });
  return kTable;
}

void HttpService::Tls::validate(schema::Problems& problems) const {
  if (!cert_pem.empty() && !cert_file.empty())
    problems.add("cert_file", "cert_pem and cert_file are both given, one is needed");
  if (cert_pem.empty() && cert_file.empty())
    problems.add("", "neither cert_pem nor cert_file is given, one is needed");
  if (!key_pem.text.empty() && !key_file.empty())
    problems.add("key_file", "key_pem and key_file are both given, one is needed");
  if (key_pem.text.empty() && key_file.empty())
    problems.add("", "neither key_pem nor key_file is given, one is needed");
  if (!client_ca_pem.empty() && !client_ca_file.empty()) {
    problems.add("client_ca_file",
                 "client_ca_pem and client_ca_file are both given, at most one is needed");
  }
}

schema::Schema HttpService::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::block<&Args::auth>("auth", "Who may ask."),
      schema::block<&Args::tls>("tls", "How the server proves itself."),
  });
  return kTable;
}

void HttpService::Args::lint(catalog::Lint& lint) const {
  if (!tls) return;
  const catalog::Lint inner = lint.inside(*lint.blocks("tls").front());
  for (const auto& [field, file] :
       {std::pair("cert_file", tls->cert_file), std::pair("key_file", tls->key_file),
        std::pair("client_ca_file", tls->client_ca_file)}) {
    if (!file.empty()) lint.reads(inner.place_of(field), file);
  }
}

net::ServerTls::ClientAuth client_auth(std::string_view name) {
  using Auth = net::ServerTls::ClientAuth;
  if (name == "RequestClientCert") return Auth::kRequest;
  if (name == "RequireAnyClientCert") return Auth::kRequireAny;
  if (name == "VerifyClientCertIfGiven") return Auth::kVerifyIfGiven;
  return name == "RequireAndVerifyClientCert" ? Auth::kRequireAndVerify : Auth::kNone;
}

Result<std::string> text_or_file(const std::string& text, const std::string& file) {
  if (file.empty()) return text;
  return fs::read_file(file, kMaxPem);
}

Result<net::ServerTls> read_tls(const HttpService::Tls& args) {
  net::ServerTls tls;
  WEIR_TRY(tls.cert_pem, text_or_file(args.cert_pem, args.cert_file));
  WEIR_TRY(tls.key_pem, text_or_file(args.key_pem.text, args.key_file));
  WEIR_TRY(tls.client_ca_pem, text_or_file(args.client_ca_pem, args.client_ca_file));
  if (!args.cert_file.empty()) tls.cert_name = args.cert_file;
  if (!args.key_file.empty()) tls.key_name = args.key_file;
  if (!args.client_ca_file.empty()) tls.client_ca_name = args.client_ca_file;
  tls.client_auth = client_auth(args.client_auth_type);
  tls.min_version = args.min_version;
  tls.max_version = args.max_version;
  tls.cipher_suites = args.cipher_suites;
  tls.curve_preferences = args.curve_preferences;
  return tls;
}

Status HttpService::update(Args args) {
  if (access_ == nullptr) return {};
  std::optional<net::ServerTls> tls;
  if (args.tls) {
    WEIR_TRY(tls, read_tls(*args.tls));
  }
  WEIR_TRY_STATUS(access_->set_tls(tls));
  std::optional<AccessRules> rules;
  if (args.auth && args.auth->basic) {
    rules = AccessRules{args.auth->basic->username, args.auth->basic->password.text,
                        args.auth->filter.paths, args.auth->filter.authenticate_matching_paths};
  }
  access_->set_rules(std::move(rules));
  reread_.cancel();
  if (tls) reread_later(*args.tls, *std::move(tls));
  return {};
}

/// Looks for new certificates, and says what is wrong with them: each reason as it comes, and again
/// while it lasts.
class CertificateWatch {
 public:
  CertificateWatch(Access& access, Logger log, Clock& clock, HttpService::Tls given,
                   net::ServerTls in_force)
      : access_(access),
        log_(std::move(log)),
        clock_(clock),
        given_(std::move(given)),
        in_force_(std::move(in_force)) {}

  void look() {
    auto fresh = read_tls(given_);
    if (!fresh) return complain(fresh.error());
    if (*fresh == in_force_ && complaint_.empty()) return;
    if (const Status used = access_.set_tls(*fresh); !used) return complain(used.error());
    in_force_ = *std::move(fresh);
    complaint_.clear();
    log_.info("certificate reloaded");
  }

 private:
  void complain(const Error& error) {
    const Duration now = clock_.steady();
    if (error.message == complaint_ && now - complained_ < kComplaint) return;
    complaint_ = error.message;
    complained_ = now;
    log_.warn("certificate not reloaded, the old one stays", {{"err", complaint_}});
  }

  Access& access_;
  const Logger log_;
  Clock& clock_;
  const HttpService::Tls given_;
  net::ServerTls in_force_;
  std::string complaint_;  // the last, while there is one
  Duration complained_{};
};

void HttpService::reread_later(const Tls& given, net::ServerTls read) {
  if (given.cert_file.empty() && given.key_file.empty() && given.client_ca_file.empty()) return;
  const auto watch =
      std::make_shared<CertificateWatch>(*access_, log_, clock_, given, std::move(read));
  reread_ = strand_.every(kCertificateCheck, [watch] { watch->look(); });
}

constexpr catalog::ComponentDef as_service(catalog::ComponentDef def) {
  def.singleton = true;
  return def;
}

}  // namespace

extern constexpr catalog::ComponentDef service_http = as_service(graph::define<HttpService>(
    "http", schema::Stability::kGenerallyAvailable, "Configures the daemon's own HTTP server."));

}  // namespace weir::server
