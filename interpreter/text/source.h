// SPDX-License-Identifier: Apache-2.0
// Source text and places in it.
//
// A Source is one file's text and never changes; a Span is a pair of byte offsets into it. Lines and
// columns exist only when somebody reads them: columns count bytes from 1 (a tab is one, `é` two).

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::text {

/// Where a byte is: line and column, both from 1; the column counts bytes.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

/// One named piece of user's text. Immutable; held by shared_ptr by everything that points into it.
class Source : public std::enable_shared_from_this<Source> {
 public:
  /// `name` is what diagnostics print: a path, "<stdin>".
  static std::shared_ptr<const Source> make(std::string name, std::string text);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] Position position(std::uint32_t offset) const;
  /// The text of a line (from 1) without its newline; empty if there is no such line.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t line_count() const {
    return static_cast<std::uint32_t>(line_starts_.size());
  }

 private:
  Source(std::string name, std::string text);
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

/// Bytes [begin, end) of a source. A default Span points nowhere. The Source must outlive it: the
/// syntax tree that spans come from holds it.
struct Span {
  const Source* source = nullptr;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  explicit operator bool() const { return source != nullptr; }
  [[nodiscard]] std::string_view text() const {
    return source == nullptr ? std::string_view() : source->text().substr(begin, end - begin);
  }
  [[nodiscard]] Position start() const {
    return source == nullptr ? Position{} : source->position(begin);
  }
  /// The last byte inside, as the reference reports ends; the start if the span is empty.
  [[nodiscard]] Position last() const;
  /// From the start of this span to the end of `other`.
  [[nodiscard]] Span to(Span other) const { return {source, begin, other.end}; }
};

}  // namespace weir::text
