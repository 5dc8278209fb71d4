// SPDX-License-Identifier: Apache-2.0
// A line as container runtimes write it for Kubernetes: `TIME STREAM FLAG CONTENT`.

#pragma once

#include <string_view>

namespace weir::loki {

enum class CriKind { kNone, kFull, kPartial };

struct CriLine {
  CriKind kind = CriKind::kNone;  ///< kNone: the line is not of this format
  std::string_view time;          ///< not checked
  std::string_view stream;        ///< "stdout" or "stderr"; lives for ever
  std::string_view content;
};

/// Lenient as users' files need it: the time may be anything without a space, a missing flag means
/// whole.
inline CriLine parse_cri(std::string_view line) {
  constexpr std::size_t kWord = 6;  // both streams' names
  std::size_t space = 0;
  while (space < line.size() && line[space] != ' ' && (line[space] < '\t' || line[space] > '\r'))
    ++space;
  if (line.size() < space + kWord + 2 || line[space] != ' ' || line[space + kWord + 1] != ' ')
    return {};
  CriLine out;
  const std::string_view word = line.substr(space + 1, kWord);
  if (word == "stdout") {
    out.stream = "stdout";
  } else if (word == "stderr") {
    out.stream = "stderr";
  } else {
    return {};
  }
  out.time = line.substr(0, space);
  line.remove_prefix(space + kWord + 2);
  out.kind = line.starts_with('P') ? CriKind::kPartial : CriKind::kFull;
  if (line.starts_with('P') || line.starts_with('F')) line.remove_prefix(1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  out.content = line;
  return out;
}

}  // namespace weir::loki
