// SPDX-License-Identifier: Apache-2.0
// A component on its own: built from configuration text as the graph builds it, in a world that a
// test can look into.
//
//   CaptureLogs out;
//   TestComponent relabel(component("loki.relabel"), {{"next", out.receiver()}});
//   ASSERT_EQ(relabel.update("forward_to = [next]"), "");
//   ASSERT_TRUE(relabel.start());
//   relabel.logs()->consume(log_batch({{.line = "x"}}));
//   EXPECT_EQ(out.records().size(), 1U);

#pragma once

#include "base/mutex.h"
#include "components/catalog.h"
#include "components/core/sink.h"
#include "interpreter/catalog/lint.h"
#include "interpreter/graph/component.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::test {

/// One log entry in text of its own.
struct LogRecord {
  Time time = {};
  std::map<std::string, std::string> labels = {};
  std::string line = {};
  std::vector<std::pair<std::string, std::string>> metadata = {};
  friend bool operator==(const LogRecord&, const LogRecord&) = default;
};
std::ostream& operator<<(std::ostream& out, const LogRecord& record);
/// A batch of its own memory.
LogBatch log_batch(const std::vector<LogRecord>& records, Receipt receipt = {});
/// The entries of a batch.
std::vector<LogRecord> records(const LogBatch& batch);

/// A destination: keeps copies of what comes and settles it at once, or holds it. Threads: any.
class CaptureLogs final : public LogSink {
 public:
  CaptureLogs();
  ~CaptureLogs() override;
  /// What expressions take: `forward_to = [next]`.
  [[nodiscard]] value::Value receiver() const;
  [[nodiscard]] LogReceiver typed_receiver() const { return {port_}; }

  [[nodiscard]] std::vector<LogRecord> records() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] std::vector<std::string> lines() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] std::size_t batches() const WEIR_EXCLUDES(mutex_);
  void clear() WEIR_EXCLUDES(mutex_);
  /// How batches that come from here on are settled; nothing: they are held.
  void answer(std::optional<Outcome> outcome) WEIR_EXCLUDES(mutex_);
  void settle_held(Outcome outcome) WEIR_EXCLUDES(mutex_);

  void consume(LogBatch batch) override WEIR_EXCLUDES(mutex_);

 private:
  std::shared_ptr<LogPort> port_ = std::make_shared<LogPort>();
  mutable Mutex mutex_;
  std::vector<LogRecord> records_ WEIR_GUARDED_BY(mutex_);
  std::size_t batches_ WEIR_GUARDED_BY(mutex_) = 0;
  std::optional<Outcome> outcome_ WEIR_GUARDED_BY(mutex_) = Outcome{};
  std::vector<LogBatch> held_ WEIR_GUARDED_BY(mutex_);
};

/// Remembers how receipts settled; they may outlive it. Threads: any.
class Outcomes {
 public:
  Receipt receipt();
  [[nodiscard]] std::vector<Outcome> all() const;
  [[nodiscard]] std::size_t count(Verdict verdict) const;

 private:
  struct State {
    mutable Mutex mutex;
    std::vector<Outcome> all WEIR_GUARDED_BY(mutex);
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// Names that a body's expressions may use.
using Names = std::map<std::string, value::Value>;

/// Arguments decoded from a body as the graph decodes them.
struct DecodedArgs {
  std::shared_ptr<void> args;
  std::string errors;    ///< "line:column: message", one a line; empty: all is well
  std::string warnings;  ///< "W1009 line:column: message", one a line
  std::vector<catalog::Lint::Statement> lint;  ///< what its lint says, if all is well
};
DecodedArgs decode_args(const catalog::ComponentDef& def, std::string_view body,
                        const Names& names = {});

/// Asks `ready` every few milliseconds until it says yes; false when `timeout` has passed.
bool soon(const std::function<bool()>& ready,
          std::chrono::milliseconds timeout = std::chrono::seconds(20));

/// One component and its world: two workers, a log that is kept, metrics, a folder of its own.
/// Stops in its destructor. Threads: one, but for what a Context allows.
class TestComponent final : private graph::Context {
 public:
  explicit TestComponent(const catalog::ComponentDef& def, Names names = {},
                         Clock& clock = Clock::system());
  ~TestComponent() override;

  /// Evaluates, decodes, validates and applies a body; returns what was wrong, one a line.
  std::string update(std::string_view body);
  Status start();
  /// Winds it down and stops it.
  void stop(Duration deadline = std::chrono::seconds(10));
  /// The component goes, its world stays to be looked into.
  void destroy() { component_.reset(); }
  /// A new component in the same world, as after a restart of the program.
  void renew();
  /// Where it keeps what outlives it.
  [[nodiscard]] std::string folder() const { return *data_dir(); }

  [[nodiscard]] graph::Component& component() { return *component_; }
  /// The last exports; null before there were any.
  [[nodiscard]] value::Value exports() const WEIR_EXCLUDES(mutex_);
  /// The exported receiver of logs.
  [[nodiscard]] std::shared_ptr<LogPort> logs(std::string_view name = "receiver") const;
  [[nodiscard]] std::string metrics_text() const { return registry_.text(); }
  /// The value of a series as /metrics shows it, `name{a="b"}`; 0 if there is none.
  [[nodiscard]] double metric(std::string_view series) const;
  [[nodiscard]] std::vector<std::string> log_lines() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] bool logged(std::string_view part) const;
  [[nodiscard]] std::pair<graph::Health, std::string> health() const WEIR_EXCLUDES(mutex_);
  [[nodiscard]] bool has_exited() const WEIR_EXCLUDES(mutex_);

 private:
  [[nodiscard]] const std::string& id() const override { return id_; }
  [[nodiscard]] const Logger& log() const override { return logger_; }
  [[nodiscard]] const MetricScope& metrics() const override { return scope_; }
  [[nodiscard]] Clock& clock() const override { return clock_; }
  [[nodiscard]] exec::Pool& pool() const override { return pool_; }
  [[nodiscard]] Result<std::string> data_dir() const override;
  [[nodiscard]] schema::Stability minimum_stability() const override {
    return schema::Stability::kExperimental;
  }
  void publish(value::Value exports) override;
  void report_health(graph::Health health, std::string message) override;
  void exited(Status why) override;
  [[nodiscard]] void* service(const void*) const override { return nullptr; }

  const catalog::ComponentDef& def_;
  Names names_;
  Clock& clock_;
  std::string id_;
  LogOutput output_;
  Logger logger_;
  MetricRegistry registry_;
  MetricScope scope_;
  mutable exec::Pool pool_{2};
  mutable Mutex mutex_;
  mutable std::string folder_ WEIR_GUARDED_BY(mutex_);
  value::Value exports_ WEIR_GUARDED_BY(mutex_);
  std::vector<std::string> lines_ WEIR_GUARDED_BY(mutex_);
  std::pair<graph::Health, std::string> health_ WEIR_GUARDED_BY(mutex_) = {graph::Health::kUnknown,
                                                                           ""};
  bool exited_ WEIR_GUARDED_BY(mutex_) = false;
  bool running_ = false;
  std::unique_ptr<graph::Component> component_;
};

/// A component that runs, or a failed check and null.
std::unique_ptr<TestComponent> make_component(const catalog::ComponentDef& def,
                                              std::string_view body, Names names = {},
                                              Clock& clock = Clock::system());

}  // namespace weir::test
