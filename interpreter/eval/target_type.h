// SPDX-License-Identifier: Apache-2.0
// One expression on its own: the scope it sees, read from JSON, the type its value is wanted in,
// and the JSON that shows it. What `weir eval` is made of.
//
// Secrets appear in the JSON forms as {"$secret": "text"} and
// {"$optional_secret": {"value": "text", "is_secret": true}}.

#pragma once

#include "base/result.h"
#include "interpreter/eval/evaluate.h"
#include "interpreter/schema/codec.h"

#include <memory>
#include <string>
#include <string_view>

namespace weir::eval {

/// A type by its name: any, bool, string, number, int, int8 ... int64, uint, uint8 ... uint64,
/// float32, float64, duration, secret, optional_secret, list(T), map(T).
class TargetType {
 public:
  /// Errors: kInvalid, with the types there are.
  static Result<TargetType> parse(std::string_view text);

  /// `in` by the coercions of a field of this type; a duration becomes its nanoseconds. False after
  /// decoder.fail().
  bool decode(const value::Value& in, value::Value& out, schema::Decoder& decoder) const;

 private:
  using DecodeScalar = bool (*)(const value::Value& in, value::Value& out,
                                schema::Decoder& decoder);
  enum class Shape { kScalar, kList, kMap };

  Shape shape_ = Shape::kScalar;
  DecodeScalar scalar_ = nullptr;
  std::shared_ptr<const TargetType> element_;
};

/// The value of `e` as `target`. Nothing after an error, which went to `sink`, the evaluator's own.
std::optional<value::Value> evaluate_as(Evaluator& evaluator, const syntax::Expression& e,
                                        const TargetType& target, text::DiagnosticSink& sink);

/// Variables from a JSON object. Errors: kInvalid.
Result<Variables> parse_scope(std::string_view json);
/// The value in the JSON form that parse_scope reads; secrets are shown.
std::string to_scope_json(const value::Value& value);
/// {"type":"number","json":15,"kind":"int"}: the value with its type, and a number's kind.
std::string to_result_json(const value::Value& value);

}  // namespace weir::eval
