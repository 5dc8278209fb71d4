// SPDX-License-Identifier: Apache-2.0
// weir components: what can be built, and what the reference has that cannot be yet.

#include "base/format.h"
#include "cli/command.h"
#include "cli/program.h"

namespace weir::cli {
namespace {

struct Components {
  struct Flags {
    bool json = false;
    static schema::Schema schema();
  };
  static ExitCode run(const Flags& flags, World& world);
};

schema::Schema Components::Flags::schema() {
  static constexpr auto kTable =
      schema::table({schema::attr<&Flags::json>("json", "Print as JSON.")});
  return kTable;
}

std::string as_json(const catalog::Catalog& catalog) {
  value::Array rows;
  for (const catalog::ComponentDef* def : catalog.all()) {
    value::Object row{{{"name", value::Value(def->name)},
                       {"built", value::Value(true)},
                       {"stability", value::Value(schema::to_string(def->stability))},
                       {"doc", value::Value(def->doc)}},
                      true};
    rows.emplace_back(std::move(row));
  }
  for (const std::string_view name : catalog.unbuilt()) {
    rows.emplace_back(
        value::Object{{{"name", value::Value(name)}, {"built", value::Value(false)}}, true});
  }
  return value::to_json(value::Value(std::move(rows)));
}

ExitCode Components::run(const Flags& flags, World& world) {
  const catalog::Catalog catalog = program_catalog();
  if (flags.json) {
    world.out(as_json(catalog) + "\n");
    return ExitCode::kOk;
  }
  world.out("built:\n");
  for (const catalog::ComponentDef* def : catalog.all()) {
    world.out(
        format("  {:<24} {:<20} {}\n", def->name, schema::to_string(def->stability), def->doc));
  }
  world.out("\nnot built yet:\n");
  for (const std::string_view name : catalog.unbuilt()) world.out(format("  {}\n", name));
  return ExitCode::kOk;
}

}  // namespace

extern constexpr CommandDef cmd_components =
    command<Components>("components", "Lists components, built and not built yet.", "");

}  // namespace weir::cli
