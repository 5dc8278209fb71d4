// SPDX-License-Identifier: Apache-2.0
#include "interpreter/check/check.h"

#include "interpreter/check/checker.h"
#include "interpreter/check/collect.h"
#include "interpreter/check/cycles.h"
#include "interpreter/check/warnings.h"

namespace weir::check {

text::DiagnosticSink check(const std::vector<std::shared_ptr<const syntax::File>>& files,
                           const catalog::Catalog& catalog, const catalog::FunctionTable& functions,
                           const Options& options) {
  text::DiagnosticSink sink;
  if (options.ignore_not_built) sink.demote(text::DiagnosticCode::kNotBuiltYet);
  Module root;
  root.path = options.module_path;
  std::vector<const syntax::Body*> bodies;
  for (const auto& file : files) bodies.push_back(&file->body);
  collect(root, bodies, catalog, options, sink);

  Checker checker(catalog, functions, options, sink);
  checker.check_module(root);
  for_each_module(root, [&](Module& module) { report_cycles(module, sink); });
  for (const auto& module : checker.imported()) {
    for_each_module(*module, [&](Module& inner) { report_cycles(inner, sink); });
  }
  // Of a pipeline with a broken name nobody can say where its data goes.
  if (!sink.has_errors()) warn(root, checker, options, sink);
  sink.sort();
  return sink;
}

}  // namespace weir::check
