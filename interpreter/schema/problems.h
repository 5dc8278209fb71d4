// SPDX-License-Identifier: Apache-2.0
// What a struct's validate() finds wrong between its fields.

#pragma once

#include "interpreter/text/diagnostic.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::schema {

class Problems {
 public:
  struct Problem {
    std::string field;  ///< the attribute or block it shows at; empty: the block itself
    text::DiagnosticCode code;
    std::string message;
    std::string hint;
  };
  void add(std::string_view field, std::string message, std::string hint = {},
           text::DiagnosticCode code = text::DiagnosticCode::kInconsistent) {
    all_.push_back({std::string(field), code, std::move(message), std::move(hint)});
  }
  [[nodiscard]] const std::vector<Problem>& all() const { return all_; }

 private:
  std::vector<Problem> all_;
};

}  // namespace weir::schema
