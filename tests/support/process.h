// SPDX-License-Identifier: Apache-2.0
// The real program as a child process, ended with the test whatever happens.

#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace weir::test {

/// How a child ended.
struct Exit {
  int code = 0;    ///< its exit code, if it ended by itself
  int signal = 0;  ///< what ended it otherwise
};

/// A child whose standard error and output go to a file. Killed in the destructor. Threads: one.
class Process {
 public:
  struct Options {
    std::vector<std::string> arguments;  ///< argv[0] is the program's path
    std::map<std::string, std::string> env;
    std::string log_path;  ///< appended to
  };
  explicit Process(const Options& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running();
  void signal(int number);
  /// Waits for its end; nothing if it takes longer.
  std::optional<Exit> wait(std::chrono::milliseconds timeout);
  /// User and system seconds it has used so far, and its largest resident set in KiB.
  struct Usage {
    double cpu_seconds = 0;
    long peak_rss_kib = 0;
  };
  [[nodiscard]] Usage usage() const;

 private:
  pid_t pid_ = -1;
  std::optional<Exit> exit_;
};

/// The program under test: what the build made.
std::string weir_binary();

/// A new folder, removed with its content in the destructor.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Asks `ready` every few milliseconds until it says yes; false when `timeout` has passed.
bool eventually(const std::function<bool()>& ready,
                std::chrono::milliseconds timeout = std::chrono::seconds(10));

/// Writes a whole file.
void write_file(const std::string& path, const std::string& text);
/// Reads a whole file; "" if there is none.
std::string read_file(const std::string& path);

}  // namespace weir::test
