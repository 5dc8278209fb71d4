// SPDX-License-Identifier: Apache-2.0
// stage.pack: makes the line a JSON object of labels, extracted values and the line.

#include "base/codec/json.h"
#include "components/loki/process/stage.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {
namespace {

class PackStage final : public Stage {
 public:
  struct Args {
    std::vector<std::string> labels;
    bool ingest_timestamp = true;

    static schema::Schema schema();
  };

  PackStage(const StageContext& context, const Args& args)
      : names_(args.labels.begin(), args.labels.end()),
        takes_time_(args.ingest_timestamp),
        clock_(context.clock),
        log_(context.log) {}

  void process(StageBatch& batch) override {
    std::size_t not_text = 0;
    LabelsBuilder rest;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      Entry& entry = batch.entry(i);
      rest.reset(batch.labels(i));
      std::string packed = "{";
      for (const std::string& name : names_) {
        const FoundValue value = batch.found(i, name);
        if (!value.has_text()) {
          not_text += value.exists() ? 1 : 0;
          continue;
        }
        append_member(packed, name, batch.text(value));
        rest.remove(name);
      }
      append_member(packed, "_entry", entry.line);
      entry.line = batch.logs().text(packed + "}");
      entry.labels = batch.logs().label_index(rest.build());
      if (takes_time_) entry.time = clock_.now();
    }
    if (not_text != 0)
      log_.debug("value cannot be converted to a string and cannot be packed",
                 {{"stage", "pack"}, {"values", not_text}});
  }

 private:
  static void append_member(std::string& out, std::string_view name, std::string_view value) {
    if (out.size() > 1) out += ',';
    codec::append_json_string(out, name, true);
    out += ':';
    codec::append_json_string(out, value, true);
  }

  const std::set<std::string> names_;
  const bool takes_time_;
  Clock& clock_;
  const Logger log_;
};

schema::Schema PackStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::labels>("labels", "Names of the labels and extracted values to pack.").required(),
      attr<&Args::ingest_timestamp>("ingest_timestamp",
                                    "Whether the entry's time becomes that of packing."),
  });
  return kTable;
}

}  // namespace

extern constexpr StageDef stage_pack = define_stage<PackStage>(
    "pack", "Packs labels, extracted values and the line into one JSON object.");

}  // namespace weir::loki
