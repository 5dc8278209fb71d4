// SPDX-License-Identifier: Apache-2.0
// Targets: label sets that say where something is, as discovery finds them and sources take them.
//
// In the language a target is an object of strings. Most targets pass through a pipeline unchanged,
// so a Target holds that object itself: ten thousand of them cost ten thousand pointers, and are
// compared by what they share.

#pragma once

#include "components/core/labels.h"
#include "interpreter/schema/codecs.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// Immutable, cheap to copy. Threads: any.
class Target {
 public:
  Target() : object_(value::Object{}) {}
  explicit Target(const std::vector<Label>& labels);

  /// The value, or an empty view; lives as long as this target.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  /// Sorted by name; views as get().
  [[nodiscard]] std::vector<Label> labels() const;
  /// The same with one label set.
  [[nodiscard]] Target with(std::string_view name, std::string_view value) const;
  [[nodiscard]] const value::Value& value() const { return object_; }

 private:
  friend struct schema::Codec<Target>;
  value::Value object_;  // its members are strings
};

}  // namespace weir

namespace weir::schema {
WEIR_DECLARE_CODEC(Target);
}
