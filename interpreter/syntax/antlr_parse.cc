// SPDX-License-Identifier: Apache-2.0
// Text to tree: the token source, the generated parser, the recovery and the builder put together.

#include "interpreter/syntax/antlr_recovery.h"
#include "interpreter/syntax/parse.h"

#include <memory>
#include <utility>

namespace weir::syntax {
namespace {

using text::DiagnosticCode;

/// Runs one rule of the grammar over the tokens of a source.
template <typename Run>
void read(const text::Source& source, TokenSource& tokens, TreeBuilder& builder,
          text::DiagnosticSink& sink, Run run) {
  TokenWindow window(tokens);
  Reader reader(window, builder);
  reader.setErrorHandler(std::make_shared<Recovery>(source, window, tokens, sink));
  run(reader);
  if (!tokens.stopped() || sink.error_count() + 1 < text::DiagnosticSink::kLimit) return;
  const std::uint32_t end = sink.all().back().span.end;
  sink.add(DiagnosticCode::kTooManyErrors, {&source, end, end},
           format("{} errors: the rest of the text is not read", sink.error_count()),
           "mend the first ones; others may follow from them");
}

bool small_enough(const text::Source& source, text::DiagnosticSink& sink) {
  if (source.text().size() <= kMaxSourceBytes) return true;
  sink.add(DiagnosticCode::kTooLarge, {&source, 0, 0},
           format("the text has {} bytes, more than {}", source.text().size(), kMaxSourceBytes));
  return false;
}

}  // namespace

std::shared_ptr<const File> parse_file(std::shared_ptr<const text::Source> source,
                                       text::DiagnosticSink& sink) {
  auto file = std::make_shared<File>();
  file->source = source;
  if (!small_enough(*source, sink)) return file;
  TokenSource tokens(*source, sink);
  TreeBuilder builder(*source, sink);
  read(*source, tokens, builder, sink, [](Reader& reader) { reader.file(); });
  file->body = builder.take_body();
  file->comments = tokens.take_comments();
  return file;
}

ParsedExpression parse_expression(std::shared_ptr<const text::Source> source,
                                  text::DiagnosticSink& sink) {
  ParsedExpression parsed{source, std::make_unique<Expression>()};
  parsed.expression->span = {source.get(), 0, 0};
  if (!small_enough(*source, sink)) return parsed;
  TokenSource tokens(*source, sink);
  TreeBuilder builder(*source, sink);
  read(*source, tokens, builder, sink, [](Reader& reader) { reader.standalone(); });
  parsed.expression = builder.take_expression();
  return parsed;
}

}  // namespace weir::syntax
