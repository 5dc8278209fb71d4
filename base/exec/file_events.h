// SPDX-License-Identifier: Apache-2.0
// Tells when a file or a folder changes, through renames, removals and swapped symbolic links. It
// only says when to look again: who watches compares what is there with what was.
//
// Behind it is inotify on folders, not on files: a file that is replaced, or not there yet, has no
// inode to watch. Watched are the folder of the path as given, the folder of what it resolves to,
// so that Kubernetes' swapped `..data` links and files written in place behind a link are both
// seen, and the path itself if it is a folder. While a folder is missing its nearest existing
// ancestor stands in.

#pragma once

#include "base/exec/executor.h"
#include "base/result.h"

#include <memory>
#include <string>

namespace weir::exec {

/// All watches of a program: one is enough, and the kernel grants few. Goes before its pool.
/// Threads: any.
class FileEvents {
 public:
  /// Errors: kUnavailable if the kernel grants no more of these.
  static Result<std::unique_ptr<FileEvents>> open(Pool& pool);
  ~FileEvents();
  FileEvents(const FileEvents&) = delete;
  FileEvents& operator=(const FileEvents&) = delete;

  /// Watches while it lives. After it is dropped on its strand, its task will not run. May outlive
  /// FileEvents.
  class Watch {
   public:
    Watch() = default;
    Watch(Watch&&) noexcept = default;
    Watch& operator=(Watch&& other) noexcept;
    ~Watch();

    struct State;

   private:
    friend class FileEvents;
    explicit Watch(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
  };

  /// Posts `changed` to `strand` once `settle` has passed after a change of what `path` names;
  /// changes in between make no second call. A change of what is inside a folder is one of the
  /// folder. Errors: kUnavailable if the kernel grants no more watches.
  Result<Watch> watch(std::string path, Strand strand, Task changed,
                      Duration settle = std::chrono::milliseconds(50));

  struct State;

 private:
  explicit FileEvents(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace weir::exec
