// SPDX-License-Identifier: Apache-2.0
// stage.timestamp: sets the entry's time from an extracted value.

#include "base/mutex.h"
#include "components/loki/process/generations.h"
#include "components/loki/process/go_time.h"
#include "components/loki/process/stages/input.h"

#include <optional>
#include <string>
#include <vector>

namespace weir::loki {
namespace {

/// For how many streams the last time is remembered.
constexpr std::size_t kMaxKnownStreams = 10000;

class TimestampStage final : public Stage {
 public:
  struct Args {
    std::string source;
    std::string format;
    std::vector<std::string> fallback_formats;
    std::optional<std::string> location;
    std::string action_on_failure = "fudge";
    std::string action_on_duplicate_timestamp = "fudge";

    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void names(FoundNames& names) const { names.reads.emplace_back("source", source); }
  };

  TimestampStage(const StageContext& context, const Args& args)
      : log_(context.log),
        clock_(context.clock),
        input_("timestamp", args.source),
        fudges_failures_(args.action_on_failure != "skip"),
        fudges_duplicates_(args.action_on_duplicate_timestamp != "keep"),
        last_(kMaxKnownStreams) {
    TimeZone zone;
    if (args.location) {
      auto loaded = TimeZone::load(*args.location);
      if (loaded) zone = *loaded;  // validate() has found it there
    }
    formats_.emplace_back(args.format, zone);
    for (const std::string& format : args.fallback_formats) formats_.emplace_back(format, zone);
  }

  void process(StageBatch& batch) override {
    StageInput::Misses misses;
    const Time now = clock_.now();
    std::vector<std::optional<Time>> times(batch.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto text = input_.read(batch, i, misses);
      if (!text) continue;
      times[i] = parse(*text, now);
      if (times[i]) {
        batch.entry(i).time = *times[i];
      } else {
        ++wrong;
      }
    }
    if (fudges_failures_ || fudges_duplicates_) fudge(batch, times);
    if (misses.not_text != 0)
      log_.debug("failed to convert extracted time to string",
                 {{"stage", "timestamp"}, {"entries", misses.not_text}});
    if (misses.absent != 0)
      log_.debug("extracted data did not contain a timestamp",
                 {{"stage", "timestamp"}, {"entries", misses.absent}});
    if (wrong != 0)
      log_.debug("failed to parse time", {{"stage", "timestamp"}, {"entries", wrong}});
  }

 private:
  /// Of one stream: the time as it was last read, and as it was last given out.
  struct Last {
    Time parsed;
    Time given;
  };

  [[nodiscard]] std::optional<Time> parse(std::string_view text, Time now) const {
    for (const TimeFormat& format : formats_) {
      if (const auto time = format.parse(text, now)) return time;
    }
    return std::nullopt;
  }

  /// Entries of one stream keep their order: one without a time follows the last by a nanosecond,
  /// and so does one whose time is the same.
  void fudge(StageBatch& batch, const std::vector<std::optional<Time>>& times) {
    constexpr Duration kStep{1};
    MutexLock lock(mutex_);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      Entry& entry = batch.entry(i);
      Last* last = last_.find(batch.labels(i));
      if (times[i]) {
        if (last != nullptr && fudges_duplicates_ && *times[i] == last->parsed)
          entry.time = last->given + kStep;
        if (last == nullptr) last = &last_.put(batch.labels(i), {});
        *last = {*times[i], entry.time};
      } else if (last != nullptr && fudges_failures_) {
        entry.time = last->given = last->given + kStep;
      }
    }
  }

  const Logger log_;
  Clock& clock_;
  const StageInput input_;
  const bool fudges_failures_;
  const bool fudges_duplicates_;
  std::vector<TimeFormat> formats_;
  Mutex mutex_;
  Generations<Labels, Last> last_ WEIR_GUARDED_BY(mutex_);
};

schema::Schema TimestampStage::Args::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Args::source>("source", "Name of the extracted value.").required(),
      attr<&Args::format>(
          "format",
          "How it is written: RFC3339, Unix, UnixMs ..., or how 2006-01-02 15:04:05 looks in it.")
          .required(),
      attr<&Args::fallback_formats>("fallback_formats",
                                    "Formats to try when `format` does not fit."),
      attr<&Args::location>("location",
                            "Time zone of times that name none, such as `Europe/Zurich`."),
      attr<&Args::action_on_failure>(
          "action_on_failure",
          "Whether an entry without a time follows the last one or keeps its own.")
          .one_of("", "fudge", "skip"),
      attr<&Args::action_on_duplicate_timestamp>("action_on_duplicate_timestamp",
                                                 "Whether equal times of a stream are set apart.")
          .one_of("", "fudge", "keep"),
  });
  return kTable;
}

void TimestampStage::Args::validate(schema::Problems& problems) const {
  if (source.empty())
    problems.add("source", "must not be empty", {}, text::DiagnosticCode::kBadValue);
  if (format.empty())
    problems.add("format", "must not be empty", {}, text::DiagnosticCode::kBadValue);
  const auto check_layout = [&](std::string_view field, const std::string& layout) {
    if (layout.empty() || TimeFormat(layout, {}).has_fields()) return;
    problems.add(field, weir::format("\"{}\" names no part of a time, so no time is read", layout),
                 "write how 2006-01-02 15:04:05 would look", text::DiagnosticCode::kNoTimeFields);
  };
  check_layout("format", format);
  for (const std::string& layout : fallback_formats) check_layout("fallback_formats", layout);
  if (!location) return;
  // The time zone database is the one thing outside that a check looks at: it comes with the
  // system.
  if (const auto zone = TimeZone::load(*location); !zone) {
    problems.add("location", zone.error().message, {}, text::DiagnosticCode::kBadValue);
  }
}

}  // namespace

extern constexpr StageDef stage_timestamp =
    define_stage<TimestampStage>("timestamp", "Sets the entry's time from an extracted value.");

}  // namespace weir::loki
