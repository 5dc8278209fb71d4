// SPDX-License-Identifier: Apache-2.0
#include "interpreter/text/diagnostic.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

namespace weir::text {

const std::vector<CodeInfo>& all_codes() {
  static const std::vector<CodeInfo> codes = {
#define CODE(id, number, severity, name, doc) \
  {DiagnosticCode::id, number, Severity::severity, name, doc},
#include "interpreter/text/codes.def"
#undef CODE
  };
  return codes;
}

const CodeInfo& info(DiagnosticCode code) {
  return all_codes()[static_cast<std::size_t>(code)];
}

Diagnostic& Diagnostic::note(Span place, std::string text) {
  notes.push_back(
      {place, std::move(text), place ? place.source->weak_from_this().lock() : nullptr});
  return *this;
}

Diagnostic& DiagnosticSink::add(DiagnosticCode code, Span span, std::string message,
                                std::string hint) {
  Diagnostic diagnostic;
  diagnostic.code = code;
  const bool demoted = std::find(demoted_.begin(), demoted_.end(), code) != demoted_.end();
  diagnostic.severity = demoted ? Severity::kWarning : info(code).severity;
  diagnostic.span = span;
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  if (span) diagnostic.source = span.source->weak_from_this().lock();
  ++(diagnostic.severity == Severity::kError ? errors_ : warnings_);
  if (diagnostics_.size() >= kLimit) return overflow_ = std::move(diagnostic);
  return diagnostics_.emplace_back(std::move(diagnostic));
}

void DiagnosticSink::add_note(Span place, const std::string& text) {
  for (Diagnostic& diagnostic : diagnostics_) diagnostic.note(place, text);
}

void DiagnosticSink::append(DiagnosticSink other) {
  errors_ += other.errors_;
  warnings_ += other.warnings_;
  const std::size_t room = kLimit - std::min(kLimit, diagnostics_.size());
  const std::size_t taken = std::min(room, other.diagnostics_.size());
  std::move(other.diagnostics_.begin(),
            other.diagnostics_.begin() + static_cast<std::ptrdiff_t>(taken),
            std::back_inserter(diagnostics_));
}

void DiagnosticSink::sort() {
  const auto place = [](const Diagnostic& d) {
    const std::string_view file = d.span ? std::string_view(d.span.source->name()) : "";
    return std::make_tuple(file, d.span.begin, d.code);
  };
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
}

void DiagnosticSink::drop_repeats() {
  std::set<std::tuple<DiagnosticCode, const Source*, std::uint32_t, std::string>> seen;
  std::erase_if(diagnostics_, [&](const Diagnostic& d) {
    const bool fresh = seen.emplace(d.code, d.span.source, d.span.begin, d.message).second;
    if (!fresh) --(d.severity == Severity::kError ? errors_ : warnings_);
    return !fresh;
  });
}

namespace {

std::string placed(Span span, const std::string& message) {
  if (!span) return message;
  const Position at = span.start();
  return format("{}:{}:{}: {}", span.source->name(), at.line, at.column, message);
}

}  // namespace

std::string one_line(const Diagnostic& diagnostic) {
  return placed(diagnostic.span, diagnostic.message);
}

std::string one_line(const Note& note) {
  return placed(note.span, note.message);
}

}  // namespace weir::text
