// SPDX-License-Identifier: Apache-2.0
#include "cli/report.h"

#include "base/format.h"

namespace weir::cli {
namespace {

std::string counted(std::size_t count, std::string_view what) {
  return format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

void report(const text::DiagnosticSink& found, World& world) {
  const std::size_t count = found.error_count() + found.warning_count();
  if (count == 0) return;
  world.err(text::render(found.all(), {text::RenderStyle::kText, world.color}));
  world.err(format("{}, {}{}\n", counted(found.error_count(), "error"),
                   counted(found.warning_count(), "warning"),
                   count > found.all().size()
                       ? format("; the first {} are shown", found.all().size())
                       : std::string()));
}

}  // namespace weir::cli
