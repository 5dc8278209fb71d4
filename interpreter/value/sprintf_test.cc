// SPDX-License-Identifier: Apache-2.0
#include "interpreter/value/sprintf.h"

#include <gtest/gtest.h>

#include <limits>

namespace weir::value {
namespace {

constexpr std::size_t kSprintfMost = std::size_t{1} << 20;

Value integer(std::int64_t n) {
  return Value::integer(n);
}
Value real(double n) {
  return Value::real(n);
}

struct FormatCase {
  std::string_view format;
  std::vector<Value> args;
  std::string_view text;
};

void check(const std::vector<FormatCase>& cases) {
  for (const FormatCase& c : cases) {
    const auto made = sprintf(c.format, c.args, kSprintfMost);
    ASSERT_TRUE(made) << c.format;
    EXPECT_EQ(made->text, c.text) << c.format;
    EXPECT_EQ(made->mistake.empty(), c.text.find("%!") == std::string_view::npos) << c.format;
  }
}

TEST(Sprintf, Integers) {
  check({
      {"%d %v %+d % d", {integer(42), integer(-7), integer(5), integer(5)}, "42 -7 +5  5"},
      {"%x %X %#x %o %#o %O %b %#b",
       {integer(255), integer(255), integer(255), integer(8), integer(8), integer(8), integer(5),
        integer(5)},
       "ff FF 0xff 10 010 0o10 101 0b101"},
      {"%x", {integer(-255)}, "-ff"},
      {"[%5d|%-5d|%05d|%+05d|%-05d]",
       {integer(42), integer(42), integer(42), integer(42), integer(42)},
       "[   42|42   |00042|+0042|42   ]"},
      {"[%.3d|%6.3d|%06.3d|%.0d]",
       {integer(7), integer(7), integer(7), integer(0)},
       "[007|   007|   007|]"},
      {"%c%c %q %U %#U",
       {integer('A'), integer(0xE9), integer('x'), integer(0x41), integer(0x263A)},
       "A\u00e9 'x' U+0041 U+263A '\u263a'"},
      {"%q %q %c", {integer('\''), integer('"'), integer(-1)}, "'\\'' '\"' \uFFFD"},
      {"%d", {integer(std::numeric_limits<std::int64_t>::min())}, "-9223372036854775808"},
      {"%d %#v",
       {Value::natural(~std::uint64_t{0}), Value::natural(255)},
       "18446744073709551615 0xff"},
      {"%#v", {integer(1)}, "1"},
  });
}

TEST(Sprintf, Floats) {
  check({
      {"%v %v %v %v", {real(3.0), real(1e6), real(123456.0), real(1e-5)}, "3 1e+06 123456 1e-05"},
      {"%g %G", {real(1234567), real(1e-7)}, "1.234567e+06 1E-07"},
      {"%f %.2f %8.3f|%-8.1f|%08.2f",
       {real(3.14159), real(3.14159), real(3.14159), real(2.5), real(-2.5)},
       "3.141590 3.14    3.142|2.5     |-0002.50"},
      {"%e %.1E %.3g", {real(1234.5), real(1234.5), real(1234.5)}, "1.234500e+03 1.2E+03 1.23e+03"},
      {"%+.1f % .1f", {real(1), real(1)}, "+1.0  1.0"},
      {"%#g %#.3g %#v", {real(1), real(1234), real(1)}, "1.00000 1.23e+03 1"},
      {"%v %v %+v %05v",
       {real(std::numeric_limits<double>::infinity()),
        real(-std::numeric_limits<double>::infinity()),
        real(std::numeric_limits<double>::quiet_NaN()),
        real(std::numeric_limits<double>::infinity())},
       "+Inf -Inf NaN  +Inf"},
      {"%+v %+v", {integer(5), real(1.5)}, "5 1.5"},
  });
}

TEST(Sprintf, Texts) {
  check({
      {"%s|%5s|%-5s|%.2s|%5.1s",
       {Value("a\u00e9"), Value("a\u00e9"), Value("a\u00e9"), Value("h\u00e9llo"), Value("xyz")},
       "a\u00e9|   a\u00e9|a\u00e9   |h\u00e9|    x"},
      {"%q %#q %+q",
       {Value("a\"\n"), Value("a\"b"), Value("\u00e9")},
       "\"a\\\"\\n\" `a\"b` \"\\u00e9\""},
      {"%x %X % x %#x %# x %.1x",
       {Value("hi"), Value("hi"), Value("hi"), Value("hi"), Value("hi"), Value("hi")},
       "6869 6869 68 69 0x6869 0x68 0x69 68"},
      {"%v %#v %T", {Value("a"), Value("a"), Value("a")}, "a \"a\" string"},
      {"%t %v %7t", {Value(true), Value(false), Value(true)}, "true false    true"},
      {"100%%", {}, "100%"},
  });
}

TEST(Sprintf, ListsAndObjects) {
  const Value list(Array{integer(1), Value("a"), Value()});
  const Value map(Object{{{"b", integer(2)}, {"a", list}}, true});
  check({
      {"%v", {list}, "[1 a <nil>]"},
      {"%v", {map}, "map[a:[1 a <nil>] b:2]"},
      {"%+v", {map}, "map[a:[1 a <nil>] b:2]"},
      {"%#v",
       {map},
       "map[string]interface {}{\"a\":[]interface {}{1, \"a\", interface {}(nil)}, \"b\":2}"},
      {"%T %T %T %T",
       {list, map, Value(), real(1)},
       "[]interface {} map[string]interface {} <nil> float64"},
      {"%d", {list}, "[1 %!d(string=a) <nil>]"},
      {"%3d", {Value(Array{integer(1), integer(2)})}, "[  1   2]"},
      {"%v %s", {Value(), Value()}, "<nil> %!s(<nil>)"},
  });
}

TEST(Sprintf, MistakesStandInTheText) {
  check({
      {"%d", {Value("hi")}, "%!d(string=hi)"},
      {"%d", {real(1.5)}, "%!d(float64=1.5)"},
      {"%d %s", {integer(1)}, "1 %!s(MISSING)"},
      {"%d", {integer(1), integer(2)}, "1%!(EXTRA int=2)"},
      {"", {Value(), Value("x")}, "%!(EXTRA <nil>, string=x)"},
      {"%", {}, "%!(NOVERB)"},
      {"%y", {integer(3)}, "%!y(int=3)"},
      {"%*d", {Value("x"), integer(3)}, "%!(BADWIDTH)3"},
      {"%.*d", {integer(-1), integer(3)}, "%!(BADPREC)3"},
      {"%[3]d", {integer(1)}, "%!d(BADINDEX)"},
      {"%[x]d", {integer(1)}, "%!d(BADINDEX)"},
      {"%9999999d", {integer(1)}, "%!(NOVERB)%!(EXTRA int=1)"},
  });
}

TEST(Sprintf, StarsAndIndexes) {
  check({
      {"%*d|%-*d|%*d",
       {integer(4), integer(7), integer(4), integer(7), integer(-4), integer(7)},
       "   7|7   |7   "},
      {"%.*f", {integer(2), real(3.14159)}, "3.14"},
      {"%[2]d %[1]d", {integer(1), integer(2)}, "2 1"},
      {"%[3]*.[2]*[1]f|", {real(12), integer(2), integer(6)}, " 12.00|"},
      {"%d %d %#[1]x %#x", {integer(16), integer(17)}, "16 17 0x10 0x11"},
  });
}

TEST(Sprintf, RefusesToMakeTooMuch) {
  std::string format;
  for (int i = 0; i < 1000; ++i) format += "%1000000[1]d";
  EXPECT_FALSE(sprintf(format, std::vector{integer(1)}, kSprintfMost));
  const Value list(Array(100'000, integer(1)));
  EXPECT_FALSE(sprintf("%1000000d", std::vector{list}, kSprintfMost));
}

}  // namespace
}  // namespace weir::value
