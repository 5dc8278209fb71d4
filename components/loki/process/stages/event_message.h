// SPDX-License-Identifier: Apache-2.0
// What the two stages for the messages of Windows events share: their arguments, which entries have
// a message, and how a key of one becomes the name of an extracted value.

#pragma once

#include "base/utf8.h"
#include "components/loki/process/go_text.h"
#include "components/loki/process/stage.h"

#include <optional>
#include <string>
#include <string_view>

namespace weir::loki {

/// `key` with every character that a plain label name does not have as an underscore.
inline std::string to_label_name(std::string_view key) {
  std::string out;
  for (; !key.empty(); key.remove_prefix(decode_rune(key).size)) {
    const std::string_view rune = key.substr(0, decode_rune(key).size);
    const bool digit = rune.front() >= '0' && rune.front() <= '9';
    const bool stays = is_plain_label_name(rune) || (digit && !out.empty());
    out += stays ? rune.front() : '_';
  }
  return out.empty() ? "_" : out;
}

/// A stage for messages whose keys name values as `IsName` says. What it is made of extracts.
template <bool (*IsName)(std::string_view)>
class EventMessageStage : public Stage {
 public:
  struct Args {
    std::string source = "message";
    bool drop_invalid_labels = false;
    bool overwrite_existing = false;

    static schema::Schema schema() {
      using schema::attr;
      static constexpr auto kTable = schema::table({
          attr<&Args::source>("source", "Extracted value that is the message."),
          attr<&Args::drop_invalid_labels>(
              "drop_invalid_labels",
              "Whether a key that cannot name a label is left out rather than made to."),
          attr<&Args::overwrite_existing>(
              "overwrite_existing",
              "Whether a value of that name is replaced; else `_extracted` is put behind the "
              "name."),
      });
      return kTable;
    }
    void names(FoundNames& names) const {
      names.reads.emplace_back("source", source);
      names.gives_any = true;
    }
    void validate(schema::Problems& problems) const {
      if (!IsName(source))
        problems.add("source", format("\"{}\" cannot name a label", source), {},
                     text::DiagnosticCode::kBadLabelName);
    }
  };

  EventMessageStage(const StageContext&, const Args& args) : args_(args) {}

  void process(StageBatch& batch) override {
    // An entry whose message is no text goes, as in the reference.
    batch.remove_if([&](std::size_t i) {
      const FoundValue message = batch.found(i, args_.source);
      if (message.has_text()) extract(batch, i, batch.text(message));
      return message.exists() && !message.has_text();
    });
  }

 protected:
  virtual void extract(StageBatch& batch, std::size_t i, std::string_view message) const = 0;

  /// Writes what a message says.
  void find(StageBatch& batch, std::size_t i, std::string_view key, std::string_view value) const {
    const bool valid = IsName(key);
    if (!valid && args_.drop_invalid_labels) return;
    std::string name = valid ? std::string(key) : to_label_name(key);
    if (batch.found(i, name).exists() && !args_.overwrite_existing) name += "_extracted";
    if (is_utf8(value))
      batch.set_found(i, batch.logs().text(name), FoundValue(batch.logs().text(value)));
  }

 private:
  const Args args_;
};

}  // namespace weir::loki
