// SPDX-License-Identifier: Apache-2.0
// What stages found in an entry, as the data of a template.

#pragma once

#include "components/loki/process/go_template.h"
#include "components/loki/process/stage.h"

#include <optional>
#include <string>
#include <string_view>

namespace weir::loki {

/// The found values of one entry and one name more, which hides a value of that name.
class FoundData final : public TemplateData {
 public:
  FoundData(StageBatch& batch, std::size_t i, std::string_view name, std::string_view text)
      : batch_(batch), i_(i), name_(name), text_(text) {}

  [[nodiscard]] std::optional<std::string> find(std::string_view name) const override {
    if (name == name_) return std::string(text_);
    const FoundValue value = batch_.found(i_, name);
    if (!value.has_text()) return std::nullopt;
    return std::string(batch_.text(value));
  }

 private:
  StageBatch& batch_;
  std::size_t i_;
  std::string_view name_;
  std::string_view text_;
};

}  // namespace weir::loki
