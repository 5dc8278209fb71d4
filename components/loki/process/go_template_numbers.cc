// SPDX-License-Identifier: Apache-2.0
// Functions of numbers. Most take anything for a number: a text is read as one, and what is none is
// 0.

#include "base/format.h"
#include "components/loki/process/go_string.h"
#include "components/loki/process/go_template_functions.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <random>

namespace weir::loki {
namespace {

/// "12.00" as "12".
std::string_view without_zero_decimals(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return text;
  const bool zeros = text.find_first_not_of('0', point + 1) == std::string_view::npos;
  return zeros ? text.substr(0, point) : text;
}

std::int64_t sprig_int(const GoValue& v) {
  return whole_of(v);
}
double sprig_float(const GoValue& v) {
  return real_of(v);
}
/// Decimal alone, as strconv.Atoi reads it.
std::int64_t sprig_atoi(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? out : 0;
}
/// Octal digits.
std::int64_t sprig_to_decimal(const GoValue& v) {
  const std::string text = v.text();
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 8);
  return error == std::errc() && end == text.data() + text.size() ? out : 0;
}

/// Sums and products wrap, as Go's do.
std::int64_t sprig_add(GoRest values) {
  std::uint64_t out = 0;
  for (const GoValue& v : values) out += static_cast<std::uint64_t>(whole_of(v));
  return static_cast<std::int64_t>(out);
}
std::int64_t sprig_add1(const GoValue& v) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(whole_of(v)) + 1);
}
std::int64_t sprig_sub(const GoValue& a, const GoValue& b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(whole_of(a)) -
                                   static_cast<std::uint64_t>(whole_of(b)));
}
std::int64_t sprig_mul(const GoValue& first, GoRest rest) {
  auto out = static_cast<std::uint64_t>(whole_of(first));
  for (const GoValue& v : rest) out *= static_cast<std::uint64_t>(whole_of(v));
  return static_cast<std::int64_t>(out);
}
GoAnswer sprig_div(const GoValue& a, const GoValue& b) {
  const std::int64_t by = whole_of(b);
  if (by == 0) return std::nullopt;
  return by == -1 ? GoValue{sprig_sub(GoValue{std::int64_t{0}}, a)} : GoValue{whole_of(a) / by};
}
GoAnswer sprig_mod(const GoValue& a, const GoValue& b) {
  const std::int64_t by = whole_of(b);
  if (by == 0) return std::nullopt;
  return GoValue{by == -1 ? 0 : whole_of(a) % by};
}
std::int64_t sprig_max(const GoValue& first, GoRest rest) {
  std::int64_t out = whole_of(first);
  for (const GoValue& v : rest) out = std::max(out, whole_of(v));
  return out;
}
std::int64_t sprig_min(const GoValue& first, GoRest rest) {
  std::int64_t out = whole_of(first);
  for (const GoValue& v : rest) out = std::min(out, whole_of(v));
  return out;
}

/// The library counts in decimal: 0.1 and 0.2 are 0.3. Sixteen digits of a longer number say so.
double rounded_decimal(long double v) {
  char room[64];
  const auto [end, error] =
      std::to_chars(room, room + sizeof room, v, std::chars_format::scientific, 15);
  double out = 0;
  if (error == std::errc()) std::from_chars(room, end, out);
  return out;
}
/// As written in decimal, not as a double has it.
long double exact_of(const GoValue& v) {
  return std::strtold(format("{}", real_of(v)).c_str(), nullptr);
}
template <class Change>
double counted(long double start, GoRest rest, Change change) {
  for (const GoValue& v : rest) start = change(start, exact_of(v));
  return rounded_decimal(start);
}
double sprig_addf(GoRest values) {
  return counted(0, values, [](long double a, long double b) { return a + b; });
}
double sprig_add1f(const GoValue& v) {
  return rounded_decimal(exact_of(v) + 1);
}
double sprig_subf(const GoValue& first, GoRest rest) {
  return counted(exact_of(first), rest, [](long double a, long double b) { return a - b; });
}
double sprig_mulf(const GoValue& first, GoRest rest) {
  return counted(exact_of(first), rest, [](long double a, long double b) { return a * b; });
}
GoAnswer sprig_divf(const GoValue& first, GoRest rest) {
  if (std::any_of(rest.begin(), rest.end(), [](const GoValue& v) { return real_of(v) == 0; }))
    return std::nullopt;
  return GoValue{
      counted(exact_of(first), rest, [](long double a, long double b) { return a / b; })};
}
double sprig_maxf(const GoValue& first, GoRest rest) {
  double out = real_of(first);
  for (const GoValue& v : rest) out = std::max(out, real_of(v));
  return out;
}
double sprig_minf(const GoValue& first, GoRest rest) {
  double out = real_of(first);
  for (const GoValue& v : rest) out = std::min(out, real_of(v));
  return out;
}
double sprig_floor(const GoValue& v) {
  return std::floor(real_of(v));
}
double sprig_ceil(const GoValue& v) {
  return std::ceil(real_of(v));
}
/// To so many places; up where what is cut is at least `up_from`.
double sprig_round(const GoValue& v, std::int64_t places, std::optional<double> up_from) {
  const double scale = std::pow(10.0, static_cast<double>(places));
  const double scaled = scale * real_of(v);
  double whole = 0;
  const double cut = std::modf(scaled, &whole);
  return (cut >= up_from.value_or(0.5) ? std::ceil(scaled) : std::floor(scaled)) / scale;
}

/// From `start` on while before `stop`; nothing if they are too many.
std::optional<GoValue::List> steps(std::int64_t start, std::int64_t stop, std::int64_t step) {
  GoValue::List out;
  const bool down = stop < start;
  if (down ? step >= 0 : step <= 0) return out;
  const auto apart = down ? static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(stop)
                          : static_cast<std::uint64_t>(stop) - static_cast<std::uint64_t>(start);
  const auto stride = down ? -static_cast<std::uint64_t>(step) : static_cast<std::uint64_t>(step);
  const std::uint64_t count = apart / stride + (apart % stride != 0 ? 1 : 0);
  if (count > static_cast<std::uint64_t>(kMaxMadeItems)) return std::nullopt;
  std::int64_t at = start;
  for (std::uint64_t i = 0; i < count; ++i) {
    out.push_back({at});
    if (i + 1 < count) at += step;
  }
  return out;
}
GoAnswer answer_of(std::optional<GoValue::List> list) {
  return list ? GoAnswer(GoValue{*std::move(list)}) : std::nullopt;
}
GoAnswer sprig_until(std::int64_t count) {
  return answer_of(steps(0, count, count < 0 ? -1 : 1));
}
GoAnswer sprig_until_step(std::int64_t start, std::int64_t stop, std::int64_t step) {
  return answer_of(steps(start, stop, step));
}
/// Like the tool: `last`, `first last` or `first step last`, the last included.
GoAnswer sprig_seq(GoRest values) {
  constexpr std::int64_t kMost = std::int64_t{1} << 60;
  std::vector<std::int64_t> n;
  for (const GoValue& v : values) {
    const auto* whole = std::get_if<std::int64_t>(&v.data);
    if (whole == nullptr || *whole > kMost || *whole < -kMost) return std::nullopt;
    n.push_back(*whole);
  }
  if (n.empty() || n.size() > 3) return GoValue{std::string()};
  const std::int64_t first = n.size() == 1 ? 1 : n.front();
  const std::int64_t last = n.back();
  const std::int64_t one = last < first ? -1 : 1;
  const std::int64_t step = n.size() == 3 ? n[1] : one;
  if (last < first && step > 0) return GoValue{std::string()};
  const auto list = steps(first, last + one, step);
  if (!list) return std::nullopt;
  std::string out;
  for (const GoValue& v : *list) out += (out.empty() ? "" : " ") + v.text();
  return GoValue{std::move(out)};
}
GoAnswer sprig_rand_int(std::int64_t low, std::int64_t high) {
  if (low >= high) return std::nullopt;
  std::random_device source;
  return GoValue{std::uniform_int_distribution<std::int64_t>(low, high - 1)(source)};
}

}  // namespace

std::int64_t whole_of(const GoValue& v) {
  switch (v.data.index()) {
    case 1: return std::get<bool>(v.data) ? 1 : 0;
    case 2: return std::get<std::int64_t>(v.data);
    case 3: {
      const double real = std::get<double>(v.data);
      return std::abs(real) < 9.2e18 ? static_cast<std::int64_t>(real) : 0;
    }
    case 4:
      return read_go_integer(without_zero_decimals(std::get<std::string>(v.data))).value_or(0);
    default: return 0;
  }
}

double real_of(const GoValue& v) {
  if (const auto number = TemplateLanguage::read(v, As<double>())) return *number;
  if (const auto* yes = std::get_if<bool>(&v.data)) return *yes ? 1 : 0;
  const auto* text = std::get_if<std::string>(&v.data);
  return text == nullptr ? 0 : read_go_real(*text).value_or(0);
}

TemplateFunctions number_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&sprig_int>("int"),
      go_row<&sprig_int>("int64"),
      go_row<&sprig_float>("float64"),
      go_row<&sprig_atoi>("atoi"),
      go_row<&sprig_to_decimal>("toDecimal"),
      go_row<&sprig_add>("add"),
      go_row<&sprig_add1>("add1"),
      go_row<&sprig_sub>("sub"),
      go_row<&sprig_mul>("mul"),
      go_row<&sprig_div>("div"),
      go_row<&sprig_mod>("mod"),
      go_row<&sprig_max>("max"),
      go_row<&sprig_max>("biggest"),
      go_row<&sprig_min>("min"),
      go_row<&sprig_addf>("addf"),
      go_row<&sprig_add1f>("add1f"),
      go_row<&sprig_subf>("subf"),
      go_row<&sprig_mulf>("mulf"),
      go_row<&sprig_divf>("divf"),
      go_row<&sprig_maxf>("maxf"),
      go_row<&sprig_minf>("minf"),
      go_row<&sprig_floor>("floor"),
      go_row<&sprig_ceil>("ceil"),
      go_row<&sprig_round>("round"),
      go_row<&sprig_until>("until"),
      go_row<&sprig_until_step>("untilStep"),
      go_row<&sprig_seq>("seq"),
      go_row<&sprig_rand_int>("randInt"),
  };
  return kRows;
}

}  // namespace weir::loki
