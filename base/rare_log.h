// SPDX-License-Identifier: Apache-2.0
// For lines that may come in thousands: each message is said at once, and then now and then.
//
//   RareLog rare_{context.log(), context.clock()};
//   rare_.warn("entry refused", {{"err", why}});   // held_back=8123 on the second line

#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"

#include <map>
#include <optional>
#include <string>

namespace weir {

/// Says a message at most once in each `period`; how many it held back since goes with the next as `held_back`.
/// Messages are told apart by their text; beyond 100 of them the rest share one turn. Threads: any.
class RareLog {
 public:
  explicit RareLog(Logger log, Clock& clock = Clock::system(),
                   Duration period = std::chrono::seconds(10))
      : log_(std::move(log)), clock_(clock), period_(period) {}

  void info(std::string_view message, std::initializer_list<LogField> fields = {});
  void warn(std::string_view message, std::initializer_list<LogField> fields = {});
  void error(std::string_view message, std::initializer_list<LogField> fields = {});

 private:
  using Say = void (Logger::*)(std::string_view, std::initializer_list<LogField>) const;
  struct Message {
    Duration said{};
    std::uint64_t held_back = 0;
  };
  void say(LogLevel level, Say how, std::string_view message,
           std::initializer_list<LogField> fields);
  /// How many were held back, if the message may be said now.
  std::optional<std::uint64_t> turn(std::string_view message) WEIR_EXCLUDES(mutex_);

  const Logger log_;
  Clock& clock_;
  const Duration period_;
  Mutex mutex_;
  std::map<std::string, Message, std::less<>> messages_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir
