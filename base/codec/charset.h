// SPDX-License-Identifier: Apache-2.0
// Text in other encodings, made UTF-8 chunk by chunk.

#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace weir::codec {

/// Turns a stream of bytes in one encoding into UTF-8. Threads: one at a time.
class CharsetDecoder {
 public:
  /// `name` as IANA has it, in any case: "utf-16le", "windows-1252", "Shift_JIS". UTF-16 and UTF-32
  /// without an end follow the byte order mark, and are big-endian without one. A mark at the front
  /// is left out. Errors: kInvalid if the encoding is not known.
  static Result<CharsetDecoder> open(std::string_view name);
  CharsetDecoder(CharsetDecoder&&) noexcept;
  CharsetDecoder& operator=(CharsetDecoder&&) noexcept;
  ~CharsetDecoder();

  /// Appends the text of `bytes` to `out`; a character cut in two waits for its rest. What cannot
  /// be read becomes U+FFFD.
  void decode(std::string_view bytes, std::string& out);
  /// Says that the stream ends here: a character that waits becomes U+FFFD. Then a new stream may
  /// begin.
  void finish(std::string& out);
  /// Bytes that wait for the rest of their character.
  [[nodiscard]] std::size_t pending() const;

 private:
  struct State;
  explicit CharsetDecoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir::codec
