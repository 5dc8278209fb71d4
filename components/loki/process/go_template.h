// SPDX-License-Identifier: Apache-2.0
// Go's text templates, as stage.replace and stage.template take them: `{{ if eq .Value "x" }}...{{
// end }}`.
//
// A recursive descent parser by hand: text and actions change places, and within an action spaces
// and dots decide, which a grammar for tokens would have to be told of at every step. Parsed once,
// at check time, when unknown functions are found. What a rendering may cost is bounded: steps
// taken, bytes that functions take and give.

#pragma once

#include "base/result.h"
#include "components/loki/process/call.h"
#include "components/loki/process/go_value.h"
#include "interpreter/schema/codecs.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace weir::loki {

/// What a template is rendered with: texts by name.
class TemplateData {
 public:
  virtual ~TemplateData() = default;
  [[nodiscard]] virtual std::optional<std::string> find(std::string_view name) const = 0;
  /// All of them, for a template that uses the data as a whole.
  virtual void put_all(const GoValue::Dict& into) const = 0;
};

/// How the functions that templates may call see values.
struct TemplateLanguage {
  using Value = GoValue;
  using Answer = GoValue;

  template <class T>
  static const T* read(const GoValue& v, As<T>) {
    return std::get_if<T>(&v.data);
  }
  static const GoValue* read(const GoValue& v, As<GoValue>) { return &v; }
  static std::optional<std::string_view> read(const GoValue& v, As<std::string_view>);
  /// Any number.
  static std::optional<double> read(const GoValue& v, As<double>);

  static GoValue answer(GoValue v) { return v; }
  static GoValue answer(bool v) { return {v}; }
  static GoValue answer(std::int64_t v) { return {v}; }
  static GoValue answer(std::string v) { return {std::move(v)}; }
  static GoValue answer(std::string_view v) { return {std::string(v)}; }
  static GoValue answer(double v) { return {v}; }
  static GoValue answer(GoValue::List v) { return {std::move(v)}; }
  static GoValue answer(GoValue::Dict v) { return {std::move(v)}; }
  static GoValue answer(GoMoment v) { return {v}; }
};
using TemplateFunction = CallRow<TemplateLanguage>;
using GoRest = std::span<const GoValue>;
/// Nothing: the template fails.
using GoAnswer = std::optional<GoValue>;
/// Null if there is none.
const TemplateFunction* find_template_function(std::string_view name);
/// Whether the reference has a function of that name which is not built here, nor will be.
bool is_foreign_template_function(std::string_view name);

/// A parsed template. Cheap to copy, immutable. Threads: any.
class GoTemplate {
 public:
  /// Renders nothing.
  GoTemplate() = default;
  /// Errors: kInvalid with line and what is wrong.
  static Result<GoTemplate> parse(std::string_view text);

  /// Appends to `out`. Errors: kInvalid where Go's would stop too, a function given what it does
  /// not take; `out` then holds a part.
  Status render(const TemplateData& data, std::string& out) const;
  /// As the user wrote it.
  [[nodiscard]] const std::string& text() const { return text_; }

  struct Node;
  struct Tree;

 private:
  std::shared_ptr<const Tree> tree_;
  std::string text_;
};

/// One argument of a command: a value, or what gives one.
struct TemplateOperand {
  enum class Kind { kDot, kVariable, kLiteral, kFunction, kPipe } kind = Kind::kDot;
  std::string variable;  ///< "$" or "$name"
  GoValue literal;
  const TemplateFunction* function = nullptr;
  /// Of `and` and `or`: an argument of this truth ends the call.
  std::optional<bool> ends_at = {};
  std::shared_ptr<const struct TemplatePipe> pipe;  ///< in parentheses
  std::vector<std::string> fields;                  ///< taken from the value, in order
};
/// Commands parted by `|`: each one's value is the last argument of the next.
struct TemplatePipe {
  std::vector<std::string> variables;  ///< that it sets
  bool declares = false;
  std::vector<std::vector<TemplateOperand>> commands;
};

/// Text, an action, or a control structure.
struct GoTemplate::Node {
  enum class Kind { kText, kPipe, kIf, kWith, kRange, kBreak, kContinue, kTemplate };
  Kind kind = Kind::kText;
  std::string text;  ///< or the name of a template
  TemplatePipe pipe;
  std::vector<Node> then, otherwise;
};

struct GoTemplate::Tree {
  std::vector<Node> nodes;
  std::map<std::string, std::vector<Node>, std::less<>> defined;  ///< by {{define}} and {{block}}
};

}  // namespace weir::loki

namespace weir::schema {
/// E0607 if it is none.
WEIR_DECLARE_CODEC(loki::GoTemplate);
}  // namespace weir::schema
