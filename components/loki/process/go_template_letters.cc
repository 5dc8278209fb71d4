// SPDX-License-Identifier: Apache-2.0
// Functions of texts letter by letter and word by word: case, initials, wrapping, shortening.

#include "base/case.h"
#include "base/utf8.h"
#include "components/loki/process/go_template_functions.h"
#include "components/loki/process/go_text.h"

#include <algorithm>
#include <random>

namespace weir::loki {
namespace {

using Letters = std::vector<std::string_view>;

bool is_upper_letter(std::string_view rune) {
  return to_lower(rune) != rune;
}
bool is_lower_letter(std::string_view rune) {
  return to_upper(rune) != rune;
}
bool is_ascii_digit(std::string_view rune) {
  return rune[0] >= '0' && rune[0] <= '9';
}
bool is_blank(std::string_view rune) {
  return trim_space(rune).empty();
}
/// What parts words in names: `a_b`, `a-b`, `a b`.
bool is_joint(std::string_view rune) {
  return rune == "_" || rune == "-" || is_blank(rune);
}
/// A letter, digit or underscore of ASCII, or beyond ASCII anything but a space.
bool is_word_letter(std::string_view rune) {
  const char c = rune[0];
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_ascii_digit(rune) || c == '_' ||
         (static_cast<unsigned char>(c) >= 0x80 && !is_blank(rune));
}

/// With `change` made of each first letter of a word, as `parts` tells words apart.
template <class Parts, class Change>
std::string each_first(std::string_view text, Parts parts, Change change) {
  std::string out;
  bool first = true;
  for (const std::string_view rune : split_text(text, "")) {
    out += first && !parts(rune) ? change(rune) : std::string(rune);
    first = parts(rune);
  }
  return out;
}
std::string sprig_title(std::string_view text) {
  return each_first(
      text, [](std::string_view rune) { return !is_word_letter(rune); }, to_upper);
}
std::string sprig_untitle(std::string_view text) {
  return each_first(text, is_blank, to_lower);
}
std::string sprig_swapcase(std::string_view text) {
  std::string out;
  for (const std::string_view rune : split_text(text, ""))
    out += is_upper_letter(rune) ? to_lower(rune) : to_upper(rune);
  return out;
}
std::string sprig_initials(std::string_view text) {
  std::string out;
  bool first = true;
  for (const std::string_view rune : split_text(text, "")) {
    if (first && !is_blank(rune)) out += rune;
    first = is_blank(rune);
  }
  return out;
}

/// Whether a new word begins at letter `i` of a name, in the midst of letters: "aB", "ABc", "ab2c",
/// "2X". `digits` says whether the word before began with a digit.
bool begins_word(const Letters& all, std::size_t i, bool digits) {
  const std::string_view before = all[i - 1];
  const std::string_view here = all[i];
  if (is_joint(before) || is_joint(here)) return false;
  if (is_upper_letter(here)) {
    if (!is_upper_letter(before)) return true;
    return i + 1 < all.size() && is_lower_letter(all[i + 1]);
  }
  if (!is_ascii_digit(here) || is_ascii_digit(before) || digits) return false;
  std::size_t end = i;
  while (end < all.size() && is_ascii_digit(all[end])) ++end;
  return end < all.size() && is_lower_letter(all[end]);
}
/// Lower-case words with `joint` between.
std::string joined_words(std::string_view text, char joint) {
  const Letters all = split_text(text, "");
  std::string out;
  bool digits = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_joint(all[i])) {
      out += joint;
      continue;
    }
    const bool begins = i > 0 && begins_word(all, i, digits);
    if (begins) out += joint;
    if (begins || i == 0 || is_joint(all[i - 1])) digits = is_ascii_digit(all[i]);
    out += to_lower(all[i]);
  }
  return out;
}
std::string sprig_snakecase(std::string_view text) {
  return joined_words(text, '_');
}
std::string sprig_kebabcase(std::string_view text) {
  return joined_words(text, '-');
}
/// "some_words", "some words" to "SomeWords"; joints at the front stay.
std::string sprig_camelcase(std::string_view text) {
  const Letters all = split_text(text, "");
  std::string out;
  bool leading = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_last = i + 1 == all.size();
    if (is_joint(all[i])) {
      if (leading || is_last || is_joint(all[i + 1])) out += all[i];
      continue;
    }
    leading = false;
    const bool first = i == 0 || is_joint(all[i - 1]);
    const bool in_capitals =
        !first && is_upper_letter(all[i - 1]) && (is_last || !is_lower_letter(all[i + 1]));
    out += first ? to_upper(all[i]) : in_capitals ? to_lower(all[i]) : std::string(all[i]);
  }
  return out;
}

/// Lines of at most `width` bytes, broken at spaces; longer words are broken if `breaks_words`.
std::string wrapped(std::string_view text, std::int64_t width, std::string_view newline,
                    bool breaks_words) {
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(width, 1));
  std::string out;
  while (text.size() > most && out.size() <= kMaxMadeText) {
    if (text[0] == ' ') {
      text.remove_prefix(1);
      continue;
    }
    std::size_t space = text.substr(0, most + 1).rfind(' ');
    if (space == std::string_view::npos && !breaks_words) space = text.find(' ', most);
    if (space == std::string_view::npos && !breaks_words) break;
    const bool cuts = space == std::string_view::npos;
    out += text.substr(0, cuts ? most : space);
    text.remove_prefix(cuts ? most : space + 1);
    out += newline;
  }
  return out += text;
}
GoAnswer bounded(std::string text) {
  return text.size() > kMaxMadeText ? std::nullopt : GoAnswer(GoValue{std::move(text)});
}
GoAnswer sprig_wrap(std::int64_t width, std::string_view text) {
  return bounded(wrapped(text, width, "\n", false));
}
GoAnswer sprig_wrap_with(std::int64_t width, std::string_view newline, std::string_view text) {
  return bounded(wrapped(text, width, newline.empty() ? "\n" : newline, true));
}

/// `width` bytes of the text from `offset` on, with dots for what is left out.
std::string abbreviated(std::string_view text, std::size_t offset, std::size_t width) {
  constexpr std::string_view kDots = "...";
  if (text.size() <= width) return std::string(text);
  const std::size_t room = width - kDots.size();
  offset = std::min(offset, text.size());
  if (text.size() - offset < room) offset = text.size() - room;
  if (offset <= 4) return std::string(text.substr(0, room)) + std::string(kDots);
  if (width < 7) return {};
  if (offset + room < text.size())
    return std::string(kDots) + abbreviated(text.substr(offset), 0, room);
  return std::string(kDots) + std::string(text.substr(text.size() - room));
}
std::string sprig_abbrev(std::int64_t width, std::string_view text) {
  return width < 4 ? std::string(text) : abbreviated(text, 0, static_cast<std::size_t>(width));
}
std::string sprig_abbrevboth(std::int64_t left, std::int64_t right, std::string_view text) {
  if (right < 4 || (left > 0 && right < 7)) return std::string(text);
  return abbreviated(text, static_cast<std::size_t>(std::max<std::int64_t>(left, 0)),
                     static_cast<std::size_t>(right));
}
std::string sprig_shuffle(std::string_view text) {
  Letters all = split_text(text, "");
  std::shuffle(all.begin(), all.end(), std::minstd_rand(std::random_device()()));
  std::string out;
  for (const std::string_view rune : all) out += rune;
  return out;
}

}  // namespace

TemplateFunctions letter_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&sprig_title>("title"),           go_row<&sprig_untitle>("untitle"),
      go_row<&sprig_swapcase>("swapcase"),     go_row<&sprig_initials>("initials"),
      go_row<&sprig_snakecase>("snakecase"),   go_row<&sprig_kebabcase>("kebabcase"),
      go_row<&sprig_camelcase>("camelcase"),   go_row<&sprig_wrap>("wrap"),
      go_row<&sprig_wrap_with>("wrapWith"),    go_row<&sprig_abbrev>("abbrev"),
      go_row<&sprig_abbrevboth>("abbrevboth"), go_row<&sprig_shuffle>("shuffle"),
  };
  return kRows;
}

}  // namespace weir::loki
