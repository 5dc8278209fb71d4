// SPDX-License-Identifier: Apache-2.0
#include "base/codec/sha.h"

#include "base/check.h"

#include <openssl/evp.h>

namespace weir::codec {
namespace {

std::string digest_hex(std::string_view text, const EVP_MD* kind) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  WEIR_CHECK(EVP_Digest(text.data(), text.size(), digest, &size, kind, nullptr) == 1,
             "a digest of memory fails only without memory");
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (unsigned int i = 0; i < size; ++i) {
    out += kDigits[digest[i] >> 4];
    out += kDigits[digest[i] & 15];
  }
  return out;
}

}  // namespace

std::string sha1_hex(std::string_view text) {
  return digest_hex(text, EVP_sha1());
}
std::string sha256_hex(std::string_view text) {
  return digest_hex(text, EVP_sha256());
}
std::string sha512_hex(std::string_view text) {
  return digest_hex(text, EVP_sha512());
}
std::string sha3_256_hex(std::string_view text) {
  return digest_hex(text, EVP_sha3_256());
}

}  // namespace weir::codec
