// SPDX-License-Identifier: Apache-2.0
// What stages found in an entry, as the data of a template.

#pragma once

#include "components/loki/process/go_template.h"
#include "components/loki/process/stage.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weir::loki {

/// The found values of one entry and some names more, which hide values of theirs.
class FoundData final : public TemplateData {
 public:
  /// `beside` outlives it.
  FoundData(StageBatch& batch, std::size_t i, std::span<const Label> beside)
      : batch_(batch), i_(i), beside_(beside) {}

  [[nodiscard]] std::optional<std::string> find(std::string_view name) const override {
    for (const Label& one : beside_) {
      if (one.name == name) return std::string(one.value);
    }
    const FoundValue value = batch_.found(i_, name);
    if (!value.has_text()) return std::nullopt;
    return std::string(batch_.text(value));
  }

  void put_all(const GoValue::Dict& into) const override {
    batch_.each_found(i_, [&](std::string_view name, const FoundValue& value) {
      if (value.has_text()) put(into, name, {std::string(batch_.text(value))});
    });
    for (const Label& one : beside_) put(into, one.name, {std::string(one.value)});
  }

 private:
  StageBatch& batch_;
  std::size_t i_;
  std::span<const Label> beside_;
};

}  // namespace weir::loki
