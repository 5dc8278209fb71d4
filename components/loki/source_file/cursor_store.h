// SPDX-License-Identifier: Apache-2.0
// Cursors on disk: how far each file is settled, so that a restart reads on where the last run was
// sure.
//
// One small text file, replaced whole: written beside, synced, renamed. Its last line counts the
// others and sums them up; a file that does not add up is refused, because guessing would send
// everything twice or leave a gap. Between two syncs a second file of the same shape says what
// moved since: not synced, so it is cheap and written often. It survives a kill of the program; if
// a fall of the machine leaves it torn or behind, the first one counts.

#pragma once

#include "components/loki/source_file/identity.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {

/// How far one file is settled.
struct Cursor {
  enum class State : std::uint8_t {
    kReading,   ///< there may be more
    kFinished,  ///< rotated away and settled to its end; kept while the file lies about, so that it
                ///< is known
    kBeside,    ///< it lay beside its path before that was read first: not to be read
    kSkipped,   ///< never to be read: its old position could not be read and the configuration says
                ///< skip
  };

  FileIdentity identity;
  std::uint64_t offset = 0;      ///< in bytes of the text: after decompression
  std::uint64_t size = 0;        ///< how far the text went when it was last looked at
  std::int64_t modified_ns = 0;  ///< the file's time of change when it was last looked at
  State state = State::kReading;
  std::string path;   ///< the target's, under which it was read
  std::string place;  ///< where the file itself lay, links resolved
};

/// What a store holds.
struct CursorList {
  std::vector<Cursor> cursors;
  std::uint64_t serial = 0;  ///< goes up with each save
};

/// The text of a store.
std::string print_cursors(const CursorList& list);
/// Errors: kInvalid with what is wrong.
Result<CursorList> parse_cursors(std::string_view text);

/// Reads a store; nothing if there is none. Errors: kInvalid if it is damaged or of a newer
/// version, in words that name the remedy.
Result<std::optional<CursorList>> load_cursors(const std::string& file);
/// For good.
Status save_cursors(const std::string& file, const CursorList& list);
/// Until the next save for good.
Status save_cursors_quickly(const std::string& file, const CursorList& list);

}  // namespace weir::loki
