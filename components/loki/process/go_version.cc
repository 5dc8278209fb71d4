// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/go_version.h"

#include "components/loki/process/go_text.h"

#include <algorithm>
#include <charconv>

namespace weir::loki {
namespace {

constexpr std::string_view kVersionDigits = "0123456789";

std::optional<std::int64_t> version_number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || text.find_first_not_of(kVersionDigits) != std::string_view::npos ||
      error != std::errc())
    return std::nullopt;
  return out;
}
bool is_identifiers(std::string_view text) {
  for (const std::string_view part : split_text(text, ".")) {
    const bool good = std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    });
    if (part.empty() || !good) return false;
  }
  return true;
}

int order_of(std::int64_t a, std::int64_t b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
/// Numbers before words, numbers by size; of equal beginnings the shorter first.
int compare_identifiers(std::string_view a, std::string_view b) {
  const auto one = version_number(a);
  const auto other = version_number(b);
  if (one && other) return order_of(*one, *other);
  if (one || other) return one ? -1 : 1;
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}
int compare_prereleases(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return order_of(a.empty() ? 1 : 0, b.empty() ? 1 : 0);
  const auto x = split_text(a, ".");
  const auto y = split_text(b, ".");
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    if (const int order = compare_identifiers(x[i], y[i]); order != 0) return order;
  }
  return order_of(static_cast<std::int64_t>(x.size()), static_cast<std::int64_t>(y.size()));
}

/// A version of a term, where `x`, `X` and `*` stand for any number, as ones left out do.
std::optional<GoVersion> read_wanted(std::string_view text) {
  const std::size_t tail = std::min(text.find_first_of("-+"), text.size());
  std::string numbers;
  for (const std::string_view part : split_text(without_prefix(text.substr(0, tail), "v"), ".")) {
    if (part == "x" || part == "X" || part == "*") break;
    if (!numbers.empty()) numbers += '.';
    numbers += part;
  }
  if (numbers.empty() && tail == text.size() && !text.empty()) {
    GoVersion any;
    any.given = 0;
    return any;
  }
  return GoVersion::read(numbers + std::string(text.substr(tail)));
}

/// The first version behind those that agree with `wanted` in its first `count` numbers.
GoVersion behind(const GoVersion& wanted, std::size_t count) {
  GoVersion out;
  for (std::size_t i = 0; i < count; ++i) out.numbers[i] = wanted.numbers[i];
  if (count > 0) ++out.numbers[count - 1];
  return out;
}
bool is_within(const GoVersion& version, const GoVersion& wanted, std::size_t count) {
  if (compare_versions(version, wanted) < 0) return false;
  if (count == 0) return true;
  GoVersion release = version;
  release.prerelease.clear();
  return compare_versions(release, behind(wanted, count)) < 0;
}
/// How many numbers `^` keeps: up to the first that is not 0.
std::size_t caret_count(const GoVersion& wanted) {
  for (std::size_t i = 0; i < wanted.given; ++i) {
    if (wanted.numbers[i] != 0) return i + 1;
  }
  return wanted.given;
}

bool term_holds(const GoVersion& version, std::string_view sign, const GoVersion& wanted) {
  if (!version.prerelease.empty() && wanted.prerelease.empty()) return false;
  const int order = compare_versions(version, wanted);
  const bool within = is_within(version, wanted, wanted.given);
  const bool exact = wanted.given == 3;
  if (sign == "!=") return exact ? order != 0 : !within;
  if (sign == "<") return order < 0;
  if (sign == ">=" || sign == "=>") return order >= 0;
  if (sign == ">") return order > 0 && (exact || !within);
  if (sign == "<=" || sign == "=<") return order <= 0 || (!exact && within);
  if (sign == "~" || sign == "~>")
    return is_within(version, wanted, std::min<std::size_t>(wanted.given, 2));
  if (sign == "^") return is_within(version, wanted, caret_count(wanted));
  return exact ? order == 0 : within;
}

std::optional<bool> all_hold(const GoVersion& version, std::string_view terms) {
  constexpr std::string_view kApart = " ,\t";
  bool holds = true;
  bool any = false;
  const auto next = [&]() -> std::string_view {
    terms.remove_prefix(std::min(terms.find_first_not_of(kApart), terms.size()));
    const std::string_view word = terms.substr(0, terms.find_first_of(kApart));
    terms.remove_prefix(word.size());
    return word;
  };
  for (std::string_view word = next(); !word.empty(); word = next()) {
    const std::string_view sign = word.substr(0, word.find_first_not_of("=!<>~^"));
    static constexpr std::string_view kSigns[] = {"",  "=",  "!=", "<", "<=", "=<",
                                                  ">", ">=", "=>", "~", "~>", "^"};
    if (std::find(std::begin(kSigns), std::end(kSigns), sign) == std::end(kSigns))
      return std::nullopt;
    word.remove_prefix(sign.size());
    const auto wanted = read_wanted(word.empty() ? next() : word);  // "> 1" has a blank
    if (!wanted) return std::nullopt;
    any = true;
    std::string_view rest = terms;
    rest.remove_prefix(std::min(rest.find_first_not_of(kApart), rest.size()));
    if (sign.empty() && rest.starts_with("- ")) {  // from - to
      next();
      const auto last = read_wanted(next());
      if (!last) return std::nullopt;
      holds = holds && term_holds(version, ">=", *wanted) && term_holds(version, "<=", *last);
      continue;
    }
    holds = holds && term_holds(version, sign, *wanted);
  }
  return any ? std::optional(holds) : std::nullopt;
}

}  // namespace

std::optional<GoVersion> GoVersion::read(std::string_view text) {
  constexpr std::size_t kMaxVersion = 256;
  if (text.size() > kMaxVersion) return std::nullopt;
  text = without_prefix(text, "v");
  GoVersion out;
  const auto tail = [&](char mark, std::string& into) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return true;
    into = text.substr(at + 1);
    text = text.substr(0, at);
    return is_identifiers(into);
  };
  if (!tail('+', out.metadata) || !tail('-', out.prerelease)) return std::nullopt;
  const auto parts = split_text(text, ".");
  if (parts.size() > 3) return std::nullopt;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = version_number(parts[i]);
    if (!number) return std::nullopt;
    out.numbers[i] = *number;
  }
  out.given = parts.size();
  return out;
}

int compare_versions(const GoVersion& a, const GoVersion& b) {
  for (std::size_t i = 0; i < a.numbers.size(); ++i) {
    if (a.numbers[i] != b.numbers[i]) return order_of(a.numbers[i], b.numbers[i]);
  }
  return compare_prereleases(a.prerelease, b.prerelease);
}

std::optional<bool> satisfies(const GoVersion& version, std::string_view constraint) {
  bool any = false;
  for (const std::string_view terms : split_text(constraint, "||")) {
    const auto holds = all_hold(version, terms);
    if (!holds) return std::nullopt;
    any = any || *holds;
  }
  return any;
}

}  // namespace weir::loki
