// SPDX-License-Identifier: Apache-2.0
#include "base/codec/base64.h"

#include <array>
#include <cstdint>

namespace weir::codec {
namespace {

constexpr std::string_view digits(Base64Alphabet alphabet) {
  return alphabet == Base64Alphabet::kStandard
             ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
             : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

std::array<std::int8_t, 256> reverse(Base64Alphabet alphabet) {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < 64; ++i)
    table[static_cast<unsigned char>(digits(alphabet)[i])] = static_cast<std::int8_t>(i);
  return table;
}

Error wrong_at(std::size_t offset) {
  return invalid("illegal base64 data at input byte {}", offset);
}

}  // namespace

std::string base64_encode(std::string_view bytes, Base64Alphabet alphabet) {
  const std::string_view digit = digits(alphabet);
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const auto byte = [&](std::size_t k) -> std::uint32_t {
      return k < left ? static_cast<unsigned char>(bytes[i + k]) : 0;
    };
    const std::uint32_t group = byte(0) << 16 | byte(1) << 8 | byte(2);
    out += digit[group >> 18];
    out += digit[group >> 12 & 63];
    out += left > 1 ? digit[group >> 6 & 63] : '=';
    out += left > 2 ? digit[group & 63] : '=';
  }
  return out;
}

Result<std::string> base64_decode(std::string_view text, Base64Alphabet alphabet) {
  const auto table = reverse(alphabet);
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  std::size_t count = 0;  // of the four digits under way
  std::size_t padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      if (count < 2 || padding + count >= 4) return wrong_at(i);
      ++padding;
      continue;
    }
    const int value = table[static_cast<unsigned char>(c)];
    if (padding > 0) return wrong_at(count + padding == 4 ? i : i - 1);  // after, or for, padding
    if (value < 0) return wrong_at(i);
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (++count == 4) {
      out += static_cast<char>(group >> 16 & 255);
      out += static_cast<char>(group >> 8 & 255);
      out += static_cast<char>(group & 255);
      group = 0;
      count = 0;
    }
  }
  if (count == 0 && padding == 0) return out;
  if (count + padding != 4) return wrong_at(text.size() - (padding > 0 ? 0 : count));
  out += static_cast<char>(group << (6 * padding) >> 16 & 255);
  if (count == 3) out += static_cast<char>(group << (6 * padding) >> 8 & 255);
  return out;
}

}  // namespace weir::codec
