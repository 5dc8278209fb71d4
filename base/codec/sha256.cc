// SPDX-License-Identifier: Apache-2.0
#include "base/codec/sha256.h"

#include "base/format.h"

#include <openssl/sha.h>

namespace weir::codec {

std::string sha256_hex(std::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  std::string out;
  for (const unsigned char byte : digest) format_to(std::back_inserter(out), "{:02x}", byte);
  return out;
}

}  // namespace weir::codec
