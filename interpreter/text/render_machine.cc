// SPDX-License-Identifier: Apache-2.0
#include "interpreter/text/render_machine.h"

#include "base/codec/json.h"

#include <algorithm>

namespace weir::text {
namespace {

using codec::JsonValue;

std::string_view severity_name(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

std::uint64_t errors_in(const std::vector<Diagnostic>& diagnostics) {
  return static_cast<std::uint64_t>(
      std::count_if(diagnostics.begin(), diagnostics.end(),
                    [](const Diagnostic& d) { return d.severity == Severity::kError; }));
}

/// Lines and columns are 0, and the file is empty, where a span points nowhere.
void add_place(JsonValue& object, Span span) {
  const Position first = span.start();
  const Position last = span.last();
  object.add("file", span ? span.source->name() : std::string());
  object.add("line", std::uint64_t{first.line});
  object.add("column", std::uint64_t{first.column});
  object.add("end_line", std::uint64_t{last.line});
  object.add("end_column", std::uint64_t{last.column});
}

JsonValue note_json(const Note& note) {
  JsonValue object;
  add_place(object, note.span);
  object.add("message", note.message);
  return object;
}

JsonValue diagnostic_json(const Diagnostic& diagnostic) {
  const CodeInfo& code = info(diagnostic.code);
  JsonValue object;
  object.add("code", code.number);
  object.add("name", code.name);
  object.add("severity", severity_name(diagnostic.severity));
  add_place(object, diagnostic.span);
  object.add("message", diagnostic.message);
  object.add("hint", diagnostic.hint);
  JsonValue::Array notes;
  for (const Note& note : diagnostic.notes) notes.push_back(note_json(note));
  object.add("notes", std::move(notes));
  return object;
}

/// Text as the value of a workflow command; `property` also hides what separates properties.
std::string escape_command(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\r')
      out += "%0D";
    else if (c == '\n')
      out += "%0A";
    else if (property && c == ':')
      out += "%3A";
    else if (property && c == ',')
      out += "%2C";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string render_json(const std::vector<Diagnostic>& diagnostics) {
  JsonValue::Array all;
  for (const Diagnostic& diagnostic : diagnostics) all.push_back(diagnostic_json(diagnostic));
  const std::uint64_t errors = errors_in(diagnostics);
  JsonValue document;
  document.add("diagnostics", std::move(all));
  document.add("errors", errors);
  document.add("warnings", diagnostics.size() - errors);
  return codec::write_json(document) + '\n';
}

std::string render_github(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    const CodeInfo& code = info(diagnostic.code);
    out += format("::{} ", severity_name(diagnostic.severity));
    if (diagnostic.span) {
      const Position first = diagnostic.span.start();
      const Position last = diagnostic.span.last();
      out += format("file={},line={},col={},endLine={},endColumn={},",
                    escape_command(diagnostic.span.source->name(), true), first.line, first.column,
                    last.line, last.column);
    }
    std::string message = diagnostic.message;
    if (!diagnostic.hint.empty()) message += "\n" + diagnostic.hint;
    for (const Note& note : diagnostic.notes) message += "\nnote: " + one_line(note);
    out += format("title={} {}::{}\n", code.number, code.name, escape_command(message, false));
  }
  return out;
}

}  // namespace weir::text
