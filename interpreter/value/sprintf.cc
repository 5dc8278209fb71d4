// SPDX-License-Identifier: Apache-2.0
// Two parts: Printer writes one value by one verb with its flags; Scanner walks the format string
// and hands it arguments. A mistake is no error: it is written into the text, as
// `%!verb(type=value)`.

#include "interpreter/value/sprintf.h"

#include "base/format.h"
#include "base/utf8.h"
#include "interpreter/value/decimal.h"
#include "interpreter/value/quote.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

namespace weir::value {
namespace {

/// Widths and precisions above this are taken for mistakes.
constexpr int kMaxWidth = 1000000;

/// What stands between % and the verb.
struct Directive {
  bool plus = false, minus = false, sharp = false, space = false, zero = false;
  bool go_syntax = false;  ///< %#v
  std::optional<int> width;
  std::optional<int> precision;
};

std::string type_name(const Value& v) {
  switch (v.kind()) {
    case Kind::kNull: return "<nil>";
    case Kind::kBool: return "bool";
    case Kind::kString: return "string";
    case Kind::kArray: return "[]interface {}";
    case Kind::kObject: return "map[string]interface {}";
    case Kind::kFunction: return "function";
    case Kind::kCapsule: return "capsule";
    case Kind::kNumber: break;
  }
  switch (v.as_number().kind) {
    case Number::Kind::kInteger: return "int";
    case Number::Kind::kUnsigned: return "uint";
    case Number::Kind::kFloat: return "float64";
  }
  return {};
}

std::string c_format(const char* format, int precision, double number) {
  const int size = std::snprintf(nullptr, 0, format, precision, number);
  std::string out(static_cast<std::size_t>(size), '\0');
  std::snprintf(out.data(), out.size() + 1, format, precision, number);
  return out;
}

std::string exponent_text(int exponent, char letter) {
  return format("{}{}{:02}", letter, exponent < 0 ? '-' : '+', std::abs(exponent));
}

/// Without sign, of a finite number of no sign: as strconv writes it, precision -1 being the
/// shortest.
std::string float_digits(double number, char verb, int precision) {
  const char letter = verb == 'E' || verb == 'G' ? 'E' : 'e';
  if (verb == 'f') return precision < 0 ? plain_text(number) : c_format("%.*f", precision, number);
  if (verb == 'e' || verb == 'E')
    return c_format(letter == 'E' ? "%.*E" : "%.*e", precision, number);
  if (precision >= 0) return c_format(letter == 'E' ? "%.*G" : "%.*g", precision, number);
  // The shortest that reads back; an exponent as if six digits were asked for.
  Decimal d = shortest_decimal(number);
  const int exponent = d.digits.empty() ? 0 : d.point - 1;
  if (exponent >= -4 && exponent < 6) return plain_text(number);
  if (d.digits.size() > 1) d.digits.insert(1, ".");
  return d.digits + exponent_text(exponent, letter);
}

/// The digits of a # form: always a point, and for %g zeros up to the precision.
std::string with_point(std::string digits, char verb, std::optional<int> precision) {
  const std::size_t exponent = std::min(digits.find_first_of("eE"), digits.size());
  std::string tail = digits.substr(exponent);
  digits.resize(exponent);
  const bool has_point = digits.find('.') != std::string::npos;
  if (!has_point) digits += '.';
  if (verb == 'g' || verb == 'G' || verb == 'v') {
    const auto first = digits.find_first_not_of("0.");
    const auto significant =
        first == std::string::npos
            ? std::ptrdiff_t{1}
            : std::count_if(digits.begin() + static_cast<std::ptrdiff_t>(first), digits.end(),
                            [](char c) { return c != '.'; });
    const auto missing = std::max(std::ptrdiff_t{0}, precision.value_or(6) - significant);
    digits.append(static_cast<std::size_t>(missing), '0');
  }
  return digits + tail;
}

class Printer {
 public:
  /// Lists and objects end when `out` has more than `most` bytes.
  Printer(std::string& out, std::string& mistake, const Directive& directive, std::size_t most)
      : out_(out), mistake_(mistake), f_(directive), most_(most) {}

  void print(const Value& v, char32_t verb);
  /// `%!verb(...)`, remembered as the mistake.
  void wrong(std::string text) {
    if (mistake_.empty()) mistake_ = text;
    out_ += text;
  }

 private:
  void bad_verb(const Value& v, char32_t verb);
  void boolean(const Value& v, char32_t verb);
  void number(const Value& v, char32_t verb);
  void integer(const Value& v, std::uint64_t magnitude, bool negative, char32_t verb);
  void digits(std::uint64_t magnitude, bool negative, unsigned base, char32_t verb);
  void floating(double number, char verb, std::optional<int> fallback);
  void string(const std::string& text, const Value& v, char32_t verb);
  void list(const Array& array, char32_t verb);
  void map(const Object& object, char32_t verb);
  void element(const Value& v, char32_t verb);

  /// Writes text in the field's width.
  void pad(std::string_view text);
  void pad_without_zeros(std::string_view text);
  std::string truncated(std::string_view text) const;

  std::string& out_;
  std::string& mistake_;
  Directive f_;
  const std::size_t most_;
};

std::string verb_text(char32_t verb) {
  std::string out;
  append_utf8(out, verb);
  return out;
}

void Printer::pad(std::string_view text) {
  const std::size_t length = count_runes(text);
  const std::size_t width = static_cast<std::size_t>(f_.width.value_or(0));
  const std::size_t missing = width > length ? width - length : 0;
  if (f_.minus) {
    out_ += text;
    out_.append(missing, ' ');
  } else {
    out_.append(missing, f_.zero ? '0' : ' ');
    out_ += text;
  }
}

void Printer::pad_without_zeros(std::string_view text) {
  const bool zero = std::exchange(f_.zero, false);
  pad(text);
  f_.zero = zero;
}

std::string Printer::truncated(std::string_view text) const {
  if (!f_.precision) return std::string(text);
  std::size_t end = 0;
  for (int i = 0; i < *f_.precision && end < text.size(); ++i)
    end += decode_rune(text.substr(end)).size;
  return std::string(text.substr(0, end));
}

void Printer::bad_verb(const Value& v, char32_t verb) {
  std::string text = format("%!{}(", verb_text(verb));
  if (v.is_null()) {
    text += "<nil>";
  } else {
    text += type_name(v) + '=';
    std::string ignored;
    Printer(text, ignored, Directive{}, most_).print(v, 'v');
  }
  wrong(text + ')');
}

void Printer::print(const Value& v, char32_t verb) {
  if (verb == 'T') return pad(type_name(v));
  switch (v.kind()) {
    case Kind::kNull: return verb == 'v' ? pad("<nil>") : bad_verb(v, verb);
    case Kind::kBool: return boolean(v, verb);
    case Kind::kNumber: return number(v, verb);
    case Kind::kString: return string(v.as_string(), v, verb);
    case Kind::kArray: return list(v.as_array(), verb);
    case Kind::kObject: return map(v.as_object(), verb);
    case Kind::kFunction: return pad("function");
    case Kind::kCapsule: break;
  }
  const auto* text = v.as_optional_secret();
  if (text != nullptr && !text->secret) return string(text->text, v, verb);
  pad(display(v.as_capsule()));
}

void Printer::boolean(const Value& v, char32_t verb) {
  if (verb != 't' && verb != 'v') return bad_verb(v, verb);
  pad(v.as_bool() ? "true" : "false");
}

void Printer::number(const Value& v, char32_t verb) {
  const Number& n = v.as_number();
  if (n.kind == Number::Kind::kInteger) {
    const auto bits = static_cast<std::uint64_t>(n.integer);
    return integer(v, n.integer < 0 ? -bits : bits, n.integer < 0, verb);
  }
  if (n.kind == Number::Kind::kUnsigned) return integer(v, n.natural, false, verb);
  switch (verb) {
    case 'v':
    case 'g':
    case 'G': return floating(n.real, verb == 'G' ? 'G' : 'g', std::nullopt);
    case 'e':
    case 'E': return floating(n.real, static_cast<char>(verb), 6);
    case 'f':
    case 'F': return floating(n.real, 'f', 6);
    default: return bad_verb(v, verb);
  }
}

void Printer::integer(const Value& v, std::uint64_t magnitude, bool negative, char32_t verb) {
  const auto code =
      negative || magnitude > 0x10FFFF ? kReplacementRune : static_cast<char32_t>(magnitude);
  std::string rune;
  append_utf8(rune, code);
  switch (verb) {
    case 'v':
      if (f_.go_syntax && v.as_number().kind == Number::Kind::kUnsigned) {
        f_.sharp = true;
        return digits(magnitude, negative, 16, 'x');
      }
      return digits(magnitude, negative, 10, verb);
    case 'd': return digits(magnitude, negative, 10, verb);
    case 'b': return digits(magnitude, negative, 2, verb);
    case 'o':
    case 'O': return digits(magnitude, negative, 8, verb);
    case 'x':
    case 'X': return digits(magnitude, negative, 16, verb);
    case 'c': return pad(rune);
    case 'q': {
      std::string quoted = quote(rune, f_.plus);
      quoted = rune == "\"" ? "\"" : quoted.substr(1, quoted.size() - 2);
      return pad(format("'{}'", rune == "'" ? "\\'" : quoted));
    }
    case 'U': {
      std::string text = format("U+{:04X}", magnitude);
      if (f_.sharp && is_printable(code)) text += format(" '{}'", rune);
      return pad_without_zeros(text);
    }
    default: return bad_verb(v, verb);
  }
}

void Printer::digits(std::uint64_t magnitude, bool negative, unsigned base, char32_t verb) {
  const std::string_view alphabet = verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  for (std::uint64_t rest = magnitude; rest != 0; rest /= base) text += alphabet[rest % base];
  const bool sign = negative || f_.plus || f_.space;
  int least = f_.precision.value_or(1);
  if (f_.precision == 0 && magnitude == 0) return pad_without_zeros("");
  if (!f_.precision && f_.zero && !f_.minus && f_.width) least = *f_.width - (sign ? 1 : 0);
  if (text.size() < static_cast<std::size_t>(std::max(least, 0)))
    text.append(static_cast<std::size_t>(least) - text.size(), '0');
  if (f_.sharp) {
    if (base == 2) text += "b0";
    if (base == 8 && text.back() != '0') text += '0';
    if (base == 16) text += verb == 'X' ? "X0" : "x0";
  }
  if (verb == 'O') text += "o0";
  if (sign) text += negative ? '-' : f_.plus ? '+' : ' ';
  std::reverse(text.begin(), text.end());
  pad_without_zeros(text);
}

void Printer::floating(double number, char verb, std::optional<int> fallback) {
  const std::string sign = std::signbit(number) && !std::isnan(number) ? "-"
                           : f_.plus                                   ? "+"
                           : f_.space                                  ? " "
                                                                       : "";
  if (!std::isfinite(number)) {
    const bool bare = sign.empty() && std::isinf(number);
    return pad_without_zeros((bare ? "+" : sign) + (std::isnan(number) ? "NaN" : "Inf"));
  }
  const auto precision = f_.precision ? f_.precision : fallback;
  std::string text = float_digits(std::fabs(number), verb, precision.value_or(-1));
  if (f_.sharp) text = with_point(std::move(text), verb, precision);
  const std::size_t width = static_cast<std::size_t>(f_.width.value_or(0));
  if (f_.zero && !f_.minus && width > text.size() + sign.size()) {
    text.insert(0, width - text.size() - sign.size(), '0');
  }
  pad_without_zeros(sign + text);
}

std::string hex_of(std::string_view bytes, bool upper, bool sharp, bool space) {
  std::string out;
  for (const char c : bytes) {
    if (space && !out.empty()) out += ' ';
    if (sharp && (space || out.empty())) out += upper ? "0X" : "0x";
    const auto byte = static_cast<unsigned char>(c);
    out += upper ? format("{:02X}", byte) : format("{:02x}", byte);
  }
  return out;
}

void Printer::string(const std::string& text, const Value& v, char32_t verb) {
  switch (verb) {
    case 'v': return pad(f_.go_syntax ? quote(truncated(text)) : truncated(text));
    case 's': return pad(truncated(text));
    case 'x':
    case 'X': {
      const std::size_t length =
          std::min(text.size(), static_cast<std::size_t>(f_.precision.value_or(kMaxWidth + 1)));
      const std::size_t bytes = f_.precision ? length : text.size();
      return pad(hex_of(std::string_view(text).substr(0, bytes), verb == 'X', f_.sharp, f_.space));
    }
    case 'q': {
      const std::string cut = truncated(text);
      const bool raw =
          f_.sharp && std::all_of(cut.begin(), cut.end(), [](char c) {
            return c != '`' && c != '\x7f' && (static_cast<unsigned char>(c) >= ' ' || c == '\t');
          });
      return pad(raw ? format("`{}`", cut) : quote(cut, f_.plus));
    }
    default: return bad_verb(v, verb);
  }
}

void Printer::element(const Value& v, char32_t verb) {
  if (!v.is_null()) return print(v, verb);
  pad(f_.go_syntax ? "interface {}(nil)" : "<nil>");
}

void Printer::list(const Array& array, char32_t verb) {
  out_ += f_.go_syntax ? "[]interface {}{" : "[";
  for (std::size_t i = 0; i < array.size() && out_.size() <= most_; ++i) {
    if (i != 0) out_ += f_.go_syntax ? ", " : " ";
    element(array[i], verb);
  }
  out_ += f_.go_syntax ? '}' : ']';
}

void Printer::map(const Object& object, char32_t verb) {
  std::vector<std::pair<std::string, Value>> members = object.members;
  std::sort(members.begin(), members.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  out_ += f_.go_syntax ? "map[string]interface {}{" : "map[";
  for (std::size_t i = 0; i < members.size() && out_.size() <= most_; ++i) {
    if (i != 0) out_ += f_.go_syntax ? ", " : " ";
    print(Value(members[i].first), verb);
    out_ += ':';
    element(members[i].second, verb);
  }
  out_ += f_.go_syntax ? '}' : ']';
}

/// Walks the format.
class Scanner {
 public:
  Scanner(std::string_view format, std::span<const Value> args, std::size_t most)
      : format_(format), args_(args), most_(most) {}
  Result<Formatted> run();

 private:
  void directive();
  void flags();
  /// `[n]`, if it is there: the next argument is the nth.
  void index();
  std::optional<int> digits();
  /// The next argument as a width or precision; nothing if it is none.
  std::optional<int> star();
  void width();
  void precision();
  void verb();
  void extra();
  void wrong(std::string text) {
    Printer(out_.text, out_.mistake, f_, most_).wrong(std::move(text));
  }

  [[nodiscard]] bool at(char c) const { return at_ < format_.size() && format_[at_] == c; }

  std::string_view format_;
  std::span<const Value> args_;
  const std::size_t most_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;      ///< argument
  bool good_index_ = true;    ///< of this directive
  bool after_index_ = false;  ///< an index stands right before
  bool reordered_ = false;    ///< some directive had an index
  Directive f_;
  Formatted out_;
};

Result<Formatted> Scanner::run() {
  while (at_ < format_.size()) {
    const std::size_t percent = std::min(format_.find('%', at_), format_.size());
    out_.text += format_.substr(at_, percent - at_);
    at_ = percent + 1;
    if (percent < format_.size()) directive();
    if (out_.text.size() > most_) return invalid("makes more than {} MiB", most_ >> 20);
  }
  if (!reordered_ && next_ < args_.size()) extra();
  return std::move(out_);
}

void Scanner::directive() {
  f_ = {};
  good_index_ = true;
  flags();
  index();
  width();
  precision();
  if (!after_index_) index();
  verb();
  after_index_ = false;
}

void Scanner::flags() {
  for (; at_ < format_.size(); ++at_) {
    switch (format_[at_]) {
      case '+': f_.plus = true; break;
      case '-': f_.minus = true; break;
      case '#': f_.sharp = true; break;
      case ' ': f_.space = true; break;
      case '0': f_.zero = true; break;
      default: return;
    }
  }
}

std::optional<int> Scanner::digits() {
  std::optional<int> out;
  for (; at_ < format_.size() && format_[at_] >= '0' && format_[at_] <= '9'; ++at_) {
    out = out.value_or(0) * 10 + (format_[at_] - '0');
    if (*out > kMaxWidth) {  // no such width is meant: the rest of the format is given up
      at_ = format_.size();
      return std::nullopt;
    }
  }
  return out;
}

void Scanner::index() {
  if (!at('[')) return;
  reordered_ = true;
  const std::size_t close = format_.find(']', at_);
  if (close == std::string_view::npos) {
    good_index_ = false;
    ++at_;
    return;
  }
  ++at_;
  const auto number = digits();
  const bool good =
      number && at_ == close && *number >= 1 && static_cast<std::size_t>(*number) <= args_.size();
  at_ = close + 1;
  good_index_ = good_index_ && good;
  if (good) next_ = static_cast<std::size_t>(*number) - 1;
  after_index_ = true;
}

std::optional<int> Scanner::star() {
  ++at_;
  after_index_ = false;
  if (next_ >= args_.size()) return std::nullopt;
  const Value& arg = args_[next_++];
  if (arg.kind() != Kind::kNumber || arg.as_number().kind != Number::Kind::kInteger)
    return std::nullopt;
  const std::int64_t number = arg.as_number().integer;
  if (number > kMaxWidth || number < -kMaxWidth) return std::nullopt;
  return static_cast<int>(number);
}

void Scanner::width() {
  if (at('*')) {
    f_.width = star();
    if (!f_.width) wrong("%!(BADWIDTH)");
    if (f_.width && *f_.width < 0) {
      f_.width = -*f_.width;
      f_.minus = true;
    }
    return;
  }
  f_.width = digits();
  if (after_index_ && f_.width) good_index_ = false;
}

void Scanner::precision() {
  if (!at('.')) return;
  ++at_;
  if (after_index_) good_index_ = false;
  index();
  if (at('*')) {
    f_.precision = star();
    if (f_.precision && *f_.precision >= 0) return;
    if (!f_.precision) wrong("%!(BADPREC)");
    if (f_.precision) {
      f_.precision.reset();
      wrong("%!(BADPREC)");
    }
    return;
  }
  f_.precision = digits().value_or(0);
}

void Scanner::verb() {
  if (at_ >= format_.size()) return wrong("%!(NOVERB)");
  const Rune rune = decode_rune(format_.substr(at_));
  at_ += rune.size;
  if (rune.code == '%') {
    out_.text += '%';
    return;
  }
  if (!good_index_) return wrong(format("%!{}(BADINDEX)", verb_text(rune.code)));
  if (next_ >= args_.size()) return wrong(format("%!{}(MISSING)", verb_text(rune.code)));
  if (rune.code == 'v' && f_.sharp) {
    f_.sharp = false;
    f_.go_syntax = true;
  }
  if (rune.code == 'v') f_.plus = false;  // asks for names of fields, not for a sign
  if (f_.minus) f_.zero = false;
  Printer(out_.text, out_.mistake, f_, most_).print(args_[next_++], rune.code);
}

void Scanner::extra() {
  std::string text = "%!(EXTRA ";
  std::string ignored;
  for (std::size_t i = next_; i < args_.size(); ++i) {
    if (i != next_) text += ", ";
    if (!args_[i].is_null()) text += type_name(args_[i]) + '=';
    Printer(text, ignored, Directive{}, most_).print(args_[i], 'v');
  }
  f_ = {};
  wrong(text + ')');
}

}  // namespace

Result<Formatted> sprintf(std::string_view format, std::span<const Value> args, std::size_t most) {
  return Scanner(format, args, most).run();
}

}  // namespace weir::value
