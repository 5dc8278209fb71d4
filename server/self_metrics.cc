// SPDX-License-Identifier: Apache-2.0
#include "server/self_metrics.h"

#include "base/codec/sha.h"
#include "base/format.h"
#include "base/fs.h"
#include "base/version.h"

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

namespace weir::server {
namespace {

/// The fields of /proc/self/stat behind the program's name: index 0 is the state.
std::vector<std::string> stat_fields() {
  const std::string text = fs::read_file("/proc/self/stat").value_or(std::string());
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

double field_number(const std::vector<std::string>& fields, std::size_t index) {
  return index < fields.size() ? std::strtod(fields[index].c_str(), nullptr) : 0;
}

double boot_time() {
  const std::string text = fs::read_file("/proc/stat").value_or(std::string());
  const std::size_t at = text.find("btime ");
  return at == std::string::npos ? 0 : std::strtod(text.c_str() + at + 6, nullptr);
}

}  // namespace

SelfMetrics::SelfMetrics(MetricRegistry& registry)
    : scope_(registry),
      build_info_(scope_.gauge("alloy_build_info",
                               "A metric with a constant '1' value labeled by version.",
                               {{"version", format("v{}", kVersion)}, {"name", "weir"}})),
      last_load_successful_(
          scope_.gauge("alloy_config_last_load_successful", "Config loaded successfully.")),
      last_load_success_time_(scope_.gauge("alloy_config_last_load_success_timestamp_seconds",
                                           "Timestamp of the last successful configuration load.")),
      load_failures_(
          scope_.counter("alloy_config_load_failures_total", "Configuration load failures.")),
      cpu_seconds_(scope_.counter("process_cpu_seconds_total",
                                  "Total user and system CPU time spent in seconds.")),
      resident_bytes_(
          scope_.gauge("process_resident_memory_bytes", "Resident memory size in bytes.")),
      virtual_bytes_(scope_.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.")),
      open_fds_(scope_.gauge("process_open_fds", "Number of open file descriptors.")),
      max_fds_(scope_.gauge("process_max_fds", "Maximum number of open file descriptors.")),
      start_time_(scope_.gauge("process_start_time_seconds",
                               "Start time of the process since unix epoch in seconds.")),
      threads_(scope_.gauge("process_threads", "Number of threads.")) {
  build_info_.set(1);
}

void SelfMetrics::loaded(const std::string& text, Time now) {
  last_load_successful_.set(1);
  last_load_success_time_.set(static_cast<double>(now.ns) / 1e9);
  config_hash_ = scope_.gauge("alloy_config_hash", "Hash of the currently active config file.",
                              {{"sha256", codec::sha256_hex(text)}, {"cluster_name", ""}});
  config_hash_.set(1);
}

void SelfMetrics::load_failed() {
  last_load_successful_.set(0);
  load_failures_.add();
}

void SelfMetrics::refresh() {
  MutexLock lock(refreshing_);
  const std::vector<std::string> fields = stat_fields();
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const double cpu = (field_number(fields, 11) + field_number(fields, 12)) / ticks;
  cpu_seconds_.add(std::max(0.0, cpu - cpu_seconds_.value()));
  threads_.set(field_number(fields, 17));
  start_time_.set(boot_time() + field_number(fields, 19) / ticks);
  virtual_bytes_.set(field_number(fields, 20));
  resident_bytes_.set(field_number(fields, 21) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  std::error_code error;
  double open = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    ++open;
  open_fds_.set(open);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) max_fds_.set(static_cast<double>(limit.rlim_cur));
}

}  // namespace weir::server
