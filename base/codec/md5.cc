// SPDX-License-Identifier: Apache-2.0
#include "base/codec/md5.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace weir::codec {
namespace {

struct Md5State {
  std::uint32_t a = 0x67452301, b = 0xefcdab89, c = 0x98badcfe, d = 0x10325476;

  void mix(const std::uint8_t* block) {
    static constexpr std::uint8_t kShift[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const std::array<std::uint32_t, 64> kSine = [] {
      std::array<std::uint32_t, 64> table{};
      for (std::size_t i = 0; i < 64; ++i)
        table[i] = static_cast<std::uint32_t>(
            std::floor(std::fabs(std::sin(static_cast<double>(i + 1))) * 4294967296.0));
      return table;
    }();
    std::uint32_t words[16];
    for (std::size_t i = 0; i < 16; ++i) {
      words[i] = static_cast<std::uint32_t>(block[i * 4]) |
                 static_cast<std::uint32_t>(block[i * 4 + 1]) << 8 |
                 static_cast<std::uint32_t>(block[i * 4 + 2]) << 16 |
                 static_cast<std::uint32_t>(block[i * 4 + 3]) << 24;
    }
    Md5State s = *this;
    for (std::uint32_t i = 0; i < 64; ++i) {
      std::uint32_t f = 0, word = 0;
      switch (i / 16) {
        case 0:
          f = (s.b & s.c) | (~s.b & s.d);
          word = i;
          break;
        case 1:
          f = (s.d & s.b) | (~s.d & s.c);
          word = (5 * i + 1) % 16;
          break;
        case 2:
          f = s.b ^ s.c ^ s.d;
          word = (3 * i + 5) % 16;
          break;
        default:
          f = s.c ^ (s.b | ~s.d);
          word = (7 * i) % 16;
          break;
      }
      const std::uint32_t turned =
          s.b + std::rotl(s.a + f + kSine[i] + words[word], kShift[i / 16][i % 4]);
      s = {s.d, turned, s.b, s.c};
    }
    a += s.a;
    b += s.b;
    c += s.c;
    d += s.d;
  }
};

}  // namespace

std::array<std::uint8_t, 16> md5(std::string_view text) {
  Md5State state;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t whole = text.size() / 64 * 64;
  for (std::size_t at = 0; at < whole; at += 64) state.mix(bytes + at);

  std::uint8_t tail[128] = {};
  const std::size_t left = text.size() - whole;
  if (left != 0) std::memcpy(tail, bytes + whole, left);
  tail[left] = 0x80;
  const std::size_t size = left < 56 ? 64 : 128;
  const std::uint64_t bits = static_cast<std::uint64_t>(text.size()) * 8;
  for (std::size_t i = 0; i < 8; ++i)
    tail[size - 8 + i] = static_cast<std::uint8_t>(bits >> (8 * i));
  for (std::size_t at = 0; at < size; at += 64) state.mix(tail + at);

  std::array<std::uint8_t, 16> out{};
  const std::uint32_t words[] = {state.a, state.b, state.c, state.d};
  for (std::size_t i = 0; i < 16; ++i)
    out[i] = static_cast<std::uint8_t>(words[i / 4] >> (8 * (i % 4)));
  return out;
}

}  // namespace weir::codec
