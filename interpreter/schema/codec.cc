// SPDX-License-Identifier: Apache-2.0
#include "interpreter/schema/codec.h"

#include "base/format.h"
#include "interpreter/value/unknown.h"

#include <utility>

namespace weir::schema {
namespace {

/// The capsule type a list or map is made of, or that `type` is itself; null for other types.
const value::CapsuleType* carried_capsule(const value::Type& type) {
  switch (type.tag()) {
    case value::Type::Tag::kCapsule: return type.capsule_type();
    case value::Type::Tag::kList:
    case value::Type::Tag::kMap: return carried_capsule(type.element());
    default: return nullptr;
  }
}

bool is_hidden(const value::Value& value) {
  const auto* optional = value.as_optional_secret();
  return value.as_secret() != nullptr || (optional != nullptr && optional->secret);
}

/// Whether values of the type are plain text to the language.
bool is_plain(value::Type::Tag tag) {
  using enum value::Type::Tag;
  return tag == kString || tag == kNumber || tag == kDuration || tag == kSize || tag == kTime;
}

/// "array", "a receiver of logs": what users call the value they gave.
std::string kind_in_words(const value::Value& value) {
  if (value.kind() == value::Kind::kCapsule) return std::string(value.as_capsule().type->words);
  return std::string(to_string(value.kind()));
}

}  // namespace

std::string print(const Path& path) {
  std::string out;
  for (const PathStep& step : path) {
    if (const auto* index = std::get_if<std::size_t>(&step)) {
      out += format("[{}]", *index);
    } else {
      out += '.';
      out += std::get<std::string>(step);
    }
  }
  return out;
}

bool Decoder::fail(text::DiagnosticCode code, std::string message, std::string hint) {
  failures_.push_back({code, path_, std::move(message), std::move(hint)});
  return false;
}

namespace {
/// For one thing where a list of them is wanted.
std::string hint_for_one(const value::Type& wanted, const value::Type& got) {
  const bool one = wanted.tag() == value::Type::Tag::kList &&
                   value::fits(got, wanted.element()) == value::Fit::kYes;
  return one ? "a list of one stands between brackets: [...]" : "";
}
}  // namespace

bool Decoder::mismatch(const value::Type& wanted, const value::Value& got) {
  if (const value::Type* type = value::unknown_type(got)) return judge_unknown(wanted, *type);
  if (is_hidden(got) && is_plain(wanted.tag())) return fail_exposed(wanted);
  const bool wiring = wanted.capsule_type() != nullptr && got.kind() == value::Kind::kCapsule &&
                      got.as_secret() == nullptr && got.as_optional_secret() == nullptr;
  return fail(wiring ? text::DiagnosticCode::kWrongWiring : text::DiagnosticCode::kTypeMismatch,
              format("should be {}, got {}", wanted.text(), kind_in_words(got)),
              hint_for_one(wanted, value::Type::of(got)));
}

bool Decoder::fail_exposed(const value::Type& wanted) {
  return fail(text::DiagnosticCode::kSecretExposed,
              format("should be {}, got a secret, which may not become plain text", wanted.text()),
              "convert.nonsensitive(...) takes the text out of a secret");
}

bool Decoder::judge_unknown(const value::Type& wanted, const value::Type& got) {
  if (value::fits(got, wanted) != value::Fit::kNo) {
    if (carried_capsule(wanted) == nullptr) mark_incomplete();
    return false;
  }
  if (got.tag() == value::Type::Tag::kSecret && is_plain(wanted.tag())) return fail_exposed(wanted);
  const bool wiring = carried_capsule(wanted) != nullptr && carried_capsule(got) != nullptr;
  return fail(wiring ? text::DiagnosticCode::kWrongWiring : text::DiagnosticCode::kTypeMismatch,
              format("should be {}, got {}", wanted.text(), got.text()), hint_for_one(wanted, got));
}

}  // namespace weir::schema
