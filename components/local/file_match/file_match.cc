// SPDX-License-Identifier: Apache-2.0
// local.file_match: the files that match patterns, looked up again and again.

#include "components/core/file_match.h"

#include "base/mutex.h"
#include "interpreter/graph/component.h"

namespace weir::local {
namespace {

constexpr Duration kShortestSync = std::chrono::milliseconds(10);

/// Exports one target for each file that is there.
///
/// Threads: update() from the control thread; looks up files on a strand of its own.
/// Errors:  a pattern that cannot be read is logged and matches nothing.
class FileMatch final : public graph::Component {
 public:
  struct Args {
    std::vector<Target> path_targets;
    Duration ignore_older_than{};
    Duration sync_period = std::chrono::seconds(10);
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void lint(catalog::Lint& lint) const {
      lint_paths("path_targets", lint);
      lint_container_paths(path_targets, "path_targets", lint);
      lint.gives(text::DiagnosticCode::kNoPath);
      lint_label_names("path_targets", lint);
    }
  };
  struct Exports {
    std::vector<Target> targets;
    static schema::Schema schema();
  };

  explicit FileMatch(graph::Context& context)
      : look_(std::make_shared<Look>()), strand_(context.pool().strand()) {
    look_->context = &context;
  }
  ~FileMatch() override { end(); }

  Status update(Args args);
  Status start() override;
  void stop(Duration) override { end(); }

 private:
  /// What a look-up needs; outlives the component in tasks that are still queued.
  struct Look {
    void run() WEIR_EXCLUDES(mutex);
    Mutex mutex;
    graph::Context* context WEIR_GUARDED_BY(mutex) = nullptr;  // null once stopped
    Args args WEIR_GUARDED_BY(mutex);
    Error complained WEIR_GUARDED_BY(mutex);
    bool says_if_none WEIR_GUARDED_BY(mutex) = true;
  };
  void end();
  void schedule(Duration period);

  const std::shared_ptr<Look> look_;
  const exec::Strand strand_;
  exec::Timer timer_;
  bool started_ = false;
};

schema::Schema FileMatch::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Args::path_targets>("path_targets",
                                        "Targets whose `__path__` is a pattern; files that match "
                                        "`__path_exclude__` are left out.")
          .required(),
      schema::attr<&Args::ignore_older_than>(
          "ignore_older_than",
          "Files that have not changed for so long are left out; `0s` leaves none out."),
      schema::attr<&Args::sync_period>("sync_period", "How often files are looked up."),
  });
  return kTable;
}

void FileMatch::Args::validate(schema::Problems& problems) const {
  if (sync_period <= Duration{})
    problems.add("sync_period", "sync_period must be greater than 0", {},
                 text::DiagnosticCode::kBadValue);
  if (ignore_older_than < Duration{})
    problems.add("ignore_older_than", "ignore_older_than must not be negative", {},
                 text::DiagnosticCode::kBadValue);
}

schema::Schema FileMatch::Exports::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Exports::targets>("targets",
                                      "One target for each file, with an absolute `__path__`."),
  });
  return kTable;
}

Status FileMatch::update(Args args) {
  const Duration period = args.sync_period;
  {
    MutexLock lock(look_->mutex);
    look_->args = std::move(args);
  }
  look_->run();
  if (started_) schedule(period);
  return {};
}

Status FileMatch::start() {
  started_ = true;
  Duration period;
  {
    MutexLock lock(look_->mutex);
    period = look_->args.sync_period;
  }
  schedule(period);
  return {};
}

void FileMatch::schedule(Duration period) {
  timer_ = strand_.every(std::max(period, kShortestSync), [look = look_] { look->run(); });
}

void FileMatch::end() {
  timer_.cancel();
  MutexLock lock(look_->mutex);
  look_->context = nullptr;
}

void FileMatch::Look::run() {
  MutexLock lock(mutex);
  if (context == nullptr) return;
  const auto trouble = [this](std::string_view pattern, const Error& error) WEIR_REQUIRES(mutex) {
    if (complained.message == error.message) return;
    complained = error;
    context->log().error("pattern cannot be read",
                         {{"pattern", pattern}, {"error", error.message}});
  };
  Exports found{
      match_files(args.path_targets, args.ignore_older_than, context->clock().now(), trouble)};
  const bool none = found.targets.empty() && !args.path_targets.empty();
  if (none && says_if_none)
    context->log().info("no file matches", {{"patterns", args.path_targets.size()}});
  says_if_none = !none;
  context->publish(std::move(found));
}

}  // namespace
}  // namespace weir::local

namespace weir {
extern constexpr catalog::ComponentDef local_file_match =
    graph::define<local::FileMatch>("local.file_match", schema::Stability::kGenerallyAvailable,
                                    "Finds files by patterns and exports them as targets.");
}
