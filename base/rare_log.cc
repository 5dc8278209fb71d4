// SPDX-License-Identifier: Apache-2.0
#include "base/rare_log.h"

namespace weir {
namespace {

constexpr std::size_t kMaxMessages = 100;

}  // namespace

void RareLog::info(std::string_view message, std::initializer_list<LogField> fields) {
  say(LogLevel::kInfo, &Logger::info, message, fields);
}
void RareLog::warn(std::string_view message, std::initializer_list<LogField> fields) {
  say(LogLevel::kWarn, &Logger::warn, message, fields);
}
void RareLog::error(std::string_view message, std::initializer_list<LogField> fields) {
  say(LogLevel::kError, &Logger::error, message, fields);
}

void RareLog::say(LogLevel level, Say how, std::string_view message,
                  std::initializer_list<LogField> fields) {
  if (!log_.enabled(level)) return;
  const std::optional<std::uint64_t> held_back = turn(message);
  if (!held_back) return;
  const Logger log = *held_back == 0 ? log_ : log_.with("held_back", format("{}", *held_back));
  (log.*how)(message, fields);
}

std::optional<std::uint64_t> RareLog::turn(std::string_view message) {
  const Duration now = clock_.steady();
  MutexLock lock(mutex_);
  if (!messages_.contains(message) && messages_.size() >= kMaxMessages) message = "";
  const auto [at, fresh] = messages_.try_emplace(std::string(message), Message{now});
  if (fresh) return 0;
  if (now - at->second.said < period_) {
    ++at->second.held_back;
    return std::nullopt;
  }
  at->second.said = now;
  return std::exchange(at->second.held_back, 0);
}

}  // namespace weir
