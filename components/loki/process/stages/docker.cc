// SPDX-License-Identifier: Apache-2.0
// stage.docker: unwraps lines as Docker's json-file driver writes them, {"log", "stream", "time"}.

#include "base/case.h"
#include "base/codec/json_reader.h"
#include "components/loki/process/label_memo.h"
#include "components/loki/process/stage.h"

#include <array>
#include <optional>
#include <string_view>

namespace weir::loki {
namespace {

class DockerStage final : public Stage {
 public:
  struct Args {
    static schema::Schema schema() { return {}; }
    void names(FoundNames& names) const {
      names.gives.insert(names.gives.end(), {"output", "stream", "timestamp"});
    }
  };

  DockerStage(const StageContext& context, const Args&) : log_(context.log) {}

  void process(StageBatch& batch) override {
    static thread_local codec::JsonReader reader;
    LabelMemo memo(batch.logs());
    std::size_t others = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) others += unwrap(batch, i, reader, memo) ? 0 : 1;
    if (others != 0)
      log_.debug("failed to parse docker log", {{"stage", "docker"}, {"entries", others}});
  }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  static bool unwrap(StageBatch& batch, std::size_t i, codec::JsonReader& reader, LabelMemo& memo) {
    Entry& entry = batch.entry(i);
    const auto document = reader.read(entry.line);
    if (!document || document->kind() != codec::JsonValue::Kind::kObject) return false;
    std::string_view log, stream, time;
    bool good = true;
    document->for_each_member([&](std::string_view name, codec::JsonView value) {
      const std::string key = to_lower(name);  // the reference's decoder knows no case
      std::string_view* into = key == "log"      ? &log
                               : key == "stream" ? &stream
                               : key == "time"   ? &time
                                                 : nullptr;
      if (into == nullptr || value.kind() == codec::JsonValue::Kind::kNull) return;
      good = good && value.kind() == codec::JsonValue::Kind::kString;
      *into = value.text();
    });
    if (!good || log.empty()) return false;
    entry.line = batch.logs().text(log);
    stream = batch.logs().text(stream);
    if (const auto read = try_parse_rfc3339(time)) entry.time = *read;
    if (batch.keeps_found()) {
      batch.set_found(i, "output", FoundValue(entry.line));
      batch.set_found(i, "stream", FoundValue(stream));
      batch.set_found(i, "timestamp", FoundValue(batch.logs().text(time)));
    }
    const std::array<Label, 1> change = {Label{"stream", stream}};
    entry.labels = memo.with(entry.labels, change);
    return true;
  }

  const Logger log_;
};

}  // namespace

extern constexpr StageDef stage_docker = define_stage<DockerStage>(
    "docker", "Unwraps lines in the format of Docker's json-file driver.");

}  // namespace weir::loki
