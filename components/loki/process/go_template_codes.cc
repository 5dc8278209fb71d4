// SPDX-License-Identifier: Apache-2.0
// Functions of digests and encodings, of chance, and of the environment.

#include "base/codec/base64.h"
#include "base/codec/sha.h"
#include "base/format.h"
#include "components/loki/process/go_template_functions.h"

#include <cstdlib>
#include <random>

namespace weir::loki {
namespace {

std::string sprig_sha1sum(std::string_view text) {
  return codec::sha1_hex(text);
}
std::string sprig_sha256sum(std::string_view text) {
  return codec::sha256_hex(text);
}
std::string sprig_sha512sum(std::string_view text) {
  return codec::sha512_hex(text);
}
std::string sprig_adler32sum(std::string_view text) {
  std::uint32_t low = 1;
  std::uint32_t high = 0;
  for (const char c : text) {
    low = (low + static_cast<unsigned char>(c)) % 65521;
    high = (high + low) % 65521;
  }
  return format("{}", high << 16 | low);
}

std::string sprig_b64enc(std::string_view text) {
  return codec::base64_encode(text);
}
/// Of what is no base64 the result says so, as the library's does.
std::string sprig_b64dec(std::string_view text) {
  auto out = codec::base64_decode(text);
  return out ? *std::move(out) : out.error().message;
}

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
std::string sprig_b32enc(std::string_view text) {
  std::string out;
  std::uint64_t bits = 0;
  int count = 0;
  for (const char c : text) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 5; count -= 5) out += kBase32[bits >> (count - 5) & 31];
  }
  if (count > 0) out += kBase32[bits << (5 - count) & 31];
  while (out.size() % 8 != 0) out += '=';
  return out;
}
std::string sprig_b32dec(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    if (c != '\n' && c != '\r') clean += c;
  }
  const auto wrong = [](std::size_t at) {
    return format("illegal base32 data at input byte {}", at);
  };
  const std::size_t size = std::min(clean.find('='), clean.size());
  std::string out;
  std::uint64_t bits = 0;
  int count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t digit = kBase32.find(clean[i]);
    if (digit == std::string_view::npos) return wrong(i);
    bits = bits << 5 | digit;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFF);
  }
  const std::size_t tail = size % 8;
  const bool padded = clean.size() % 8 == 0 && clean.size() - size < 8 &&
                      clean.find_first_not_of('=', size) == std::string::npos;
  if (!padded || tail == 1 || tail == 3 || tail == 6) return wrong(size);
  return out;
}

// --- chance

/// The longest text of chance.
constexpr std::int64_t kMaxRandom = 64 << 10;
GoAnswer random_text(std::int64_t size, std::string_view letters) {
  if (size < 0 || size > kMaxRandom) return std::nullopt;
  std::random_device source;
  std::uniform_int_distribution<std::size_t> place(0, letters.size() - 1);
  std::string out;
  for (std::int64_t i = 0; i < size; ++i) out += letters[place(source)];
  return GoValue{std::move(out)};
}
constexpr std::string_view kAlphaNumeric =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
GoAnswer sprig_rand_alpha_num(std::int64_t size) {
  return random_text(size, kAlphaNumeric);
}
GoAnswer sprig_rand_alpha(std::int64_t size) {
  return random_text(size, kAlphaNumeric.substr(10));
}
GoAnswer sprig_rand_numeric(std::int64_t size) {
  return random_text(size, kAlphaNumeric.substr(0, 10));
}
GoAnswer sprig_rand_ascii(std::int64_t size) {
  std::string all;
  for (char c = ' '; c < 127; ++c) all += c;
  return random_text(size, all);
}
std::string random_bytes(std::size_t size) {
  std::random_device source;
  std::uniform_int_distribution<int> byte(0, 255);
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(byte(source));
  return out;
}
GoAnswer sprig_rand_bytes(std::int64_t size) {
  if (size < 0 || size > kMaxRandom) return std::nullopt;
  return GoValue{codec::base64_encode(random_bytes(static_cast<std::size_t>(size)))};
}
std::string sprig_uuidv4() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += format("{:02x}", static_cast<unsigned char>(bytes[i]));
  }
  return out;
}

// --- the environment

std::string sprig_env(std::string_view name) {
  const char* const value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::string() : value;
}
bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
/// `$name` and `${name}` become what the environment has for them.
std::string sprig_expandenv(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t dollar = text.find('$');
    out += text.substr(0, dollar);
    if (dollar == std::string_view::npos) return out;
    text.remove_prefix(dollar + 1);
    const bool braces = text.starts_with('{') && text.find('}') != std::string_view::npos;
    std::size_t size = 0;
    while (!braces && size < text.size() && is_name_char(text[size])) ++size;
    const std::string_view name =
        braces ? text.substr(1, text.find('}') - 1) : text.substr(0, size);
    out += name.empty() ? "$" : sprig_env(name);
    text.remove_prefix(braces ? name.size() + 2 : size);
  }
}

}  // namespace

TemplateFunctions code_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&sprig_sha1sum>("sha1sum"),
      go_row<&sprig_sha256sum>("sha256sum"),
      go_row<&sprig_sha512sum>("sha512sum"),
      go_row<&sprig_adler32sum>("adler32sum"),
      go_row<&sprig_b64enc>("b64enc"),
      go_row<&sprig_b64dec>("b64dec"),
      go_row<&sprig_b32enc>("b32enc"),
      go_row<&sprig_b32dec>("b32dec"),
      go_row<&sprig_rand_alpha_num>("randAlphaNum"),
      go_row<&sprig_rand_alpha>("randAlpha"),
      go_row<&sprig_rand_numeric>("randNumeric"),
      go_row<&sprig_rand_ascii>("randAscii"),
      go_row<&sprig_rand_bytes>("randBytes"),
      go_row<&sprig_uuidv4>("uuidv4"),
      go_row<&sprig_env>("env"),
      go_row<&sprig_expandenv>("expandenv"),
  };
  return kRows;
}

}  // namespace weir::loki
