// SPDX-License-Identifier: Apache-2.0
// Text to raw tokens by the lexer rules of grammar/Weir.g4. A door to ANTLR.

#pragma once

#include "interpreter/syntax/token.h"

#include <memory>
#include <string_view>

namespace weir::syntax {

/// Every token of a text in turn: spaces, comments and half tokens too; then kEnd for ever.
/// Threads: one at a time; the tables behind it are shared by all.
class RawLexer {
 public:
  /// `text` must outlive the lexer. A byte order mark at its start is passed over.
  explicit RawLexer(std::string_view text);
  ~RawLexer();

  Token next();
  /// Passes over the text up to `offset`.
  void skip_to(std::uint32_t offset);

 private:
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace weir::syntax
