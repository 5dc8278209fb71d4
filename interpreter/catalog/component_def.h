// SPDX-License-Identifier: Apache-2.0
// What a component is to the language: its name, its arguments, its exports, how to make one.

#pragma once

#include "base/result.h"
#include "interpreter/schema/schema.h"
#include "interpreter/schema/stability.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::graph {
class Component;
class Context;
}  // namespace weir::graph

namespace weir::catalog {

class Lint;
using schema::Stability;

/// One row of the catalog. A literal type, made by define<C>() beside the component.
struct ComponentDef {
  std::string_view name;  ///< "loki.write"
  std::string_view doc;
  Stability stability = Stability::kGenerallyAvailable;
  bool community = false;  ///< needs --feature.community-components.enabled
  bool singleton = false;  ///< a service block: no label, root only, always there with its defaults
  const schema::BlockOps& (*args)() = nullptr;
  schema::Schema (*exports)() = nullptr;  ///< null: none
  /// The types of its exports by its arguments, where those say more; null: they do not.
  value::Type (*exports_by)(const void* args) = nullptr;
  /// What it exports before it first publishes: default-constructed exports.
  value::Value (*initial_exports)() = nullptr;
  std::unique_ptr<graph::Component> (*make)(graph::Context& context) = nullptr;
  /// Says how these arguments may fail silently; null: nothing to say. See lint.h.
  void (*lint)(const void* args, Lint& lint) = nullptr;
  /// Takes `args` (made by args().make, decoded, validated). First call and later ones alike.
  Status (*update)(graph::Component& component, void* args) = nullptr;
};

/// The components and services of a program. Handed down from the top.
class Catalog {
 public:
  Catalog() = default;
  explicit Catalog(std::vector<const ComponentDef*> rows);

  [[nodiscard]] const ComponentDef* find(std::string_view name) const;
  /// Whether the reference has a component of this name that Weir does not have yet.
  [[nodiscard]] bool is_unbuilt(std::string_view name) const;
  /// All such names, sorted.
  [[nodiscard]] std::vector<std::string_view> unbuilt() const;
  [[nodiscard]] const std::vector<const ComponentDef*>& all() const {
    return rows_;
  }  ///< sorted by name

 private:
  std::vector<const ComponentDef*> rows_;
};

}  // namespace weir::catalog
