// SPDX-License-Identifier: Apache-2.0
// Where imported modules come from: texts, files and folders, addresses, repositories. A source
// reads once when it is made, and then looks for changes.

#pragma once

#include "base/result.h"
#include "base/snapshot.h"
#include "interpreter/catalog/language_blocks.h"
#include "interpreter/graph/environment.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::graph {

/// What a source gave last. Immutable.
struct ImportContent {
  struct Part {
    std::string name;  ///< as diagnostics show it
    std::string text;
    friend bool operator==(const Part&, const Part&) = default;
  };
  std::vector<Part> parts;
  std::string module_path;
  std::optional<Error> error;  ///< it could not be read
  /// Files that must stay as long as the content is in force.
  std::shared_ptr<const void> files;
};

/// More files than this in one folder, or larger ones than a source may be, are refused.
inline constexpr std::size_t kMaxImportedFiles = 1000;

class ImportSource : public std::enable_shared_from_this<ImportSource> {
 public:
  virtual ~ImportSource() = default;
  /// The same object as long as it did not change. Threads: any.
  [[nodiscard]] std::shared_ptr<const ImportContent> content() const { return content_.get(); }
  /// Looks for changes from now on, and tells of them on any thread. Called again: nothing happens.
  void watch(std::function<void()> changed);

 protected:
  /// Puts `content` in force, and tells if it is not the same as before.
  void offer(ImportContent content);
  virtual void begin() {}

 private:
  Snapshot<ImportContent> content_;
  std::function<void()> changed_;
};

std::shared_ptr<ImportSource> make_string_source(std::string name, std::string text,
                                                 std::string module_path);
/// Reads on the calling thread.
std::shared_ptr<ImportSource> make_file_source(const catalog::ImportFileBlock& block,
                                               const Environment& environment);
/// Fetches on the calling thread, for at most the block's poll_timeout.
std::shared_ptr<ImportSource> make_http_source(const catalog::ImportHttpBlock& block,
                                               const Environment& environment);
/// Pulls on the calling thread, within bounds of time, into a folder below `storage`, or one for
/// this run if it is empty.
std::shared_ptr<ImportSource> make_git_source(const catalog::ImportGitBlock& block,
                                              const std::string& storage,
                                              const Environment& environment);

/// The file at `path`, or the *.alloy files of the folder, sorted.
Result<std::vector<ImportContent::Part>> read_module_files(const std::string& path);

}  // namespace weir::graph
