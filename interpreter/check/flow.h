// SPDX-License-Identifier: Apache-2.0
// Where data flows between components, read off their references.
//
// A reference to a receiver is an edge from who refers to who exports it; any other reference is an
// edge the other way. Where the kind of what is referred to is not known, data may flow both ways.
// Modules are looked through: each use of a declare has its components at places of their own, and
// its arguments and exports lead to what stands behind them.

#pragma once

#include "interpreter/check/model.h"
#include "interpreter/schema/schema.h"

#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace weir::check {

/// Whether values of the type are receivers, or lists or maps of them.
bool carries_receivers(const value::Type& type);
/// Whether the component exports a receiver.
bool takes_data(const Node& node);

class Flow {
 public:
  /// A node in one use of the module that it stands in.
  struct Place {
    const Node* node = nullptr;
    std::size_t use = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };

  explicit Flow(const Module& root);

  [[nodiscard]] const std::vector<Place>& places() const { return places_; }
  [[nodiscard]] const std::vector<Place>& from(const Place& place) const {
    return at(forward_, place);
  }
  [[nodiscard]] const std::vector<Place>& into(const Place& place) const {
    return at(backward_, place);
  }

  /// The custom component whose use of a module the place is in; null if that is not known.
  [[nodiscard]] const Node* custom_of(const Place& place) const { return uses_[place.use].custom; }
  /// Whether the place is in the root, or in a module that the root uses; other modules may be used
  /// from elsewhere.
  [[nodiscard]] bool is_used(const Place& place) const;
  /// The places from which data can reach an end (a place that takes data and sends nothing on)
  /// without passing a node for which `stops` holds; `upstream`: the same against the flow, to a
  /// beginning.
  [[nodiscard]] std::set<Place> reaching_end(const std::function<bool(const Place&)>& stops,
                                             bool upstream) const;

 private:
  using Edges = std::map<Place, std::vector<Place>>;
  /// One use of a declare; of the root, and of declares that nothing uses, `custom` is null.
  struct Use {
    const Node* custom = nullptr;
    std::size_t outer = 0;
  };
  struct Leaf {
    Place place;
    value::Type type;
  };

  void enter(const Module& module, std::size_t use, int depth);
  void follow(const Place& from);
  /// What a reference leads to in the end.
  void resolve(const Reference& reference, std::size_t use, int depth,
               std::vector<Leaf>& out) const;
  void resolve_argument(const Node& argument, const Use& use, int depth,
                        std::vector<Leaf>& out) const;
  void resolve_export(const Reference& reference, std::size_t inner, int depth,
                      std::vector<Leaf>& out) const;
  static const std::vector<Place>& at(const Edges& edges, const Place& place);
  void connect(const Place& from, const Place& to);

  std::vector<Use> uses_;
  std::map<Place, std::size_t> inside_;  // of a custom component: the use that it is
  std::vector<Place> places_;
  Edges forward_;
  Edges backward_;
};

}  // namespace weir::check
