// SPDX-License-Identifier: Apache-2.0
// stage.decolorize: removes the sequences that colour text on a terminal.

#include "base/regex.h"
#include "components/loki/process/stage.h"

#include <string>
#include <string_view>

namespace weir::loki {
namespace {

/// Escape or its one-character form, then a title that a bell ends, or numbers and a final letter.
const Regex& terminal_sequence() {
  static const Regex kSequence = [] {
    const std::string introducer = R"([\x{1B}\x{9B}][\[\]()#;?]*)";
    const std::string title = R"([[:alnum:]]*(?:;[[:alnum:]]*)*\x07)";
    const std::string control = R"((?:[0-9]{1,4}(?:;[0-9]{0,4})*)?[0-9A-PRZcf-nqrty=><~])";
    auto regex = Regex::compile(introducer + "(?:" + title + "|" + control + ")");
    WEIR_CHECK(regex.has_value(), "an expression written in the program is right");
    return *regex;
  }();
  return kSequence;
}

class DecolorizeStage final : public Stage {
 public:
  struct Args {
    static schema::Schema schema() { return {}; }
  };

  DecolorizeStage(const StageContext&, const Args&)
      : sequence_(terminal_sequence()), nothing_("", sequence_) {}

  void process(StageBatch& batch) override {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      std::string_view& line = batch.entry(i).line;
      const bool may_have = line.find('\x1b') != std::string_view::npos ||
                            line.find("\xc2\x9b") != std::string_view::npos;
      if (may_have) line = batch.logs().text(sequence_.replace_all(line, nothing_));
    }
  }
  [[nodiscard]] bool reads_found() const override { return false; }

 private:
  const Regex sequence_;
  const RegexTemplate nothing_;
};

}  // namespace

extern constexpr StageDef stage_decolorize =
    define_stage<DecolorizeStage>("decolorize", "Removes ANSI colour codes from the line.");

}  // namespace weir::loki
