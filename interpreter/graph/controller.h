// SPDX-License-Identifier: Apache-2.0
// The running graph: loads configurations, keeps what they describe running, and passes on what
// components export.
//
// One thread of its own does all evaluation, wiring, updating and stopping. A load is atomic: until
// everything in it has been evaluated, decoded, built and updated, it can be undone, and it is
// undone at the first error; the graph in force does not notice. Then the new graph takes its
// place: what is gone is stopped, users before what they use; what is new is started, the other way
// round.

#pragma once

#include "base/snapshot.h"
#include "interpreter/graph/environment.h"
#include "interpreter/graph/inbox.h"
#include "interpreter/graph/picture.h"
#include "interpreter/text/diagnostic.h"
#include "interpreter/text/source.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace weir::graph {

class Module;
class Wave;

/// What a load did, or why it did nothing. Counts components, those in modules too.
struct LoadResult {
  bool ok = false;
  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t removed = 0;
  std::size_t untouched = 0;
  text::DiagnosticSink diagnostics;

  [[nodiscard]] std::string summary() const;  ///< "1 added, 2 updated, 0 removed, 14 untouched"
};

struct ControllerOptions {
  bool start = true;           ///< false: components are made and updated, but never started
  std::string module_id = {};  ///< not "": the configuration is a module of that id
  /// Of a module: called on the control thread with its exports whenever they change.
  std::function<void(const value::Value&)> on_exports = {};
};

/// Threads: any.
class Controller {
 public:
  using Files = std::vector<std::shared_ptr<const text::Source>>;
  using Arguments = std::map<std::string, value::Value>;

  explicit Controller(const Environment& environment, ControllerOptions options = {});
  /// Stops at once what is still running.
  ~Controller();
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;

  /// Makes `files`, one configuration, what runs. Waits until that is done. `module_path` is the
  /// folder they stand in; `arguments` are those of a module.
  LoadResult load(const Files& files, std::string module_path = {}, Arguments arguments = {});
  /// A load under way waits no longer for what is far away, and fails: the program is about to end.
  void give_up() { stopping_.request_stop(); }
  /// Stops everything, users before what they use, within `deadline`. Nothing is loaded after it.
  void stop(Duration deadline);

  /// The graph in force. Hold it while you look: `const auto picture = controller.picture();`.
  [[nodiscard]] std::shared_ptr<const Picture> picture() const { return picture_.get(); }
  /// Asks a component at its own address; 404 if there is none.
  [[nodiscard]] ComponentResponse handle(std::string_view id,
                                         const ComponentRequest& request) const;

 private:
  void run();
  /// Runs `task` on the control thread and waits; false if the controller has stopped.
  bool on_control(const std::function<void()>& task);

  // On the control thread.
  LoadResult do_load(const Files& files, std::string module_path, const Arguments& arguments);
  std::shared_ptr<Module> build(const Files& files, std::string module_path,
                                const Arguments& arguments, text::DiagnosticSink& sink);
  void propagate(const std::vector<std::weak_ptr<Instance>>& changed);
  void do_stop(Duration deadline);
  /// Makes what a wave did last. Returns how many components are gone.
  std::size_t commit(Wave& wave);
  std::size_t rebind(const Wave& wave);
  void announce_exports();
  /// Logs what warns and was not told since the last load.
  void log_doubts(const text::DiagnosticSink& found);

  std::stop_source stopping_;
  const Environment environment_;
  const ControllerOptions options_;
  const Logger log_;
  Inbox inbox_;
  std::shared_ptr<Module> root_;  // control thread only
  value::Value last_exports_;     // control thread only
  std::set<std::string> doubts_;  // told about the configuration in force; control thread only
  bool stopped_ = false;          // control thread only
  Snapshot<Picture> picture_;
  std::jthread thread_;
};

}  // namespace weir::graph
