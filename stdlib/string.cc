// SPDX-License-Identifier: Apache-2.0
// string: text taken apart and put together. string.format has a file of its own.

#include "base/case.h"
#include "base/utf8.h"
#include "interpreter/catalog/function_def.h"
#include "stdlib/limits.h"

#include <algorithm>

namespace weir::stdlib {
namespace {

using catalog::Example;
using catalog::FunctionDef;
using catalog::Param;

/// White space of Unicode.
bool is_space(char32_t c) {
  constexpr char32_t kSpaces[] = {' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
  return (c >= '\t' && c <= '\r') || (c >= 0x2000 && c <= 0x200A) ||
         std::find(std::begin(kSpaces), std::end(kSpaces), c) != std::end(kSpaces);
}

/// The last code point of `text`, which is not empty.
Rune last_rune(std::string_view text) {
  const std::size_t longest = std::min<std::size_t>(text.size(), 4);
  for (std::size_t size = longest; size > 1; --size) {
    const Rune rune = decode_rune(text.substr(text.size() - size));
    if (rune.valid && rune.size == size) return rune;
  }
  return decode_rune(text.substr(text.size() - 1));
}

/// `text` without what `unwanted` says at both ends.
template <class Unwanted>
std::string_view trim_ends(std::string_view text, Unwanted unwanted) {
  for (; !text.empty() && unwanted(decode_rune(text).code);
       text.remove_prefix(decode_rune(text).size)) {
  }
  for (; !text.empty() && unwanted(last_rune(text).code);
       text.remove_suffix(last_rune(text).size)) {
  }
  return text;
}

Result<std::string> join_strings(const std::vector<std::string>& list,
                                 const std::string& separator) {
  std::string out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (out.size() + separator.size() + list[i].size() > kMaxTextBytes)
      return too_large(kMaxTextBytes);
    if (i != 0) out += separator;
    out += list[i];
  }
  return out;
}

// An empty `from` stands before every character and at the end.
Result<std::string> replace_all(const std::string& text, const std::string& from,
                                const std::string& to) {
  std::string out;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t found = text.find(from, at);
    if (found == std::string::npos) break;
    out.append(text, at, found - at);
    out += to;
    if (out.size() > kMaxTextBytes) return too_large(kMaxTextBytes);
    at = found + from.size();
    if (!from.empty()) continue;
    if (at == text.size()) return out;
    const std::size_t size = decode_rune(std::string_view(text).substr(at)).size;
    out.append(text, at, size);
    at += size;
  }
  return out.append(text, at, std::string::npos);
}

Result<std::vector<std::string>> split_string(const std::string& text,
                                              const std::string& separator) {
  std::vector<std::string> out;
  std::string_view rest = text;
  if (separator.empty()) {
    for (; !rest.empty(); rest.remove_prefix(out.back().size()))
      out.emplace_back(rest.substr(0, decode_rune(rest).size));
    return out;
  }
  for (std::size_t at = rest.find(separator); at != std::string_view::npos;
       at = rest.find(separator)) {
    out.emplace_back(rest.substr(0, at));
    rest.remove_prefix(at + separator.size());
  }
  out.emplace_back(rest);
  return out;
}

Result<std::string> lower(const std::string& text) {
  return to_lower(text);
}
Result<std::string> upper(const std::string& text) {
  return to_upper(text);
}

Result<std::string> trim(const std::string& text, const std::string& characters) {
  std::u32string set;
  for (std::string_view rest = characters; !rest.empty();
       rest.remove_prefix(decode_rune(rest).size))
    set += decode_rune(rest).code;
  return std::string(
      trim_ends(text, [&](char32_t c) { return set.find(c) != std::u32string::npos; }));
}

Result<std::string> trim_prefix(const std::string& text, const std::string& prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

Result<std::string> trim_suffix(const std::string& text, const std::string& suffix) {
  return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}

Result<std::string> trim_space(const std::string& text) {
  return std::string(trim_ends(text, is_space));
}

constexpr Param kJoinParams[] = {{"list", "The texts; numbers become text."},
                                 {"separator", "What stands between two of them."}};
constexpr Example kJoinExamples[] = {{R"(string.join(["a", "b", 3], ", "))", R"("a, b, 3")"},
                                     {R"(string.join([], ","))", R"("")"}};
constexpr Param kReplaceParams[] = {
    {"text", "Where to replace."},
    {"old", "What to look for; \"\" stands before every character and at the end."},
    {"new", "What to put in its place."}};
constexpr Example kReplaceExamples[] = {{R"(string.replace("a-b-c", "-", "+"))", R"("a+b+c")"},
                                        {R"(string.replace("ab", "", "."))", R"(".a.b.")"}};
constexpr Param kSplitParams[] = {{"text", "What to take apart."},
                                  {"separator", "Where to cut; \"\" cuts between characters."}};
constexpr Example kSplitExamples[] = {{R"(string.split("a,b,,c", ","))", R"(["a", "b", "", "c"])"},
                                      {R"(string.split("", ","))", R"([""])"},
                                      {R"(string.split("añ", ""))", R"(["a", "ñ"])"}};
constexpr Param kCaseParams[] = {{"text", "What to change."}};
constexpr Example kLowerExamples[] = {{R"(string.to_lower("ÉA-1"))", R"("éa-1")"}};
constexpr Example kUpperExamples[] = {{R"(string.to_upper("éa-1"))", R"("ÉA-1")"}};
constexpr Param kTrimParams[] = {{"text", "What to trim."},
                                 {"characters", "Any of these is removed at both ends."}};
constexpr Example kTrimExamples[] = {{R"(string.trim("?!hello!?", "!?"))", R"("hello")"}};
constexpr Param kPrefixParams[] = {{"text", "What to trim."},
                                   {"prefix", "What to remove in front, once."}};
constexpr Example kPrefixExamples[] = {{R"(string.trim_prefix("k8s-pod", "k8s-"))", R"("pod")"},
                                       {R"(string.trim_prefix("pod", "k8s-"))", R"("pod")"}};
constexpr Param kSuffixParams[] = {{"text", "What to trim."},
                                   {"suffix", "What to remove at the end, once."}};
constexpr Example kSuffixExamples[] = {{R"(string.trim_suffix("a.log", ".log"))", R"("a")"}};
constexpr Param kTrimSpaceParams[] = {{"text", "What to trim."}};
constexpr Example kTrimSpaceExamples[] = {{R"(string.trim_space(" \ta b\n\n"))", R"("a b")"}};

}  // namespace

extern constexpr FunctionDef string_join = catalog::function<&join_strings>(
    "string.join", "Puts texts together with a separator between them.", kJoinParams,
    kJoinExamples);
extern constexpr FunctionDef string_replace = catalog::function<&replace_all>(
    "string.replace", "Replaces every occurrence of a text.", kReplaceParams, kReplaceExamples);
extern constexpr FunctionDef string_split = catalog::function<&split_string>(
    "string.split", "Takes a text apart at every separator.", kSplitParams, kSplitExamples);
extern constexpr FunctionDef string_to_lower = catalog::function<&lower>(
    "string.to_lower", "Returns the text in lower case.", kCaseParams, kLowerExamples);
extern constexpr FunctionDef string_to_upper = catalog::function<&upper>(
    "string.to_upper", "Returns the text in upper case.", kCaseParams, kUpperExamples);
extern constexpr FunctionDef string_trim = catalog::function<&trim>(
    "string.trim", "Removes characters at both ends.", kTrimParams, kTrimExamples);
extern constexpr FunctionDef string_trim_prefix = catalog::function<&trim_prefix>(
    "string.trim_prefix", "Removes a prefix, if it is there.", kPrefixParams, kPrefixExamples);
extern constexpr FunctionDef string_trim_suffix = catalog::function<&trim_suffix>(
    "string.trim_suffix", "Removes a suffix, if it is there.", kSuffixParams, kSuffixExamples);
extern constexpr FunctionDef string_trim_space = catalog::function<&trim_space>(
    "string.trim_space", "Removes white space at both ends.", kTrimSpaceParams, kTrimSpaceExamples);

extern constexpr FunctionDef old_join = string_join.alias("join");
extern constexpr FunctionDef old_replace = string_replace.alias("replace");
extern constexpr FunctionDef old_split = string_split.alias("split");
extern constexpr FunctionDef old_to_lower = string_to_lower.alias("to_lower");
extern constexpr FunctionDef old_to_upper = string_to_upper.alias("to_upper");
extern constexpr FunctionDef old_trim = string_trim.alias("trim");
extern constexpr FunctionDef old_trim_prefix = string_trim_prefix.alias("trim_prefix");
extern constexpr FunctionDef old_trim_suffix = string_trim_suffix.alias("trim_suffix");
extern constexpr FunctionDef old_trim_space = string_trim_space.alias("trim_space");

}  // namespace weir::stdlib
