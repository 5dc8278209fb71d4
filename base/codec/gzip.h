// SPDX-License-Identifier: Apache-2.0
// Deflate in its three wrappers, and bzip2: whole bodies within a bound, and files as streams.

#pragma once

#include "base/result.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace weir::codec {

enum class Compression {
  kGzip,
  kZlib,
  kRawDeflate,
  kDeflate,  ///< what HTTP calls deflate: zlib or raw, found by looking
  kBzip2,
};

/// Errors: kInvalid if the bytes are not what they should be, end early, or hold more than `max_bytes`.
Result<std::string> decompress(Compression kind, std::string_view bytes, std::size_t max_bytes);
/// The gzip form of `bytes`.
std::string gzip(std::string_view bytes);

/// Decompresses what arrives in pieces; several members one after another are one text, as gzip has it.
/// Threads: one at a time.
class Decompressor {
 public:
  explicit Decompressor(Compression kind);
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  /// Feeds `bytes` and gives what comes out to `take` in pieces of at most 256 KiB; `take` answers
  /// whether to go on. Errors: kInvalid if the bytes are corrupt.
  Status feed(std::string_view bytes, const std::function<bool(std::string_view)>& take);
  /// Whether the text so far ends where a member ends.
  [[nodiscard]] bool at_end() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::codec
