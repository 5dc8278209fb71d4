// SPDX-License-Identifier: Apache-2.0
#include "base/codec/snappy.h"

#include <snappy.h>

namespace weir::codec {

std::string_view snappy_encode(std::string_view bytes, std::string& buffer) {
  const std::size_t most = snappy::MaxCompressedLength(bytes.size());
  if (buffer.size() < most) buffer.resize(most);
  std::size_t length = 0;
  snappy::RawCompress(bytes.data(), bytes.size(), buffer.data(), &length);
  return std::string_view(buffer).substr(0, length);
}

Result<std::string> snappy_decode(std::string_view block, std::size_t max_bytes) {
  std::size_t length = 0;
  if (!snappy::GetUncompressedLength(block.data(), block.size(), &length))
    return invalid("not a snappy block");
  if (length > max_bytes)
    return invalid("{} bytes uncompressed, more than the {} allowed", length, max_bytes);
  // A block of n bytes cannot hold more than about 64 n: a length beyond that is a lie, refused unallocated.
  if (length / 64 > block.size())
    return invalid("a snappy block that promises {} bytes in {}", length, block.size());
  std::string out(length, '\0');
  if (!snappy::RawUncompress(block.data(), block.size(), out.data()))
    return invalid("corrupt snappy block");
  return out;
}

}  // namespace weir::codec
