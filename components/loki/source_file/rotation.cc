// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/rotation.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <utility>

namespace weir::loki {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_separator(char c) {
  return c == '.' || c == '-' || c == '_' || c == '@';
}

/// "12.log": how the kubelet names the logs of a container's restarts.
std::optional<unsigned long> restart_number(std::string_view name) {
  unsigned long number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const auto digits = static_cast<std::size_t>(end - name.data());
  if (error != std::errc() || name.substr(digits) != ".log") return std::nullopt;
  return number;
}

/// A separator and a date or serial number of at least six digits: "-20261121", ".2026-11-21_1".
bool is_date(std::string_view text) {
  const bool shaped =
      !text.empty() && is_separator(text.front()) &&
      std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_separator(c); });
  return shaped && std::count_if(text.begin(), text.end(), is_digit) >= 6;
}

/// What stands between the stem of `base` and its end in "stem-20261121.log".
std::optional<std::string_view> date_inside(std::string_view base, std::string_view name) {
  const std::size_t dot = base.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view stem = base.substr(0, dot), end = base.substr(dot);
  if (name.size() <= base.size() || !name.starts_with(stem) || !name.ends_with(end))
    return std::nullopt;
  const std::string_view inside = name.substr(stem.size(), name.size() - base.size());
  return is_date(inside) ? std::optional(inside) : std::nullopt;
}

/// What a rotated name tells of its age.
struct Generation {
  enum class Kind { kNumber, kDate, kRestart } kind;
  unsigned long number = 0;
  std::string_view date = {};
};

std::optional<Generation> generation_of(std::string_view base, std::string_view name) {
  name = unpacked_name(name);
  if (name.size() > base.size() && name.starts_with(base)) {
    const std::string_view end = name.substr(base.size());
    if (is_date(end)) return Generation{Generation::Kind::kDate, 0, end};
    unsigned long number = 0;
    const auto [stop, error] = std::from_chars(end.data() + 1, end.data() + end.size(), number);
    if (error != std::errc() || stop != end.data() + end.size()) return std::nullopt;
    return Generation{Generation::Kind::kNumber, number};
  }
  if (const auto inside = date_inside(base, name))
    return Generation{Generation::Kind::kDate, 0, *inside};
  if (const auto number = restart_number(name))
    return Generation{Generation::Kind::kRestart, *number};
  return std::nullopt;
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), &::free);
  return real ? std::string(real.get()) : path;
}

std::optional<codec::Compression> packed_as(std::string_view name) {
  if (name.ends_with(".gz")) return codec::Compression::kGzip;
  if (name.ends_with(".bz2")) return codec::Compression::kBzip2;
  return std::nullopt;
}

std::string_view unpacked_name(std::string_view name) {
  return packed_as(name) ? name.substr(0, name.rfind('.')) : name;
}

bool looks_rotated(std::string_view base, std::string_view name) {
  static constexpr std::array<std::string_view, 10> kNotLines = {
      ".zst", ".xz", ".zip", ".lz4", ".Z", ".tmp", ".swp", ".lock", ".pos", "~"};
  name = unpacked_name(name);
  if (name == base || std::any_of(kNotLines.begin(), kNotLines.end(),
                                  [&](std::string_view end) { return name.ends_with(end); }))
    return false;
  if (name.starts_with(base)) return is_separator(name[base.size()]);
  if (restart_number(base) && restart_number(name)) return true;
  return date_inside(base, name).has_value();
}

std::optional<bool> rotated_before(std::string_view base, std::string_view a, std::string_view b) {
  const auto one = generation_of(base, a), other = generation_of(base, b);
  if (!one || !other || one->kind != other->kind) return std::nullopt;
  switch (one->kind) {
    case Generation::Kind::kNumber: return one->number > other->number;
    case Generation::Kind::kRestart: return one->number < other->number;
    case Generation::Kind::kDate: break;
  }
  return one->date < other->date;
}

}  // namespace weir::loki
