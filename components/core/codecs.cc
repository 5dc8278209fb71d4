// SPDX-License-Identifier: Apache-2.0
#include "components/core/codecs.h"

#include "base/utf8.h"

#include <utility>

namespace weir {

AnchoredRegex AnchoredRegex::of(std::string_view text) {
  auto regex = Regex::compile(text, Regex::Anchor::kBoth);
  WEIR_CHECK(regex.has_value(), "an expression written in the program is right");
  return {std::move(*regex)};
}

bool is_plain_label_name(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
      return false;
  }
  return true;
}

bool is_utf8_label_name(std::string_view name) {
  return !name.empty() && is_utf8(name);
}

namespace schema {
namespace {

bool decode_regex(const value::Value& in, Regex& out, Decoder& decoder, Regex::Anchor anchor) {
  if (in.is_null()) return true;
  std::string text;
  if (!Codec<std::string>::decode(in, text, decoder)) return false;
  auto regex = Regex::compile(text, anchor);
  if (!regex)
    return decoder.fail(
        text::DiagnosticCode::kBadRegex,
        format("\"{}\" is not a regular expression: {}", text, regex.error().message));
  out = std::move(*regex);
  return true;
}

}  // namespace

value::Type Codec<Regex>::type() {
  return Codec<std::string>::type();
}
bool Codec<Regex>::decode(const value::Value& in, Regex& out, Decoder& decoder) {
  return decode_regex(in, out, decoder, Regex::Anchor::kNone);
}
value::Value Codec<Regex>::encode(const Regex& in) {
  return value::Value(in.text());
}

value::Type Codec<AnchoredRegex>::type() {
  return Codec<std::string>::type();
}
bool Codec<AnchoredRegex>::decode(const value::Value& in, AnchoredRegex& out, Decoder& decoder) {
  return decode_regex(in, out.regex, decoder, Regex::Anchor::kBoth);
}
value::Value Codec<AnchoredRegex>::encode(const AnchoredRegex& in) {
  return value::Value(in.regex.text());
}

}  // namespace schema
}  // namespace weir
