// SPDX-License-Identifier: Apache-2.0
// stage.luhn: redacts numbers whose check digit is right, as those of credit cards are.

#include "base/regex.h"
#include "base/utf8.h"
#include "components/loki/process/stage.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::loki {
namespace {

bool is_luhn_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The check of Luhn: every second digit from the right, but the last one, counts double. Of numbers
/// that a signed 64-bit word holds.
bool has_luhn_check(std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  int sum = 0;
  for (bool is_double = false; number > 0; number /= 10, is_double = !is_double) {
    const int digit = static_cast<int>(number % 10) * (is_double ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

/// Parts of a text that an expression matches, asked for from left to right; matched when the first
/// is asked for.
class SkippedParts {
 public:
  SkippedParts(const Regex& regex, std::string_view text) : regex_(regex), text_(text) {}
  bool hold(std::size_t begin, std::size_t end) {
    if (regex_.text().empty()) return false;
    if (!matched_) match();
    while (next_ < parts_.size() && parts_[next_].second <= begin) ++next_;
    return next_ < parts_.size() && parts_[next_].first <= begin && end <= parts_[next_].second;
  }

 private:
  void match() {
    matched_ = true;
    regex_.find_all(text_, [this](std::span<const std::string_view> groups) {
      const auto begin = static_cast<std::size_t>(groups[0].data() - text_.data());
      parts_.emplace_back(begin, begin + groups[0].size());
      return true;
    });
  }

  const Regex& regex_;
  std::string_view text_;
  bool matched_ = false;
  std::vector<std::pair<std::size_t, std::size_t>> parts_;
  std::size_t next_ = 0;
};

class LuhnStage final : public Stage {
 public:
  struct Args {
    std::optional<std::string> source;
    std::string replacement = "**REDACTED**";
    std::int64_t min_length = 13;
    std::string delimiters;
    Regex skip_regex;

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const { names.reads.emplace_back("source", source.value_or("")); }
  };

  LuhnStage(const StageContext&, const Args& args)
      : args_(args),
        replacement_(args.replacement.empty() ? "**REDACTED**" : args.replacement),
        min_length_(static_cast<std::size_t>(args.min_length < 1 ? 13 : args.min_length)) {}

  void process(StageBatch& batch) override {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      std::string_view text = batch.entry(i).line;
      if (args_.source) {
        const FoundValue value = batch.found(i, *args_.source);
        if (value.kind() != FoundValue::Kind::kText) continue;
        text = value.as_text();
      }
      // As in the reference, it is the line that becomes what the source was, redacted.
      const std::optional<std::string> made = redact(text);
      batch.entry(i).line = made ? batch.logs().text(*made) : text;
    }
  }
  [[nodiscard]] bool reads_found() const override { return args_.source.has_value(); }

 private:
  /// Digits in a row, delimiters between them left out.
  struct Candidate {
    std::string digits;
    std::size_t end = 0;              ///< behind the last digit
    std::size_t text_end = 0;         ///< behind the delimiters after it
    std::string_view last_delimiter;  ///< after the last digit
  };

  [[nodiscard]] Candidate candidate_at(std::string_view text, std::size_t at) const {
    Candidate out;
    while (at < text.size()) {
      const std::size_t size = decode_rune(text.substr(at)).size;
      const std::string_view rune = text.substr(at, size);
      if (is_luhn_digit(text[at])) {
        out.digits += text[at];
        out.end = at + 1;
        out.last_delimiter = {};
      } else if (args_.delimiters.find(rune) != std::string::npos) {
        out.last_delimiter = rune;
      } else {
        break;
      }
      at += size;
      out.text_end = at;
    }
    return out;
  }

  /// Nothing: nothing is to be redacted.
  [[nodiscard]] std::optional<std::string> redact(std::string_view text) const {
    std::optional<std::string> out;
    SkippedParts skipped(args_.skip_regex, text);
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size();) {
      if (!is_luhn_digit(text[at])) {
        ++at;
        continue;
      }
      const Candidate number = candidate_at(text, at);
      if (number.digits.size() >= min_length_ && has_luhn_check(number.digits) &&
          !skipped.hold(at, number.end)) {
        if (!out) out.emplace();
        out->append(text.substr(done, at - done))
            .append(replacement_)
            .append(number.last_delimiter);
        done = number.text_end;
      }
      at = number.text_end;
    }
    if (out) out->append(text.substr(done));
    return out;
  }

  const Args args_;
  const std::string replacement_;
  const std::size_t min_length_;
};

schema::Schema LuhnStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::source>("source",
                          "Extracted value to redact, which becomes the line; the line if not "
                          "given."),
      attr<&Args::replacement>("replacement", "What stands in place of a number."),
      attr<&Args::min_length>("min_length", "How many digits a number has at least."),
      attr<&Args::delimiters>("delimiters", "Characters that may stand between the digits."),
      attr<&Args::skip_regex>("skip_regex",
                              "Expression; numbers inside what it matches stay as they are."),
  });
  return kTable;
}

void LuhnStage::Args::validate(schema::Problems& problems) const {
  if (source && source->empty())
    problems.add("source", "must not be empty", {}, text::DiagnosticCode::kBadValue);
}

}  // namespace

extern constexpr StageDef stage_luhn =
    define_stage<LuhnStage>("luhn", "Redacts numbers that pass the Luhn check.");

}  // namespace weir::loki
