// SPDX-License-Identifier: Apache-2.0
// stage.template: writes an extracted value by a Go template of all of them.

#include "components/loki/process/go_template.h"
#include "components/loki/process/stage.h"
#include "components/loki/process/stages/found_data.h"

#include <string>
#include <vector>

namespace weir::loki {
namespace {

class TemplateStage final : public Stage {
 public:
  struct Args {
    std::string source;
    GoTemplate text;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const { names.gives.push_back(source); }
  };

  TemplateStage(const StageContext& context, const Args& args) : args_(args), log_(context.log) {}

  void process(StageBatch& batch) override {
    std::size_t failed = 0, not_text = 0;
    const bool tells = log_.enabled(LogLevel::kDebug);
    std::string made;
    std::vector<Label> beside;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (tells) {
        batch.each_found(
            i, [&](std::string_view, const FoundValue& found) { not_text += !found.has_text(); });
      }
      beside.assign({{"Entry", batch.entry(i).line}});
      const FoundValue value = batch.found(i, args_.source);
      if (value.has_text()) beside.push_back({"Value", batch.text(value)});
      made.clear();
      if (!args_.text.render(FoundData(batch, i, beside), made)) {
        ++failed;
        continue;
      }
      // A value that became empty is none.
      batch.set_found(i, args_.source,
                      made.empty() ? FoundValue() : FoundValue(batch.logs().text(made)));
    }
    if (not_text != 0)
      log_.debug("extracted template could not be converted to a string",
                 {{"stage", "template"}, {"values", not_text}});
    if (failed != 0)
      log_.debug("failed to execute template on extracted value",
                 {{"stage", "template"}, {"entries", failed}});
  }

 private:
  const Args args_;
  const Logger log_;
};

schema::Schema TemplateStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::source>("source", "Name of the extracted value to write.").required(),
      attr<&Args::text>("template",
                        "Go template of what it becomes; `.Value` is what it was, `.Entry` the "
                        "line, and every extracted value stands under its name.")
          .required(),
  });
  return kTable;
}

void TemplateStage::Args::validate(schema::Problems& problems) const {
  if (source.empty())
    problems.add("source", "must not be empty", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_template =
    define_stage<TemplateStage>("template", "Writes an extracted value by a Go template.");

}  // namespace weir::loki
