// SPDX-License-Identifier: Apache-2.0
// Log lines as logfmt or JSON; spdlog carries them to stderr.
#include "base/log.h"

#include "base/mutex.h"
#include "base/snapshot.h"
#include "base/utf8.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <cmath>

namespace weir {
namespace {

constexpr std::size_t kMaxKept = 1000;
constexpr int kSilent = static_cast<int>(LogLevel::kError) + 1;

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarn: return "warn";
    case LogLevel::kError: return "error";
  }
  return "error";
}

/// Text between quotes with what JSON and Go both call escapes; bytes that are not UTF-8 become
/// U+FFFD.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const Rune rune = decode_rune(text);
    switch (rune.code) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default:
        if (rune.code < 0x20 || rune.code == 0x7f) {
          format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(rune.code));
        } else {
          append_utf8(out, rune.code);
        }
    }
    text.remove_prefix(rune.size);
  }
  out += '"';
}

bool is_key_breaker(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == 0x7f;
}

/// True for what a logfmt reader could take for something else.
bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (std::size_t i = 0; i < value.size();) {
    const Rune rune = decode_rune(value.substr(i));
    if (!rune.valid || is_key_breaker(value[i]) || value[i] == '\\') return true;
    i += rune.size;
  }
  return false;
}

std::string clean_key(std::string_view key) {
  std::string out(key.empty() ? "_" : key);
  for (char& c : out) {
    if (is_key_breaker(c)) c = '_';
  }
  return out;
}

class LineWriter {
 public:
  explicit LineWriter(LogFormat log_format) : json_(log_format == LogFormat::kJson) {
    if (json_) out_ += '{';
  }
  void add(std::string_view key, std::string_view value, bool quoted) {
    if (!first_) out_ += json_ ? ',' : ' ';
    first_ = false;
    if (json_) {
      append_quoted(out_, clean_key(key));
      out_ += ':';
    } else {
      out_ += clean_key(key);
      out_ += '=';
    }
    const bool quotes = json_ ? quoted : needs_quotes(value);
    if (quotes)
      append_quoted(out_, value);
    else
      out_ += value;
  }
  std::string finish() {
    if (json_) out_ += '}';
    return std::move(out_);
  }

 private:
  const bool json_;
  bool first_ = true;
  std::string out_;
};

}  // namespace

LogField::LogField(std::string_view k, double v)
    : key(k), value(format("{}", v)), quoted(!std::isfinite(v)) {}

std::string print(const LogLine& line, LogFormat format) {
  LineWriter writer(format);
  writer.add("ts", print_rfc3339(line.time), true);
  writer.add("level", level_name(line.level), true);
  if (!line.message.empty()) writer.add("msg", line.message, true);
  if (line.context != nullptr) {
    for (const auto& [key, value] : *line.context) writer.add(key, value, true);
  }
  for (const LogField& field : line.fields) writer.add(field.key, field.value, field.quoted);
  return writer.finish();
}

struct LogOutput::State {
  using Write = std::function<void(std::string_view, LogLevel)>;
  /// A line in both formats: which of them is wanted is not known yet.
  struct Kept {
    LogLevel level;
    std::string logfmt;
    std::string json;
  };

  explicit State(Clock& c) : clock(c) { stderr_logger.set_pattern("%v"); }

  void emit(std::string_view line, LogLevel level) {
    mirror(line, level);
    if (const auto write = redirected.get()) {
      (*write)(line, level);
      return;
    }
    stderr_logger.log(spdlog::level::critical, spdlog::string_view_t(line.data(), line.size()));
  }
  /// What is said while a line is mirrored, by whom it goes through, is not mirrored again.
  void mirror(std::string_view line, LogLevel level) {
    static thread_local bool inside = false;
    const auto write = mirrored.get();
    if (write == nullptr || inside) return;
    inside = true;
    (*write)(line, level);
    inside = false;
  }
  /// True if the line was kept for later.
  bool keep(const LogLine& line) WEIR_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    if (configured.load(std::memory_order_relaxed)) return false;
    if (kept.size() < kMaxKept)
      kept.push_back({line.level, print(line, LogFormat::kLogfmt), print(line, LogFormat::kJson)});
    else
      ++dropped;
    return true;
  }

  Clock& clock;
  std::atomic<int> threshold{static_cast<int>(LogLevel::kDebug)};
  std::atomic<LogFormat> line_format{LogFormat::kLogfmt};
  std::atomic<bool> configured{false};
  Snapshot<Write> redirected;
  Snapshot<Write> mirrored;
  spdlog::logger stderr_logger{"weir", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  Mutex mutex;
  std::vector<Kept> kept WEIR_GUARDED_BY(mutex);
  std::size_t dropped WEIR_GUARDED_BY(mutex) = 0;
};

LogOutput::LogOutput(Clock& clock) : state_(std::make_unique<State>(clock)) {}
LogOutput::~LogOutput() = default;

void LogOutput::configure(LogLevel level, LogFormat format) {
  State& state = *state_;
  std::vector<State::Kept> kept;
  std::size_t dropped = 0;
  {
    MutexLock lock(state.mutex);
    state.threshold = static_cast<int>(level);
    state.line_format = format;
    state.configured = true;
    kept.swap(state.kept);
    std::swap(dropped, state.dropped);
  }
  for (const State::Kept& line : kept) {
    if (line.level >= level)
      state.emit(format == LogFormat::kJson ? line.json : line.logfmt, line.level);
  }
  if (dropped > 0) {
    write({state.clock.now(),
           LogLevel::kWarn,
           "too many log lines before logging was configured",
           nullptr,
           {{"dropped", dropped}}});
  }
}

void LogOutput::redirect(std::function<void(std::string_view, LogLevel)> write) {
  state_->redirected.set(write ? std::make_shared<const State::Write>(std::move(write)) : nullptr);
}

void LogOutput::mirror(std::function<void(std::string_view, LogLevel)> write) {
  state_->mirrored.set(write ? std::make_shared<const State::Write>(std::move(write)) : nullptr);
}

bool LogOutput::enabled(LogLevel level) const {
  return static_cast<int>(level) >= state_->threshold.load(std::memory_order_relaxed);
}

void LogOutput::write(const LogLine& line) {
  if (!enabled(line.level)) return;
  if (!state_->configured.load(std::memory_order_acquire) && state_->keep(line)) return;
  state_->emit(print(line, state_->line_format), line.level);
}

Time LogOutput::now() const {
  return state_->clock.now();
}

LogOutput& LogOutput::null() {
  static LogOutput* const output = [] {
    auto* made = new LogOutput(Clock::system());
    made->state_->threshold = kSilent;
    return made;
  }();
  return *output;
}

Logger::Logger(LogOutput& output, std::vector<std::pair<std::string, std::string>> context)
    : output_(&output),
      context_(std::make_shared<const std::vector<std::pair<std::string, std::string>>>(
          std::move(context))) {}

Logger Logger::with(std::string key, std::string value) const {
  auto context = *context_;
  context.emplace_back(std::move(key), std::move(value));
  return Logger(*output_, std::move(context));
}

void Logger::say(LogLevel level, std::string_view message,
                 std::initializer_list<LogField> fields) const {
  if (output_->enabled(level))
    output_->write({output_->now(), level, message, context_.get(), fields});
}
void Logger::debug(std::string_view message, std::initializer_list<LogField> fields) const {
  say(LogLevel::kDebug, message, fields);
}
void Logger::info(std::string_view message, std::initializer_list<LogField> fields) const {
  say(LogLevel::kInfo, message, fields);
}
void Logger::warn(std::string_view message, std::initializer_list<LogField> fields) const {
  say(LogLevel::kWarn, message, fields);
}
void Logger::error(std::string_view message, std::initializer_list<LogField> fields) const {
  say(LogLevel::kError, message, fields);
}

}  // namespace weir
