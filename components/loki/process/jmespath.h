// SPDX-License-Identifier: Apache-2.0
// JMESPath: `a.b[0]`, `items[?level=='error'].name | [0]`, what stage.json takes values out of JSON
// with.
//
// A Pratt parser by hand: the language is one expression grammar with binding powers, which is a
// table and two functions. Compiled once, at check time. Nearly all expressions that people write
// are a name or a path of names and indexes: path() gives those, so that they are followed without
// a copy of the document.

#pragma once

#include "base/codec/json.h"
#include "base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir::loki {

/// A compiled expression. Cheap to copy, immutable. Threads: any.
class JmesPath {
 public:
  /// Selects null; only to be assigned to.
  JmesPath() = default;
  /// Errors: kInvalid with the column; also for what the language has and Weir has not built yet.
  static Result<JmesPath> compile(std::string_view text);

  /// What it selects: null if there is no such thing; nothing if a function was given what it does
  /// not take.
  [[nodiscard]] std::optional<codec::JsonValue> search(const codec::JsonValue& document) const;

  /// A member's name or an element's index, where negative counts from the end.
  using Step = std::variant<std::string, std::int64_t>;
  /// The steps, if the expression is a plain path of them; else empty.
  [[nodiscard]] const std::vector<Step>& path() const { return path_; }

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
  std::vector<Step> path_;
};

/// The functions that expressions may call.
namespace jmespath {
using Arguments = std::vector<codec::JsonValue>;
using Function = std::optional<codec::JsonValue> (*)(const Arguments& arguments);
struct FunctionRow {
  std::string_view name;
  std::size_t least, most;  ///< how many arguments
  Function call;            ///< null: the language has it, Weir not yet
};
/// Null if the language has no such function.
const FunctionRow* find_function(std::string_view name);
}  // namespace jmespath

}  // namespace weir::loki
