// SPDX-License-Identifier: Apache-2.0
#include "interpreter/text/encoding.h"

#include "base/codec/charset.h"

#include <string_view>
#include <utility>

namespace weir::text {

std::string decode_file(std::string bytes) {
  using namespace std::string_view_literals;
  static constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {"\xff\xfe\0\0"sv, "utf-32le"},
      {"\0\0\xfe\xff"sv, "utf-32be"},
      {"\xff\xfe"sv, "utf-16le"},
      {"\xfe\xff"sv, "utf-16be"},
      {"\xef\xbb\xbf"sv, ""}};
  for (const auto& [mark, encoding] : kMarks) {
    if (!bytes.starts_with(mark)) continue;
    // Wide text of a configuration has zeros; without any these are wrong bytes, not a mark.
    const bool wide = bytes.find('\0') != std::string::npos || bytes.size() == mark.size();
    if (!wide && !encoding.empty()) return bytes;
    bytes.erase(0, mark.size());
    auto decoder = codec::CharsetDecoder::open(encoding);
    if (encoding.empty() || !decoder) return bytes;
    std::string out;
    decoder->decode(bytes, out);
    decoder->finish(out);
    return out;
  }
  return bytes;
}

}  // namespace weir::text
