// SPDX-License-Identifier: Apache-2.0
// Structured log lines: a constant message and fields as values.
//
//   log.warn("push failed, will retry", {{"attempt", n}, {"status", code}});
//
// error = data lost or an operator is needed; warn = recovered; info = an action ended; debug at
// most once a batch. The library behind the door is spdlog (log.cc).

#pragma once

#include "base/clock.h"
#include "base/format.h"

#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kLogfmt, kJson };

/// One `key=value` of a line.
struct LogField {
  std::string_view key;
  std::string value;
  bool quoted = true;  ///< false: a number or bool, bare in JSON

  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, bool v) : key(k), value(v ? "true" : "false"), quoted(false) {}
  LogField(std::string_view k, double v);
  LogField(std::string_view k, Duration v) : key(k), value(print_duration(v)) {}
  template <class T>
  requires std::integral<T> LogField(std::string_view k, T v)
      : key(k), value(format("{}", v)), quoted(false) {}
};

/// One line before it is printed; for sinks other than stderr (logging.write_to).
struct LogLine {
  Time time;
  LogLevel level;
  std::string_view message;
  const std::vector<std::pair<std::string, std::string>>* context;
  std::initializer_list<LogField> fields;
};
/// The line as printed, without a newline.
std::string print(const LogLine& line, LogFormat format);

/// Where all loggers of a program write: stderr. Lines before the first configure() are kept, the
/// first 1,000 of them, and written then. Threads: any.
class LogOutput {
 public:
  explicit LogOutput(Clock& clock);
  ~LogOutput();
  LogOutput(const LogOutput&) = delete;
  LogOutput& operator=(const LogOutput&) = delete;

  void configure(LogLevel level, LogFormat format);
  /// Takes the place of stderr, for tests; called from the thread that says
  /// the line, many at once. Null goes back to stderr.
  void redirect(std::function<void(std::string_view line, LogLevel level)> write);
  /// Gets every line besides, for logging.write_to; lines it says itself are not given to it. Null ends it.
  void mirror(std::function<void(std::string_view line, LogLevel level)> write);
  [[nodiscard]] bool enabled(LogLevel level) const;
  [[nodiscard]] Time now() const;
  void write(const LogLine& line);
  /// Drops everything; for tests and commands that have no log.
  static LogOutput& null();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Says lines with a fixed context such as component_id. Cheap to copy. Threads: any.
class Logger {
 public:
  explicit Logger(LogOutput& output, std::vector<std::pair<std::string, std::string>> context = {});
  /// The same logger with one more field in its context.
  [[nodiscard]] Logger with(std::string key, std::string value) const;
  [[nodiscard]] bool enabled(LogLevel level) const { return output_->enabled(level); }

  void debug(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void info(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void warn(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void error(std::string_view message, std::initializer_list<LogField> fields = {}) const;

 private:
  void say(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) const;
  LogOutput* output_;
  std::shared_ptr<const std::vector<std::pair<std::string, std::string>>> context_;
};

}  // namespace weir
