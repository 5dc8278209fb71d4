// SPDX-License-Identifier: Apache-2.0
#include "base/regex.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>

namespace weir {
namespace {

/// Bounds one expression's automata; an expression that needs more is refused when it is compiled.
constexpr std::int64_t kMaxMemory = 16 << 20;
constexpr std::size_t kMaxGroups = 256;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  return options;
}

/// RE2 of Debian 12 has (?P<name>...) only; Go also takes (?<name>...). Brackets and escapes are passed over.
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
    } else if (text.substr(i).starts_with("(?<") && i + 3 < text.size() && text[i + 3] != '=' && text[i + 3] != '!') {
      out += "(?P<";
      i += 2;
      continue;
    }
    out += c;
  }
  return out;
}

bool is_plain(std::string_view text) {
  return text.find_first_of("\\.+*?()|[]{}^$") == std::string_view::npos;
}

std::string_view view(re2::StringPiece piece) { return {piece.data(), piece.size()}; }

}  // namespace

struct Regex::Program {
  Program(std::string_view given, std::string_view source, Anchor anchor_at)
      : text(given), anchor(anchor_at), program(re2::StringPiece(source.data(), source.size()), options()) {}

  std::string text;
  Anchor anchor;
  RE2 program;
  std::vector<std::string> names;
  std::string literal;
  bool is_literal = false;
};

Result<Regex> Regex::compile(std::string_view text, Anchor anchor) {
  const std::string source = anchor == Anchor::kBoth ? "^(?s:" + go_syntax(text) + ")$" : go_syntax(text);
  auto program = std::make_shared<Program>(text, source, anchor);
  if (!program->program.ok()) {
    const std::string& part = program->program.error_arg();
    return invalid("{}{}", program->program.error(), part.empty() || program->program.error().find(part) != std::string::npos ? "" : ": `" + part + "`");
  }
  const int groups = program->program.NumberOfCapturingGroups();
  if (static_cast<std::size_t>(groups) >= kMaxGroups) return invalid("more than {} groups", kMaxGroups - 1);
  program->names.resize(static_cast<std::size_t>(groups) + 1);
  for (const auto& [index, name] : program->program.CapturingGroupNames()) program->names[static_cast<std::size_t>(index)] = name;
  program->is_literal = anchor == Anchor::kBoth && is_plain(text);
  if (program->is_literal) program->literal = text;
  Regex regex;
  regex.program_ = std::move(program);
  return regex;
}

const std::string& Regex::text() const {
  static const std::string kNone;
  return program_ ? program_->text : kNone;
}

int Regex::group_count() const { return program_ ? static_cast<int>(program_->names.size()) - 1 : 0; }

const std::vector<std::string>& Regex::group_names() const {
  static const std::vector<std::string> kNone;
  return program_ ? program_->names : kNone;
}

const std::string* Regex::literal() const { return program_ && program_->is_literal ? &program_->literal : nullptr; }

bool Regex::matches(std::string_view text) const {
  if (!program_) return false;
  if (program_->is_literal) return text == program_->literal;
  return program_->program.Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

bool Regex::match(std::string_view text, std::span<std::string_view> groups) const { return match_from(text, 0, groups); }

bool Regex::match_from(std::string_view text, std::size_t from, std::span<std::string_view> groups) const {
  if (!program_ || from > text.size()) return false;
  re2::StringPiece found[kMaxGroups];
  const std::size_t wanted = std::min(groups.size(), program_->names.size());
  if (!program_->program.Match({text.data(), text.size()}, from, text.size(), RE2::UNANCHORED, found, static_cast<int>(wanted))) {
    return false;
  }
  for (std::size_t i = 0; i < wanted; ++i) groups[i] = view(found[i]);
  std::fill(groups.begin() + static_cast<std::ptrdiff_t>(wanted), groups.end(), std::string_view());
  return true;
}

bool operator==(const Regex& a, const Regex& b) {
  if (a.program_ == b.program_) return true;
  return a.program_ && b.program_ && a.program_->text == b.program_->text && a.program_->anchor == b.program_->anchor;
}

RegexTemplate::RegexTemplate(std::string_view text, const Regex& regex) {
  const auto add_text = [this](std::string_view more) {
    if (pieces_.empty() || pieces_.back().group >= 0) pieces_.emplace_back();
    pieces_.back().text += more;
  };
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  const auto add_group = [&](std::string_view name) {
    const bool number = std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
    int group = -1;
    if (number) {
      group = name.size() > 4 ? -1 : std::stoi(std::string(name));
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

void RegexTemplate::expand(std::span<const std::string_view> groups, std::string& out) const {
  for (const Piece& piece : pieces_) {
    if (piece.group < 0) {
      out += piece.text;
    } else if (static_cast<std::size_t>(piece.group) < groups.size()) {
      out += groups[static_cast<std::size_t>(piece.group)];
    }
  }
}

bool RegexTemplate::constant() const {
  return std::none_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return piece.group >= 0; });
}

}  // namespace weir
