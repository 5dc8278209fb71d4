// SPDX-License-Identifier: Apache-2.0
// What of a node lives on from one configuration to the next: its component, its exports, its
// health, and the arguments in force.
//
// Nodes belong to one reading of the text and are made anew by each load; an instance is handed
// from the old node to the new one of the same id. Modules, loops and imports have one too, without
// a component. What the API shows of a node is read from here.

#pragma once

#include "interpreter/graph/component.h"
#include "interpreter/graph/environment.h"
#include "interpreter/graph/health.h"
#include "interpreter/graph/inbox.h"
#include "interpreter/schema/body.h"
#include "interpreter/syntax/ast.h"

#include <atomic>
#include <memory>
#include <string>

namespace weir::graph {

class Node;

/// An evaluated block and the text that its places point into.
struct Evaluated {
  std::shared_ptr<const syntax::File> file;  ///< null for a block that nobody wrote
  schema::EvaluatedBody body;
};

/// Where a node stands: "" and "loki.write.x" at the root, else its module's id before it.
struct Address {
  std::string module_id;
  std::string local_id;
  [[nodiscard]] std::string full() const;  ///< "mod.a/loki.write.x"
};

/// Threads: as Context; what it says besides is for the control thread.
class Instance final : public Context, public std::enable_shared_from_this<Instance> {
 public:
  /// `noun`: what messages call it. `def`: null if there is no component to make. `metrics`:
  /// whether what it counts is shown.
  Instance(const Environment& environment, Inbox& inbox, Address address, std::string_view noun,
           const catalog::ComponentDef* def, bool metrics);
  ~Instance() override;

  // The component's life.
  /// Makes the component if there is none yet, and gives it `args`.
  Status update(void* args);
  [[nodiscard]] bool made() const { return made_; }
  void start();
  void wind_down();
  void stop(Duration deadline);
  /// It said that it cannot go on, or could not start.
  [[nodiscard]] bool has_exited() const { return exited_; }
  [[nodiscard]] bool running() const { return running_; }

  /// What was last published, or what is exported before that.
  [[nodiscard]] value::Value exports() const;
  /// For nodes without a component: their exports as others see them.
  void show_exports(value::Value exports);

  [[nodiscard]] std::shared_ptr<const Evaluated> evaluated() const;
  void set_evaluated(std::shared_ptr<const Evaluated> evaluated);
  /// Says so in the log and in its health.
  void evaluation_failed(const std::string& why);
  void evaluated_well(std::string_view what);

  /// The node of the graph in force; null if there is none.
  [[nodiscard]] Node* node() const { return node_; }
  void bind(Node* node) { node_ = node; }
  /// Tells the control thread that there is something new.
  void notify();
  /// From here on notify() speaks again.
  void begin_look() { told_ = false; }

  // What others see of it. Threads: any.
  [[nodiscard]] const Address& address() const { return address_; }
  [[nodiscard]] const catalog::ComponentDef* def() const { return def_; }
  [[nodiscard]] std::string_view noun() const { return noun_; }
  [[nodiscard]] HealthBoard& health() { return health_; }
  [[nodiscard]] std::shared_ptr<Component> component() const;

  // Context
  [[nodiscard]] const std::string& id() const override { return id_; }
  [[nodiscard]] const Logger& log() const override { return log_; }
  [[nodiscard]] const MetricScope& metrics() const override { return metrics_; }
  [[nodiscard]] Clock& clock() const override { return environment_.clock; }
  [[nodiscard]] exec::Pool& pool() const override { return environment_.pool; }
  [[nodiscard]] Result<std::string> data_dir() const override;
  [[nodiscard]] schema::Stability minimum_stability() const override {
    return environment_.minimum_stability;
  }
  using Context::publish;
  void publish(value::Value exports) override;
  void report_health(Health health, std::string message) override;
  void exited(Status why) override;

 protected:
  [[nodiscard]] void* service(const void* key) const override;

 private:
  const Environment& environment_;
  Inbox& inbox_;
  const Address address_;
  const std::string id_;
  const std::string_view noun_;
  const catalog::ComponentDef* const def_;
  const Logger log_;
  const MetricScope metrics_;
  HealthBoard health_;

  Node* node_ = nullptr;
  bool made_ = false;
  bool running_ = false;
  bool failing_ = false;  // its last evaluation failed
  std::atomic<bool> exited_ = false;
  std::atomic<bool> told_ = false;

  mutable Mutex mutex_;
  value::Value exports_ WEIR_GUARDED_BY(mutex_);
  bool published_ WEIR_GUARDED_BY(mutex_) = false;
  std::shared_ptr<const Evaluated> evaluated_ WEIR_GUARDED_BY(mutex_);
  std::shared_ptr<Component> component_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::graph
