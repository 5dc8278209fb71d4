// SPDX-License-Identifier: Apache-2.0
// JMESPath: `a.b[0]`, `items[?level=='error'].name | [0]`, what stage.json takes values out of JSON
// with.
//
// The language is that of the community, which the reference speaks: with arithmetic (`thumbs-up`
// is a difference), `let`, `$` and the newer functions. Compiled once, at check time
// (jmespath_parse.cc), then searched with (jmespath.cc). Nearly all expressions that people write
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
  /// Errors: kInvalid with the column.
  static Result<JmesPath> compile(std::string_view text);

  /// What it selects: null if there is no such thing; nothing if a function was given what it does
  /// not take, or if more is made than a log line is worth.
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

}  // namespace weir::loki
