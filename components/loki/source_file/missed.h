// SPDX-License-Identifier: Apache-2.0
// Which of the files beside a path are still to be read, and from where.
//
// A file is known by its identity, or its copy by how its text begins: copied before the file was
// cut, or packed after it was put aside. What is known goes on where it was left; what is not is a
// generation that came and went between two looks, and is read from its beginning.

#pragma once

#include "components/loki/source_file/beside.h"
#include "components/loki/source_file/cursor_store.h"

#include <vector>

namespace weir::loki {

/// A generation that was seen before.
struct KnownFile {
  enum class Fate : std::uint8_t {
    kInLine,  ///< open, and read to its end without us
    kUnread,  ///< there may be more of it than `offset`
    kDone,    ///< read to its end, which was at `offset`
    kBeside,  ///< it lay there before the path was first read: never to be read
  };
  FileIdentity identity;
  Fate fate = Fate::kDone;
  std::uint64_t offset = 0;  ///< of the text: where its copies are read on
  std::int64_t modified_ns = 0;
};

struct MissedFile {
  enum class Kind : std::uint8_t { kItself, kCopy, kNew };
  FoundFile file;
  std::uint64_t offset = 0;
  Kind kind = Kind::kNew;
};

struct MissedFiles {
  std::vector<MissedFile> files;  ///< in the order they are to be read
  std::vector<FoundFile> copies;  ///< of what is known, with nothing more in them
  std::vector<bool> lost;         ///< for each known file: what was unread of it is nowhere
};

/// `beside` is in order of age, and without the file at the path; `known` too.
MissedFiles find_missed(std::vector<FoundFile> beside, const std::vector<KnownFile>& known);

}  // namespace weir::loki
