// SPDX-License-Identifier: Apache-2.0
#include "interpreter/text/source.h"

#include <algorithm>
#include <utility>

namespace weir::text {

std::shared_ptr<const Source> Source::make(std::string name, std::string text) {
  return std::shared_ptr<const Source>(new Source(std::move(name), std::move(text)));
}

Source::Source(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) {
    line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

Position Source::position(std::uint32_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
  return {line, offset - line_starts_[line - 1] + 1};
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > line_starts_.size()) return {};
  const std::size_t begin = line_starts_[number - 1];
  const std::size_t end = number < line_starts_.size() ? line_starts_[number] - 1 : text_.size();
  return std::string_view(text_).substr(begin, end - begin);
}

Position Span::last() const {
  if (source == nullptr) return {};
  return source->position(end > begin ? end - 1 : begin);
}

}  // namespace weir::text
