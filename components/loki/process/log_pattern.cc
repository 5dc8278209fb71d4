// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/log_pattern.h"

#include "components/core/codecs.h"

#include <algorithm>

namespace weir::loki {
namespace {

/// The name of the capture at the front of `text`; empty if none is there.
std::string_view capture_at(std::string_view text) {
  const std::size_t end = text.find('>');
  if (!text.starts_with('<') || end == std::string_view::npos) return {};
  const std::string_view name = text.substr(1, end - 1);
  return is_plain_label_name(name) ? name : std::string_view();
}

}  // namespace

Result<LogPattern> LogPattern::parse(std::string_view text) {
  LogPattern out;
  while (!text.empty()) {
    const std::string_view name = capture_at(text);
    std::string& literal = out.pieces_.empty() ? out.front_ : out.pieces_.back().literal;
    if (name.empty()) {
      literal += text.front();
      text.remove_prefix(1);
      continue;
    }
    if (!out.pieces_.empty() && literal.empty())
      return invalid("nothing stands between <{}> and <{}>", out.pieces_.back().name, name);
    const bool known = std::any_of(out.pieces_.begin(), out.pieces_.end(),
                                   [&](const Piece& piece) { return piece.name == name; });
    if (known && name != "_") return invalid("<{}> stands there twice", name);
    out.pieces_.push_back({std::string(name), {}});
    text.remove_prefix(name.size() + 2);
  }
  if (out.names().empty()) return invalid("at least one named capture is required");
  return out;
}

bool LogPattern::match(std::string_view text,
                       std::vector<std::pair<std::string_view, std::string_view>>& captures) const {
  captures.clear();
  if (text.empty() || pieces_.empty() || !text.starts_with(front_)) return false;
  text.remove_prefix(front_.size());
  for (const Piece& piece : pieces_) {
    const std::size_t end =
        piece.literal.empty() ? std::string_view::npos : text.find(piece.literal);
    if (piece.name != "_") captures.emplace_back(piece.name, text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + piece.literal.size());
  }
  return true;
}

std::vector<std::string> LogPattern::names() const {
  std::vector<std::string> out;
  for (const Piece& piece : pieces_) {
    if (piece.name != "_") out.push_back(piece.name);
  }
  return out;
}

}  // namespace weir::loki
