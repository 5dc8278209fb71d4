// SPDX-License-Identifier: Apache-2.0
// What Weir has to say about the user's text: a code, a place, what was found, what was needed, a
// hint.
//
// Every phase adds to a DiagnosticSink and goes on, so that one run shows all mistakes. Codes are
// stable and declared once, in codes.def.

#pragma once

#include "base/format.h"
#include "interpreter/text/source.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::text {

enum class Severity { kError, kWarning };

/// One kind of diagnostic; the table is codes.def.
enum class DiagnosticCode {
#define CODE(id, number, severity, name, doc) id,
#include "interpreter/text/codes.def"
#undef CODE
};

/// A row of codes.def.
struct CodeInfo {
  DiagnosticCode code;
  std::string_view number;  ///< "E0312"
  Severity severity;
  std::string_view name;  ///< "unknown-attribute"
  std::string_view doc;
};
const CodeInfo& info(DiagnosticCode code);
/// All codes, in the order of codes.def.
const std::vector<CodeInfo>& all_codes();

/// A secondary place that explains the first: "first declared here".
struct Note {
  text::Span span;
  std::string message;
  std::shared_ptr<const Source> source;
};

/// One message about a place in the user's text.
struct Diagnostic {
  DiagnosticCode code;
  Severity severity;
  Span span;            ///< may point nowhere
  std::string message;  ///< lower-case, no full stop: what was found, what was needed
  std::string hint;     ///< what to do; may be empty
  std::vector<Note> notes;
  std::shared_ptr<const Source> source;  ///< keeps the span's text alive; null if it points nowhere

  /// Adds a secondary place.
  Diagnostic& note(Span place, std::string text);
};

/// Collects diagnostics. Holds at most kLimit; what is beyond is only counted.
class DiagnosticSink {
 public:
  static constexpr std::size_t kLimit = 1000;

  /// What is added with this code from now on is a warning.
  void demote(DiagnosticCode code) { demoted_.push_back(code); }

  /// Adds a diagnostic with its code's own severity, unless that was demoted. The reference is good until the next add().
  Diagnostic& add(DiagnosticCode code, Span span, std::string message, std::string hint = {});

  [[nodiscard]] const std::vector<Diagnostic>& all() const { return diagnostics_; }
  [[nodiscard]] bool has_errors() const { return errors_ != 0; }
  [[nodiscard]] std::size_t error_count() const { return errors_; }
  [[nodiscard]] std::size_t warning_count() const { return warnings_; }
  /// Adds a secondary place to each.
  void add_note(Span place, const std::string& text);
  /// Moves everything of `other` behind what is here.
  void append(DiagnosticSink other);
  /// Sorts by file, place, then code: the order users see.
  void sort();
  /// Of those with one code, place and message the first stays.
  void drop_repeats();

 private:
  std::vector<Diagnostic> diagnostics_;
  std::vector<DiagnosticCode> demoted_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  Diagnostic overflow_{};
};

/// The known name nearest to `name` by edit distance, or nothing if none is near enough to be a
/// slip.
std::string nearest(std::string_view name, const std::vector<std::string_view>& known);
/// `did you mean "x"?` for nearest(), or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known);

/// How to print diagnostics.
enum class RenderStyle { kText, kJson, kGithub };
struct RenderOptions {
  RenderStyle style = RenderStyle::kText;
  bool color = false;
};
/// Text: rustc's form with carets. JSON: one document, schema in docs/reference/diagnostics.md.
/// Github: workflow annotations, one line each.
std::string render(const std::vector<Diagnostic>& diagnostics, const RenderOptions& options);
/// "file:line:col: message", for logs and answers of one line.
std::string one_line(const Diagnostic& diagnostic);
std::string one_line(const Note& note);

}  // namespace weir::text
