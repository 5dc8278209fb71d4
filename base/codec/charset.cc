// SPDX-License-Identifier: Apache-2.0
// The door to iconv.
#include "base/codec/charset.h"

#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iconv.h>
#include <utility>

namespace weir::codec {
namespace {

const iconv_t kNoConverter =
    reinterpret_cast<iconv_t>(-1);  // what iconv_open answers when it fails

struct Converter {
  explicit Converter(const std::string& from) : handle(::iconv_open("UTF-8", from.c_str())) {}
  ~Converter() {
    if (handle != kNoConverter) ::iconv_close(handle);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  iconv_t handle;
};

bool is_charset_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':' || c == '+' || c == '(' || c == ')';
  };
  return !name.empty() && name.size() < 64 && std::all_of(name.begin(), name.end(), fits);
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

}  // namespace

struct CharsetDecoder::State {
  explicit State(std::string charset) : name(std::move(charset)) {
    const bool sixteen = name == "utf-16";
    unit = name.starts_with("utf-16") || name == "ucs-2"   ? 2
           : name.starts_with("utf-32") || name == "ucs-4" ? 4
                                                           : 1;
    if (sixteen || name == "utf-32") awaits_mark = true;
    open(awaits_mark ? name + "be" : name);
  }
  void open(const std::string& from) { converter = std::make_unique<Converter>(from); }
  /// Decides the byte order from the first bytes of the stream; false: more are needed.
  bool read_mark() {
    if (!awaits_mark || decided) return true;
    if (rest.size() < unit) return false;
    const bool little =
        rest.starts_with("\xff\xfe") && (unit == 2 || (rest[2] == 0 && rest[3] == 0));
    open(name + (little ? "le" : "be"));
    decided = true;
    return true;
  }

  const std::string name;
  std::size_t unit;  ///< bytes to pass over where nothing can be read
  bool awaits_mark = false;
  bool decided = false;
  bool at_start = true;
  std::unique_ptr<Converter> converter;
  std::string rest;  ///< not converted yet
};

Result<CharsetDecoder> CharsetDecoder::open(std::string_view name) {
  if (is_charset_name(name)) {
    auto state = std::make_unique<State>(lower_ascii(name));
    if (state->converter->handle != kNoConverter) return CharsetDecoder(std::move(state));
  }
  return invalid("unknown encoding \"{}\"", name.substr(0, 64));
}

CharsetDecoder::CharsetDecoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
CharsetDecoder::CharsetDecoder(CharsetDecoder&&) noexcept = default;
CharsetDecoder& CharsetDecoder::operator=(CharsetDecoder&&) noexcept = default;
CharsetDecoder::~CharsetDecoder() = default;

void CharsetDecoder::decode(std::string_view bytes, std::string& out) {
  State& state = *state_;
  state.rest += bytes;
  if (!state.read_mark()) return;
  char* in = state.rest.data();
  std::size_t left = state.rest.size();
  const auto start = out.size();
  while (left > 0) {
    std::array<char, 4096> buffer;
    char* to = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t done = ::iconv(state.converter->handle, &in, &left, &to, &room);
    const int why = errno;
    out.append(buffer.data(), buffer.size() - room);
    if (done != static_cast<std::size_t>(-1) || why == E2BIG) continue;
    if (why == EINVAL) break;  // the rest of a character is still to come
    append_utf8(out, kReplacementRune);
    const std::size_t skipped = std::min(state.unit, left);
    in += skipped;
    left -= skipped;
  }
  state.rest.erase(0, state.rest.size() - left);
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (state.at_start && out.size() > start) {
    state.at_start = false;
    if (std::string_view(out).substr(start).starts_with(kMark)) out.erase(start, kMark.size());
  }
}

void CharsetDecoder::finish(std::string& out) {
  State& state = *state_;
  if (!state.rest.empty()) append_utf8(out, kReplacementRune);
  state.rest.clear();
  state.decided = false;
  state.at_start = true;
  ::iconv(state.converter->handle, nullptr, nullptr, nullptr, nullptr);
}

std::size_t CharsetDecoder::pending() const {
  return state_->rest.size();
}

}  // namespace weir::codec
