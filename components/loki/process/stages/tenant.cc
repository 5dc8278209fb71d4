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
    void names(FoundNames& names) const { names.reads.emplace_back("source", source); }
  };

  TenantStage(const StageContext& context, const Args& args) : args_(args), log_(context.log) {}

  void process(StageBatch& batch) override {
    LabelMemo memo(batch.logs());
    Misses misses;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::string_view tenant = tenant_of(batch, i, misses);
      if (tenant.empty()) continue;
      const std::array<Label, 1> change = {Label{"__tenant_id__", tenant}};
      batch.entry(i).labels = memo.with(batch.entry(i).labels, change);
    }
    tell("failed to convert value to string", args_.source, misses.not_text);
    tell("the tenant source does not exist in the extracted data", args_.source, misses.not_found);
    tell("the tenant source does not exist in the labels", args_.label, misses.no_label);
  }
  [[nodiscard]] bool reads_found() const override { return !args_.source.empty(); }

 private:
  /// Entries without a tenant, and why.
  struct Misses {
    std::size_t not_text = 0, not_found = 0, no_label = 0;
  };

  std::string_view tenant_of(StageBatch& batch, std::size_t i, Misses& misses) const {
    if (!args_.value.empty()) return args_.value;
    if (!args_.label.empty()) {
      if (!batch.labels(i).has(args_.label)) ++misses.no_label;
      return batch.labels(i).get(args_.label);
    }
    const FoundValue value = batch.found(i, args_.source);
    if (!value.has_text()) ++(value.exists() ? misses.not_text : misses.not_found);
    return batch.text(value);
  }
  void tell(std::string_view message, std::string_view source, std::size_t entries) const {
    if (entries != 0)
      log_.debug(message, {{"stage", "tenant"}, {"source", source}, {"entries", entries}});
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
