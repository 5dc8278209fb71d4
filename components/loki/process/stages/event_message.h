// SPDX-License-Identifier: Apache-2.0
// What the two stages for the messages of Windows events share: their arguments, and how a key of a
// message becomes the name of an extracted value.

#pragma once

#include "base/utf8.h"
#include "components/loki/process/go_text.h"
#include "components/loki/process/stage.h"

#include <optional>
#include <string>
#include <string_view>

namespace weir::loki {

struct EventMessageArgs {
  std::string source = "message";
  bool drop_invalid_labels = false;
  bool overwrite_existing = false;

  static schema::Schema schema() {
    using schema::attr;
    static constexpr auto kTable = schema::table({
        attr<&EventMessageArgs::source>("source", "Extracted value that is the message."),
        attr<&EventMessageArgs::drop_invalid_labels>(
            "drop_invalid_labels",
            "Whether a key that cannot name a label is left out rather than made to."),
        attr<&EventMessageArgs::overwrite_existing>(
            "overwrite_existing",
            "Whether a value of that name is replaced; else `_extracted` is put behind the name."),
    });
    return kTable;
  }
  void names(FoundNames& names) const { names.gives_any = true; }
};

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

/// Writes what a message says: `valid` is whether the key names a value as it is.
inline void find_in_message(StageBatch& batch, std::size_t i, const EventMessageArgs& args,
                            std::string_view key, bool valid, std::string_view value) {
  if (!valid && args.drop_invalid_labels) return;
  std::string name = valid ? std::string(key) : to_label_name(key);
  if (batch.found(i, name).exists() && !args.overwrite_existing) name += "_extracted";
  if (is_utf8(value))
    batch.set_found(i, batch.logs().text(name), FoundValue(batch.logs().text(value)));
}

}  // namespace weir::loki
