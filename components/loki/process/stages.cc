// SPDX-License-Identifier: Apache-2.0
// The registry of stages, made of stages/stages.def.

#include "components/loki/process/stage.h"

#include <array>

namespace weir::loki {

#define STAGE(id) extern const StageDef id;
#define UNBUILT_STAGE(name, doc)
#include "components/loki/process/stages/stages.def"
#undef STAGE
#undef UNBUILT_STAGE

std::span<const schema::Choice> stage_choices() {
#define STAGE(id) schema::Choice{id.name, id.doc, id.stability, id.args, &id},
#define UNBUILT_STAGE(name, doc) \
  schema::Choice{name, doc, schema::Stability::kGenerallyAvailable, nullptr, nullptr},
  static const std::array kChoices = {
#include "components/loki/process/stages/stages.def"
  };
#undef STAGE
#undef UNBUILT_STAGE
  return kChoices;
}

const StageDef& definition_of(const schema::Choice& choice) {
  WEIR_CHECK(choice.definition != nullptr, "only stages that are built are decoded");
  return *static_cast<const StageDef*>(choice.definition);
}

Counter StageContext::dropped(std::string_view reason) const {
  return metrics.counter("loki_process_dropped_lines_total",
                         "A count of all log lines dropped as a result of a pipeline stage",
                         {{"reason", std::string(reason)}});
}

}  // namespace weir::loki
