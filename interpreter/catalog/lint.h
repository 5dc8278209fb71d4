// SPDX-License-Identifier: Apache-2.0
// What a component knows of the ways it fails silently: said in its Args::lint(), heard by the
// checker.
//
//   void Args::lint(catalog::Lint& lint) const {
//     if (!targets.empty() && lacks_path(targets)) lint.warn("targets", Code::kNoPath, "no target
//     has a __path__");
//   }
//
// Some mistakes show only in the whole pipeline. For them a component states what it does to the
// data, under the code of the warning in question, and the checker follows the data:
//   owes     the data I send, or the targets I export, need something done downstream; if an end is
//            reached first: warn at my field
//   passes   I read what targets name, and what they owe my data owes: of sources that do not say
//            so the data owes nothing
//   settles  the data I send has had it done
//   wants    the data I take needs something done upstream; if a beginning is reached first: warn
//            at my field
//   gives    the data I send has had it done
// A want may be of a name: then who says `passes` gives only the names it says, and everybody else
// all of them; it is warned of if nothing upstream gives the name.
//   reads    a file of this name is needed, and the warning is that it cannot be read
// Components whose nature is not known (modules, what is not built yet) settle and give everything.

#pragma once

#include "interpreter/schema/body.h"
#include "interpreter/text/diagnostic.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::catalog {

class Lint {
 public:
  enum class Claim { kWarn, kOwes, kPasses, kSettles, kWants, kGives, kReads };
  struct Statement {
    Claim claim;
    text::DiagnosticCode code;
    text::Span span;
    std::string message;  ///< of kReads: the file
    std::string hint;
    std::string name = {};  ///< of kWants, kGives: of what, if not of all
  };

  /// `body` is what the arguments were decoded from; `head` is where a field that was not given
  /// shows.
  Lint(const schema::EvaluatedBody& body, text::Span head) : body_(body), head_(head) {}

  void warn(std::string_view field, text::DiagnosticCode code, std::string message,
            std::string hint = {}) {
    warn(place_of(field), code, std::move(message), std::move(hint));
  }
  void warn(text::Span span, text::DiagnosticCode code, std::string message,
            std::string hint = {}) {
    statements_.push_back({Claim::kWarn, code, span, std::move(message), std::move(hint)});
  }
  void owes(std::string_view field, text::DiagnosticCode code, std::string message,
            std::string hint = {}) {
    owes(place_of(field), code, std::move(message), std::move(hint));
  }
  void owes(text::Span span, text::DiagnosticCode code, std::string message,
            std::string hint = {}) {
    statements_.push_back({Claim::kOwes, code, span, std::move(message), std::move(hint)});
  }
  void passes(text::DiagnosticCode code) {
    statements_.push_back({Claim::kPasses, code, {}, {}, {}});
  }
  void wants(std::string_view field, text::DiagnosticCode code, std::string message,
             std::string hint = {}) {
    statements_.push_back(
        {Claim::kWants, code, place_of(field), std::move(message), std::move(hint)});
  }
  void wants(text::Span span, text::DiagnosticCode code, std::string name, std::string message,
             std::string hint) {
    statements_.push_back(
        {Claim::kWants, code, span, std::move(message), std::move(hint), std::move(name)});
  }
  void settles(text::DiagnosticCode code) {
    statements_.push_back({Claim::kSettles, code, {}, {}, {}});
  }
  void gives(text::DiagnosticCode code, std::string_view name = {}) {
    statements_.push_back({Claim::kGives, code, {}, {}, {}, std::string(name)});
  }

  void reads(text::Span span, std::string path) {
    statements_.push_back(
        {Claim::kReads, text::DiagnosticCode::kUnreadableFile, span, std::move(path), {}});
  }

  /// The same questions of a block inside; what it says is not heard.
  [[nodiscard]] Lint inside(const schema::EvaluatedBlock& block) const {
    return {block.body, block.head};
  }
  /// The body as written: arguments whose values are not known yet have their defaults in Args, and
  /// are marked here (value::unknown).
  [[nodiscard]] const schema::EvaluatedBody& body() const { return body_; }
  /// The value of an attribute; null if it was not given or only its type is known.
  [[nodiscard]] const value::Value* value_of(std::string_view field) const;
  /// The blocks of a name, in the order in which they were decoded.
  [[nodiscard]] std::vector<const schema::EvaluatedBlock*> blocks(std::string_view name) const;

  /// Where a field's value stands, or the block's head if it was not given.
  [[nodiscard]] text::Span place_of(std::string_view field) const;

  [[nodiscard]] const std::vector<Statement>& statements() const { return statements_; }

 private:
  const schema::EvaluatedBody& body_;
  text::Span head_;
  std::vector<Statement> statements_;
};

}  // namespace weir::catalog
