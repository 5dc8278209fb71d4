// SPDX-License-Identifier: Apache-2.0
// stage.tenant: says whose the entry is, in a label that loki.write takes off and sends as the
// tenant.

#include "components/loki/process/label_memo.h"
#include "components/loki/process/stage.h"

#include <array>
#include <string>

namespace weir::loki {
namespace {

class TenantStage final : public Stage {
 public:
  struct Args {
    std::string label;
    std::string source;
    std::string value;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };

  TenantStage(const StageContext& context, const Args& args) : args_(args), log_(context.log) {}

  void process(StageBatch& batch) override {
    LabelMemo memo(batch.logs());
    std::size_t not_text = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::string_view tenant = tenant_of(batch, i, not_text);
      if (tenant.empty()) continue;
      const std::array<Label, 1> change = {Label{"__tenant_id__", tenant}};
      batch.entry(i).labels = memo.with(batch.entry(i).labels, change);
    }
    if (not_text != 0)
      log_.debug("failed to convert value to string",
                 {{"stage", "tenant"}, {"source", args_.source}, {"entries", not_text}});
  }
  [[nodiscard]] bool reads_found() const override { return !args_.source.empty(); }

 private:
  std::string_view tenant_of(StageBatch& batch, std::size_t i, std::size_t& not_text) const {
    if (!args_.value.empty()) return args_.value;
    if (!args_.label.empty()) return batch.labels(i).get(args_.label);
    const FoundValue value = batch.found(i, args_.source);
    if (value.exists() && !value.has_text()) ++not_text;
    return batch.text(value);
  }

  const Args args_;
  const Logger log_;
};

schema::Schema TenantStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::label>("label", "Label whose value is the tenant."),
      attr<&Args::source>("source", "Extracted value that is the tenant."),
      attr<&Args::value>("value", "The tenant."),
  });
  return kTable;
}

void TenantStage::Args::validate(schema::Problems& problems) const {
  const int given = !label.empty() + !source.empty() + !value.empty();
  if (given == 0) problems.add({}, "stage.tenant needs one of label, source and value");
  if (given > 1) problems.add({}, "stage.tenant takes one of label, source and value, not several");
}

}  // namespace

extern constexpr StageDef stage_tenant =
    define_stage<TenantStage>("tenant", "Sets the tenant of entries.");

}  // namespace weir::loki
