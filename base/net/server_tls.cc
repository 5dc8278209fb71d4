// SPDX-License-Identifier: Apache-2.0
#include "base/net/server_tls.h"

#include <boost/asio/buffer.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace weir::net {
namespace {

namespace ssl = boost::asio::ssl;

Result<int> version_number(const std::string& name, int fallback) {
  static constexpr std::pair<std::string_view, int> kVersions[] = {{"TLS10", TLS1_VERSION},
                                                                   {"TLS11", TLS1_1_VERSION},
                                                                   {"TLS12", TLS1_2_VERSION},
                                                                   {"TLS13", TLS1_3_VERSION}};
  if (name.empty()) return fallback;
  for (const auto& [text, number] : kVersions) {
    if (name == text) return number;
  }
  return invalid("unknown TLS version \"{}\", one of TLS10 TLS11 TLS12 TLS13 is needed", name);
}

/// OpenSSL's names of the suites that Go lists by their IANA names. TLS 1.3's are the same in both.
Result<std::string> suite_name(const std::string& iana) {
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL");
  const STACK_OF(SSL_CIPHER)* ciphers = SSL_CTX_get_ciphers(context);
  std::string found;
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(ciphers, i);
    const char* name = SSL_CIPHER_standard_name(cipher);
    if (name != nullptr && iana == name) found = SSL_CIPHER_get_name(cipher);
  }
  SSL_CTX_free(context);
  if (found.empty()) return invalid("unknown cipher suite \"{}\"", iana);
  return found;
}

Status set_suites(SSL_CTX* context, const std::vector<std::string>& names) {
  std::string before_13;
  std::string for_13;
  for (const std::string& iana : names) {
    WEIR_TRY(const std::string name, suite_name(iana));
    std::string& list = name.starts_with("TLS_") ? for_13 : before_13;
    list += (list.empty() ? "" : ":") + name;
  }
  if (!before_13.empty() && SSL_CTX_set_cipher_list(context, before_13.c_str()) != 1)
    return invalid("cipher suites refused");
  if (!for_13.empty() && SSL_CTX_set_ciphersuites(context, for_13.c_str()) != 1)
    return invalid("cipher suites refused");
  return {};
}

Status set_curves(SSL_CTX* context, const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    if (!list.empty()) list += ':';
    list += name.starts_with("CurveP") ? "P-" + name.substr(6) : name;
  }
  if (!list.empty() && SSL_CTX_set1_groups_list(context, list.c_str()) != 1)
    return invalid("unknown curve in \"{}\"", list);
  return {};
}

int verify_mode(ServerTls::ClientAuth auth) {
  switch (auth) {
    case ServerTls::ClientAuth::kNone: return ssl::verify_none;
    case ServerTls::ClientAuth::kRequest:
    case ServerTls::ClientAuth::kVerifyIfGiven: return ssl::verify_peer;
    case ServerTls::ClientAuth::kRequireAny:
    case ServerTls::ClientAuth::kRequireAndVerify:
      return ssl::verify_peer | ssl::verify_fail_if_no_peer_cert;
  }
  return ssl::verify_none;
}

/// One block of a PEM text.
struct PemBlock {
  std::string name;  ///< "CERTIFICATE", "EC PRIVATE KEY"
  bool encrypted = false;
};

std::vector<PemBlock> pem_blocks(const std::string& text) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  std::vector<PemBlock> out;
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  while (PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1) {
    const bool encrypted = std::string_view(header).find("ENCRYPTED") != std::string_view::npos ||
                           std::string_view(name).starts_with("ENCRYPTED");
    out.push_back({name, encrypted});
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(size));
  }
  ERR_clear_error();  // at the end it says that there is no more
  return out;
}

/// Whether a text has a block whose name ends like this.
Status has_block(const std::string& text, const std::string& where, std::string_view wanted) {
  const auto blocks = pem_blocks(text);
  if (blocks.empty())
    return invalid("{}: not PEM, or cut off: no whole block \"BEGIN {}\"", where, wanted);
  std::string others;
  for (const PemBlock& block : blocks) {
    if (block.name.ends_with(wanted) && block.encrypted)
      return invalid("{}: the key is encrypted, and nobody is here to type its passphrase", where);
    if (block.name.ends_with(wanted)) return {};
    others += (others.empty() ? "" : ", ") + block.name;
  }
  return invalid("{}: has no {}, but {}", where, wanted, others);
}

constexpr std::string_view kCertificate = "CERTIFICATE";
constexpr std::string_view kPrivateKey = "PRIVATE KEY";

Status use_own(ssl::context& context, const ServerTls& tls) {
  boost::system::error_code error;
  WEIR_TRY_STATUS(has_block(tls.cert_pem, tls.cert_name, kCertificate));
  context.use_certificate_chain(boost::asio::buffer(tls.cert_pem), error);
  if (error) return invalid("{}: the certificate is damaged: {}", tls.cert_name, error.message());
  WEIR_TRY_STATUS(has_block(tls.key_pem, tls.key_name, kPrivateKey));
  context.use_private_key(boost::asio::buffer(tls.key_pem), ssl::context::pem, error);
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  if (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH ||
      (!error && SSL_CTX_check_private_key(context.native_handle()) != 1)) {
    return invalid("{}: the key does not belong to the certificate of {}", tls.key_name,
                   tls.cert_name);
  }
  if (error) return invalid("{}: the key is damaged: {}", tls.key_name, error.message());
  return {};
}

Status use_client_ca(ssl::context& context, const ServerTls& tls) {
  if (tls.client_ca_pem.empty()) return {};
  WEIR_TRY_STATUS(has_block(tls.client_ca_pem, tls.client_ca_name, kCertificate));
  boost::system::error_code error;
  context.add_certificate_authority(boost::asio::buffer(tls.client_ca_pem), error);
  if (error)
    return invalid("{}: a certificate is damaged: {}", tls.client_ca_name, error.message());
  return {};
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_server_context(const ServerTls& tls) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  WEIR_TRY_STATUS(use_own(*context, tls));
  WEIR_TRY_STATUS(use_client_ca(*context, tls));
  WEIR_TRY(const int lowest, version_number(tls.min_version, TLS1_2_VERSION));
  WEIR_TRY(const int highest, version_number(tls.max_version, TLS1_3_VERSION));
  if (lowest > highest)
    return invalid("min_version {} is above max_version {}", tls.min_version, tls.max_version);
  SSL_CTX_set_min_proto_version(native, lowest);
  SSL_CTX_set_max_proto_version(native, highest);
  WEIR_TRY_STATUS(set_suites(native, tls.cipher_suites));
  WEIR_TRY_STATUS(set_curves(native, tls.curve_preferences));
  boost::system::error_code error;
  context->set_verify_mode(verify_mode(tls.client_auth), error);
  using Auth = ServerTls::ClientAuth;
  if (tls.client_auth == Auth::kRequest || tls.client_auth == Auth::kRequireAny) {
    context->set_verify_callback([](bool, ssl::verify_context&) { return true; },
                                 error);  // any will do
  }
  return context;
}

Status check(const ServerTls& tls) {
  const auto made = make_server_context(tls);
  return made ? Status() : made.error();
}

}  // namespace weir::net
