// SPDX-License-Identifier: Apache-2.0
// From a file's bytes to text: as they are, decompressed, decoded from another character set.
//
// Offsets count bytes of the text before decoding: of a plain file its own bytes, of a compressed
// one those that come out. Lines are found in these bytes and decoded one by one, so an offset is
// always the beginning of a line.

#pragma once

#include "base/codec/charset.h"
#include "base/codec/gzip.h"
#include "base/result.h"
#include "components/core/log_batch.h"
#include "components/loki/source_file/lines.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace weir::loki {

/// How the files of a component are to be read.
struct TextRules {
  std::string encoding;  ///< IANA name; empty: UTF-8 or what a byte order mark says
  std::optional<codec::Compression> compression;
};

/// What one file's lines are made of. Found by its first bytes.
struct TextForm {
  TextUnit unit = TextUnit::kByte;
  std::size_t mark_bytes = 0;                         ///< the byte order mark's
  std::optional<codec::CharsetDecoder> decoder = {};  ///< nothing: lines are text as they lie there

  /// The encoding of the rules is known.
  static TextForm of(const TextRules& rules, std::string_view first_bytes);
  /// A line as text, terminator trimmed; in the batch's memory if it is not as it lies there.
  std::string_view text(std::string_view line, LogBatch& batch);
};

/// The bytes of a file's text.
class TextFeed {
 public:
  virtual ~TextFeed() = default;
  /// How far the text goes, as far as it takes to know whether it reaches `wanted`.
  virtual Result<std::uint64_t> extent(std::uint64_t wanted) = 0;
  /// Fewer than `size` only at the end.
  virtual Result<std::size_t> read(char* out, std::size_t size, std::uint64_t offset) = 0;
};

/// Of an open file, which outlives it.
std::unique_ptr<TextFeed> make_feed(const TextRules& rules, int fd);

}  // namespace weir::loki
