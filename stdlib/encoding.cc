// SPDX-License-Identifier: Apache-2.0
// encoding: text to values and back: JSON, YAML, base64, URL escapes.

#include "base/codec/base64.h"
#include "interpreter/catalog/function_def.h"
#include "interpreter/value/json.h"
#include "stdlib/limits.h"

namespace weir::stdlib {
namespace {

using catalog::Example;
using catalog::FunctionDef;
using catalog::Param;
using codec::Base64Alphabet;
using value::Value;

Result<Value> from_json(const std::string& text) {
  if (text.size() > kMaxDocumentBytes) return too_long(kMaxDocumentBytes);
  return value::parse_json(text, value::JsonNumbers::kFloats);
}
Result<Value> from_yaml(const std::string& text) {
  if (text.size() > kMaxDocumentBytes) return too_long(kMaxDocumentBytes);
  return value::parse_yaml(text);
}

Result<std::string> to_json_text(const Value& object) {
  if (object.kind() != value::Kind::kObject) return invalid("jsonEncode only supports map");
  return codec::write_json(to_tree(object), {.sort_keys = true, .escape_html = true});
}

Result<std::string> from_base64(const std::string& text) {
  return codec::base64_decode(text);
}
Result<std::string> from_url_base64(const std::string& text) {
  return codec::base64_decode(text, Base64Alphabet::kUrl);
}
Result<std::string> to_base64(const std::string& text) {
  return codec::base64_encode(text);
}
Result<std::string> to_url_base64(const std::string& text) {
  return codec::base64_encode(text, Base64Alphabet::kUrl);
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

Result<std::string> url_encode(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += c == ' ' ? "+" : format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Result<std::string> url_decode(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return invalid("invalid URL escape \"{}\"", std::string_view(text).substr(i, 3));
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

constexpr Param kJsonTextParams[] = {{"text", "A JSON document."}};
constexpr Example kFromJsonExamples[] = {
    {R"(encoding.from_json("{\"a\": [1, null, \"x\"]}"))", R"({a = [1.0, null, "x"]})"},
    {R"(encoding.from_json("15"))", "15.0"},
};
constexpr Param kYamlTextParams[] = {{"text", "A YAML document."}};
constexpr Example kFromYamlExamples[] = {
    {"encoding.from_yaml(`a: [1, 1.5, x]`)", R"({a = [1, 1.5, "x"]})"},
    {R"(encoding.from_yaml("null"))", "null"},
};
constexpr Param kToJsonParams[] = {{"object", "The object to write."}};
constexpr Example kToJsonExamples[] = {{R"(encoding.to_json({b = 1, a = [1.5, null, true]}))",
                                        R"("{\"a\":[1.5,null,true],\"b\":1}")"}};
constexpr Param kBase64TextParams[] = {{"text", "Base64 with its padding."}};
constexpr Param kPlainTextParams[] = {{"text", "What to encode."}};
constexpr Example kFromBase64Examples[] = {
    {R"(encoding.from_base64("dGFuZ2VyaW5l"))", R"("tangerine")"}};
constexpr Example kFromUrlBase64Examples[] = {
    {R"(encoding.from_URLbase64("YT8_Pg=="))", R"("a??>")"}};
constexpr Example kToBase64Examples[] = {
    {R"(encoding.to_base64("tangerine"))", R"("dGFuZ2VyaW5l")"}};
constexpr Example kToUrlBase64Examples[] = {{R"(encoding.to_URLbase64("a??>"))", R"("YT8_Pg==")"}};
constexpr Example kUrlEncodeExamples[] = {
    {R"(encoding.url_encode("a b/c?d=é"))", R"("a+b%2Fc%3Fd%3D%C3%A9")"}};
constexpr Param kUrlDecodeParams[] = {{"text", "What to decode."}};
constexpr Example kUrlDecodeExamples[] = {{R"(encoding.url_decode("a+b%20c"))", R"("a b c")"}};

}  // namespace

extern constexpr FunctionDef encoding_from_json = catalog::function<&from_json>(
    "encoding.from_json", "Reads JSON; all its numbers become floating point.", kJsonTextParams,
    kFromJsonExamples);
extern constexpr FunctionDef encoding_from_yaml = catalog::function<&from_yaml>(
    "encoding.from_yaml", "Reads YAML.", kYamlTextParams, kFromYamlExamples);
extern constexpr FunctionDef encoding_to_json =
    catalog::function<&to_json_text>("encoding.to_json",
                                     "Writes an object as JSON, compact and with sorted keys.",
                                     kToJsonParams, kToJsonExamples)
        .refusing_secrets();
extern constexpr FunctionDef encoding_from_base64 = catalog::function<&from_base64>(
    "encoding.from_base64", "Decodes base64 of the standard alphabet.", kBase64TextParams,
    kFromBase64Examples);
extern constexpr FunctionDef encoding_from_url_base64 = catalog::function<&from_url_base64>(
    "encoding.from_URLbase64", "Decodes base64 of the URL alphabet.", kBase64TextParams,
    kFromUrlBase64Examples);
extern constexpr FunctionDef encoding_to_base64 = catalog::function<&to_base64>(
    "encoding.to_base64", "Encodes in base64 of the standard alphabet.", kPlainTextParams,
    kToBase64Examples);
extern constexpr FunctionDef encoding_to_url_base64 = catalog::function<&to_url_base64>(
    "encoding.to_URLbase64", "Encodes in base64 of the URL alphabet.", kPlainTextParams,
    kToUrlBase64Examples);
extern constexpr FunctionDef encoding_url_encode =
    catalog::function<&url_encode>("encoding.url_encode", "Escapes text for the query of a URL.",
                                   kPlainTextParams, kUrlEncodeExamples);
extern constexpr FunctionDef encoding_url_decode =
    catalog::function<&url_decode>("encoding.url_decode", "Undoes the escapes of a URL's query.",
                                   kUrlDecodeParams, kUrlDecodeExamples);

extern constexpr FunctionDef old_base64_decode = encoding_from_base64.alias("base64_decode");
extern constexpr FunctionDef old_json_decode = encoding_from_json.alias("json_decode");
extern constexpr FunctionDef old_yaml_decode = encoding_from_yaml.alias("yaml_decode");

}  // namespace weir::stdlib
