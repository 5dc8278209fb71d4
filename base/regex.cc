// SPDX-License-Identifier: Apache-2.0
// The door to RE2. Two things are done before it is asked: bytes that are not UTF-8 are made
// readable, and anchored expressions that are only words (`a`, `a|b`, `(a|b)`) or "anything" are
// answered by comparing, which costs a fiftieth of a search and is what most relabel rules and
// selectors are.

#include "base/regex.h"

#include "base/utf8.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace weir {
namespace {

/// Bounds one expression's program and caches; most need little, and there can be hundreds.
constexpr std::int64_t kUsualMemory = std::int64_t{2} << 20;
/// An expression that needs more than this is refused when it is compiled.
constexpr std::int64_t kMaxMemory = std::int64_t{32} << 20;
constexpr std::size_t kMaxGroups = 256;

std::unique_ptr<RE2> build_program(const std::string& source) {
  std::unique_ptr<RE2> program;
  for (std::int64_t memory = kUsualMemory; memory <= kMaxMemory; memory *= 4) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(memory);
    program = std::make_unique<RE2>(source, options);
    if (program->error_code() != RE2::ErrorPatternTooLarge) break;
  }
  return program;
}

/// RE2 of Debian 12 has (?P<name>...) only; Go also takes (?<name>...). Brackets and escapes are
/// passed over.
std::string go_syntax(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  bool in_class = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      if (text[i + 1] == 'Q') {  // literal text up to \E
        const std::size_t end = text.find("\\E", i);
        const std::size_t stop = end == std::string_view::npos ? text.size() : end + 2;
        out.append(text.substr(i, stop - i));
        i = stop - 1;
        continue;
      }
      out += c;
      out += text[++i];
      continue;
    }
    if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      out += c;
      if (i + 1 < text.size() && text[i + 1] == '^') out += text[++i];
      if (i + 1 < text.size() && text[i + 1] == ']') out += text[++i];
      continue;
    } else if (text.substr(i).starts_with("(?<") && i + 3 < text.size() && text[i + 3] != '=' &&
               text[i + 3] != '!') {
      out += "(?P<";
      i += 2;
      continue;
    }
    out += c;
  }
  return out;
}

std::string_view view(re2::StringPiece piece) {
  return {piece.data(), piece.size()};
}

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

/// A text as Go reads it: every byte that is not UTF-8 is a U+FFFD of its own, so that `.` goes
/// past it.
class Subject {
 public:
  explicit Subject(std::string_view text) : original_(text), readable_(text) {
    if (is_ascii(text)) return;
    std::size_t valid = 0;
    while (valid < text.size()) {
      const Rune rune = decode_rune(text.substr(valid));
      if (!rune.valid) break;
      valid += rune.size;
    }
    if (valid < text.size()) mend(valid);
  }

  [[nodiscard]] re2::StringPiece readable() const { return {readable_.data(), readable_.size()}; }
  /// From a place in the original to the same in the readable text.
  [[nodiscard]] std::size_t to_readable(std::size_t at) const {
    const auto before = std::lower_bound(mended_.begin(), mended_.end(), at) - mended_.begin();
    return at + kGrowth * static_cast<std::size_t>(before);
  }
  /// From a part of the readable text to the same of the original.
  [[nodiscard]] std::string_view to_original(re2::StringPiece part) const {
    if (mended_.empty() || part.data() == nullptr) return view(part);
    const auto begin = static_cast<std::size_t>(part.data() - copy_.data());
    const std::size_t from = back(begin);
    return original_.substr(from, back(begin + part.size()) - from);
  }

 private:
  static constexpr std::size_t kGrowth = 2;  ///< a byte becomes the three of U+FFFD

  void mend(std::size_t at) {
    copy_.assign(original_.substr(0, at));
    while (at < original_.size()) {
      const Rune rune = decode_rune(original_.substr(at));
      append_utf8(copy_, rune.code);
      if (!rune.valid) mended_.push_back(at);
      at += rune.size;
    }
    readable_ = copy_;
  }
  [[nodiscard]] std::size_t back(std::size_t at) const {
    std::size_t low = 0;  // how many mended bytes lie before
    std::size_t high = mended_.size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (mended_[middle] + kGrowth * middle < at)
        low = middle + 1;
      else
        high = middle;
    }
    return at - kGrowth * low;
  }

  std::string_view original_;
  std::string_view readable_;
  std::string copy_;
  std::vector<std::size_t> mended_;  ///< places in the original
};

/// What an anchored expression comes down to, if it is simple.
struct Shortcut {
  enum class Kind : std::uint8_t { kNone, kWords, kAnything, kSomething };
  Kind kind = Kind::kNone;
  bool captured = false;           ///< all of it is one group
  std::vector<std::string> words;  ///< sorted

  [[nodiscard]] bool matches(std::string_view text) const {
    switch (kind) {
      case Kind::kWords: return std::binary_search(words.begin(), words.end(), text, std::less<>());
      case Kind::kAnything: return true;
      case Kind::kSomething: return !text.empty();
      case Kind::kNone: break;
    }
    return false;
  }
};

Shortcut find_shortcut(std::string_view text) {
  const auto has_any = [](std::string_view in, std::string_view of) {
    return in.find_first_of(of) != std::string_view::npos;
  };
  Shortcut shortcut;
  if (text.size() >= 2 && text.front() == '(' && text.back() == ')' &&
      !has_any(text.substr(1, text.size() - 2), "()\\[?")) {
    shortcut.captured = true;
    text = text.substr(1, text.size() - 2);
  }
  if (text == ".*" || text == ".+") {
    shortcut.kind = text == ".*" ? Shortcut::Kind::kAnything : Shortcut::Kind::kSomething;
    return shortcut;
  }
  if (has_any(text, "\\.+*?()[]{}^$")) return {};
  shortcut.kind = Shortcut::Kind::kWords;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('|', from), text.size());
    shortcut.words.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  std::sort(shortcut.words.begin(), shortcut.words.end());
  return shortcut;
}

}  // namespace

struct Regex::Program {
  bool find(const Subject& subject, std::size_t from, std::span<std::string_view> groups) const;

  std::string text;
  Anchor anchor = Anchor::kNone;
  std::unique_ptr<RE2> re2;
  std::vector<std::string> names;
  Shortcut shortcut;
};

bool Regex::Program::find(const Subject& subject, std::size_t from,
                          std::span<std::string_view> groups) const {
  constexpr std::size_t kFew = 16;
  std::array<re2::StringPiece, kFew> few;
  std::vector<re2::StringPiece> many;
  re2::StringPiece* found = few.data();
  const std::size_t wanted = std::min(groups.size(), names.size());
  if (wanted > kFew) {
    many.resize(wanted);
    found = many.data();
  }
  const re2::StringPiece readable = subject.readable();
  if (!re2->Match(readable, subject.to_readable(from), readable.size(), RE2::UNANCHORED, found,
                  static_cast<int>(wanted)))
    return false;
  for (std::size_t i = 0; i < wanted; ++i) groups[i] = subject.to_original(found[i]);
  std::fill(groups.begin() + static_cast<std::ptrdiff_t>(wanted), groups.end(), std::string_view());
  return true;
}

Result<Regex> Regex::compile(std::string_view text, Anchor anchor) {
  const std::string source =
      anchor == Anchor::kBoth ? "^(?s:" + go_syntax(text) + ")$" : go_syntax(text);
  auto program = std::make_shared<Program>();
  program->text = text;
  program->anchor = anchor;
  program->re2 = build_program(source);
  const RE2& re2 = *program->re2;
  if (!re2.ok()) {
    const std::string& part = re2.error_arg();
    const bool said = part.empty() || re2.error().find(part) != std::string::npos;
    return invalid("{}{}", re2.error(), said ? "" : ": `" + part + "`");
  }
  const int groups = re2.NumberOfCapturingGroups();
  if (static_cast<std::size_t>(groups) >= kMaxGroups)
    return invalid("more than {} groups", kMaxGroups - 1);
  program->names.resize(static_cast<std::size_t>(groups) + 1);
  for (const auto& [index, name] : re2.CapturingGroupNames())
    program->names[static_cast<std::size_t>(index)] = name;
  if (anchor == Anchor::kBoth) program->shortcut = find_shortcut(text);
  Regex regex;
  regex.program_ = std::move(program);
  return regex;
}

const std::string& Regex::text() const {
  static const std::string kNone;
  return program_ ? program_->text : kNone;
}

int Regex::group_count() const {
  return program_ ? static_cast<int>(program_->names.size()) - 1 : 0;
}

const std::vector<std::string>& Regex::group_names() const {
  static const std::vector<std::string> kNone;
  return program_ ? program_->names : kNone;
}

bool Regex::matches(std::string_view text) const {
  if (!program_) return false;
  if (program_->shortcut.kind != Shortcut::Kind::kNone) return program_->shortcut.matches(text);
  return program_->find(Subject(text), 0, {});
}

bool Regex::match(std::string_view text, std::span<std::string_view> groups) const {
  if (!program_) return false;
  if (text.data() == nullptr) text = "";  // null is for groups that took no part
  if (program_->shortcut.kind == Shortcut::Kind::kNone)
    return program_->find(Subject(text), 0, groups);
  if (!program_->shortcut.matches(text)) return false;
  const std::size_t filled = program_->shortcut.captured ? 2 : 1;
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i] = i < filled ? text : std::string_view();
  return true;
}

bool Regex::match_from(std::string_view text, std::size_t from,
                       std::span<std::string_view> groups) const {
  if (!program_ || from > text.size()) return false;
  if (text.data() == nullptr) text = "";
  return program_->find(Subject(text), from, groups);
}

void Regex::find_all(std::string_view text,
                     const std::function<bool(std::span<const std::string_view>)>& visit) const {
  if (!program_) return;
  if (text.data() == nullptr) text = "";
  const Subject subject(text);
  std::vector<std::string_view> groups(program_->names.size());
  std::size_t previous_end = text.size() + 1;
  for (std::size_t from = 0; from <= text.size() && program_->find(subject, from, groups);) {
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    const std::size_t end = begin + groups[0].size();
    const bool counts = end > begin || begin != previous_end;
    if (counts && !visit(groups)) return;
    previous_end = end;
    // After an empty match the search goes on behind the next character.
    from = end;
    if (end == begin) from += begin < text.size() ? decode_rune(text.substr(begin)).size : 1;
  }
}

std::string Regex::replace_all(std::string_view text, const RegexTemplate& replacement,
                               std::size_t most) const {
  if (text.data() == nullptr) text = "";
  std::string out;
  std::size_t copied = 0;
  find_all(text, [&](std::span<const std::string_view> groups) {
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    out += text.substr(copied, begin - copied);
    replacement.expand(groups, out, most);
    copied = begin + groups[0].size();
    return out.size() <= most;
  });
  out += text.substr(copied);
  return out;
}

bool operator==(const Regex& a, const Regex& b) {
  if (a.program_ == b.program_) return true;
  return a.program_ && b.program_ && a.program_->text == b.program_->text &&
         a.program_->anchor == b.program_->anchor;
}

RegexTemplate::RegexTemplate(std::string_view text, const Regex& regex) {
  const auto add_text = [this](std::string_view more) {
    if (pieces_.empty() || pieces_.back().group >= 0) pieces_.emplace_back();
    pieces_.back().text += more;
  };
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  const auto add_group = [&](std::string_view name) {
    const bool number =
        std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
    int group = -1;
    if (number) {
      const bool padded = name.size() > 1 && name[0] == '0';  // which makes it a name, of no group
      group = padded || name.size() > 4 ? -1 : std::stoi(std::string(name));
    } else {
      const auto& names = regex.group_names();
      const auto at = std::find(names.begin(), names.end(), name);
      if (at != names.end()) group = static_cast<int>(at - names.begin());
    }
    if (group < 0 || group > regex.group_count()) return;  // expands to nothing
    pieces_.push_back({{}, group});
    groups_needed_ = std::max(groups_needed_, group + 1);
  };
  while (!text.empty()) {
    const std::size_t dollar = text.find('$');
    add_text(text.substr(0, dollar));
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar + 1);
    if (text.starts_with('$')) {
      add_text("$");
      text.remove_prefix(1);
      continue;
    }
    const bool braced = text.starts_with('{');
    const std::size_t begin = braced ? 1 : 0;
    std::size_t end = begin;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end == begin || (braced && (end >= text.size() || text[end] != '}'))) {
      add_text("$");  // not a reference: as written
      continue;
    }
    add_group(text.substr(begin, end - begin));
    text.remove_prefix(end + (braced ? 1 : 0));
  }
}

void RegexTemplate::expand(std::span<const std::string_view> groups, std::string& out,
                           std::size_t most) const {
  for (const Piece& piece : pieces_) {
    if (out.size() > most) return;
    if (piece.group < 0) {
      out += piece.text;
    } else if (static_cast<std::size_t>(piece.group) < groups.size()) {
      out += groups[static_cast<std::size_t>(piece.group)];
    }
  }
}

bool RegexTemplate::constant() const {
  return std::none_of(pieces_.begin(), pieces_.end(),
                      [](const Piece& piece) { return piece.group >= 0; });
}

}  // namespace weir
