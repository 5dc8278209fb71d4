// SPDX-License-Identifier: Apache-2.0
#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace weir::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key() {
  return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

std::string to_text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

std::string cert_text(X509* cert) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, cert);
  return to_text(bio);
}

std::string key_text(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  return to_text(bio);
}

void extend(X509* cert, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

Cert make_cert(const std::string& name, EVP_PKEY* key, long serial) {
  Cert cert(X509_new(), &X509_free);
  X509_set_version(cert.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 86400);
  X509_set_pubkey(cert.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return cert;
}

}  // namespace

struct Authority::State {
  Key key{nullptr, &EVP_PKEY_free};
  Cert cert{nullptr, &X509_free};
  std::string pem;
  long serial = 1;
};

Authority::Authority() : state_(std::make_unique<State>()) {
  state_->key = make_key();
  state_->cert = make_cert("test authority", state_->key.get(), state_->serial++);
  X509* cert = state_->cert.get();
  X509_set_issuer_name(cert, X509_get_subject_name(cert));
  extend(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(cert, state_->key.get(), EVP_sha256());
  state_->pem = cert_text(cert);
}

Authority::~Authority() = default;

const std::string& Authority::cert_pem() const {
  return state_->pem;
}

Certificate Authority::issue(const std::string& name) const {
  const Key key = make_key();
  const Cert cert = make_cert(name, key.get(), state_->serial++);
  X509_set_issuer_name(cert.get(), X509_get_subject_name(state_->cert.get()));
  extend(cert.get(), state_->cert.get(), NID_subject_alt_name, "DNS:" + name + ",IP:127.0.0.1");
  extend(cert.get(), state_->cert.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  X509_sign(cert.get(), state_->key.get(), EVP_sha256());
  return {cert_text(cert.get()), key_text(key.get())};
}

}  // namespace weir::test
