// SPDX-License-Identifier: Apache-2.0
// stage.split_json: makes one entry of each element of a JSON array.
//
// Elements are passed on byte by byte, so the text is only scanned for where they begin and end, by
// the grammar of RFC 8259.

#include "base/codec/json.h"
#include "components/loki/process/stages/input.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {
namespace {

/// An array of more is passed on whole.
constexpr std::size_t kMaxElements = 100'000;

/// Reads JSON off the front of a text; every step answers whether it was there.
class ElementScanner {
 public:
  explicit ElementScanner(std::string_view text) : text_(text) {}

  /// The elements of an array that is the whole text; nothing if it is none, or has too many.
  std::optional<std::vector<std::string_view>> elements() {
    std::vector<std::string_view> out;
    skip_spaces();
    if (!take('[')) return std::nullopt;
    skip_spaces();
    if (!take(']')) {
      do {
        skip_spaces();
        const std::string_view from = text_;
        if (out.size() == kMaxElements || !value(1)) return std::nullopt;
        out.push_back(from.substr(0, from.size() - text_.size()));
        skip_spaces();
      } while (take(','));
      if (!take(']')) return std::nullopt;
    }
    skip_spaces();
    if (!text_.empty()) return std::nullopt;
    return out;
  }

 private:
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  void skip_spaces() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
  }

  bool value(std::size_t depth) {
    if (depth > codec::kMaxJsonDepth) return false;
    if (text_.starts_with('"')) return string();
    if (take('[')) return members(']', depth, false);
    if (take('{')) return members('}', depth, true);
    return take("true") || take("false") || take("null") || number();
  }
  /// What stands behind the bracket.
  bool members(char end, std::size_t depth, bool has_keys) {
    skip_spaces();
    if (take(end)) return true;
    do {
      skip_spaces();
      if (has_keys) {
        if (!string()) return false;
        skip_spaces();
        if (!take(':')) return false;
        skip_spaces();
      }
      if (!value(depth + 1)) return false;
      skip_spaces();
    } while (take(','));
    return take(end);
  }
  bool string() {
    if (!take('"')) return false;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }
  bool escape() {
    if (take('u')) {
      for (int i = 0; i < 4; ++i) {
        if (text_.find_first_of("0123456789abcdefABCDEF") != 0) return false;
        text_.remove_prefix(1);
      }
      return true;
    }
    if (text_.find_first_of("\"\\/bfnrt") != 0) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool digits() {
    const std::size_t size = std::min(text_.find_first_not_of("0123456789"), text_.size());
    text_.remove_prefix(size);
    return size != 0;
  }
  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (!take('e') && !take('E')) return true;
    if (!take('+')) take('-');
    return digits();
  }

  std::string_view text_;
};

class SplitJsonStage final : public Stage {
 public:
  struct Args {
    std::optional<std::string> source;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const { names.reads.emplace_back("source", source.value_or("")); }
  };

  SplitJsonStage(const StageContext& context, const Args& args)
      : log_(context.log), input_("split_json", args.source.value_or("")) {}

  void process(StageBatch& batch) override {
    StageInput::Misses misses;
    std::size_t others = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto text = input_.read(batch, i, misses);
      if (!text) continue;
      const auto elements = ElementScanner(*text).elements();
      if (elements) {
        split(batch, i, *elements);
      } else {
        ++others;
      }
    }
    batch.apply();
    input_.report(misses, log_);
    if (others != 0) log_.debug("not a JSON array", {{"stage", "split_json"}, {"entries", others}});
  }
  [[nodiscard]] bool reads_found() const override { return !input_.is_line(); }

 private:
  /// The last element takes the entry's place, the others go before it.
  static void split(StageBatch& batch, std::size_t i,
                    const std::vector<std::string_view>& elements) {
    if (elements.empty()) return batch.drop(i);
    for (std::size_t e = 0; e + 1 < elements.size(); ++e) {
      KeptEntry one = batch.keep(i);
      one.line = elements[e];
      batch.insert(i, std::move(one));
    }
    batch.entry(i).line = elements.back();
  }

  const Logger log_;
  const StageInput input_;
};

schema::Schema SplitJsonStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::source>("source", "Extracted value to split; the line if not given."),
  });
  return kTable;
}

void SplitJsonStage::Args::validate(schema::Problems& problems) const {
  if (source && source->empty())
    problems.add("source", "must not be empty", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_split_json = define_stage<SplitJsonStage>(
    "split_json", "Splits a JSON array into one entry for each element.");

}  // namespace weir::loki
