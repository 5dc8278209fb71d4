// SPDX-License-Identifier: Apache-2.0
// The contract of a component: the manual for whoever writes one.
//
// Life: make (constructor: metrics, nothing else) → update(args) one or more times → start() once →
// update(args) any number of times → wind_down() once → stop() once → destroyed. update and start may
// touch the world; update either succeeds or leaves the component as it was. A component that was
// never started may be destroyed. Those that end together wind down before any of them is stopped,
// users before what they use: so sources read no more, what waited is on its way, and there is still
// somebody to take it. All of this is called from the control thread, one call at a time; debug_info() and
// handle() alone are called by whoever asks the program about itself, on any thread, at any time
// between construction and destruction.
//
//   class Relabel final : public graph::Component, public LogSink {
//    public:
//     struct Args { ...; static schema::Schema schema(); };
//     struct Exports { ...; static schema::Schema schema(); };
//     explicit Relabel(graph::Context& context);
//     Status update(Args args);
//   };
//   extern constexpr catalog::ComponentDef loki_relabel =
//       graph::define<Relabel>("loki.relabel", Stability::kGenerallyAvailable, "Rewrites the label
//       set of each log line.");

#pragma once

#include "base/exec/executor.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/result.h"
#include "interpreter/catalog/component_def.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace weir::graph {

enum class Health { kUnknown, kHealthy, kUnhealthy, kExited };
std::string_view to_string(Health health);

/// What a request below /api/v0/component/ID/ asks and gets.
struct ComponentRequest {
  std::string method;
  std::string path;  ///< below the component's, with its leading slash
  std::string query;
  std::string body;
};
struct ComponentResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

class Component {
 public:
  Component() = default;
  virtual ~Component() = default;
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;

  /// Begins to produce. The whole graph is wired by now.
  virtual Status start() { return {}; }
  /// Begins the end: takes nothing more from outside and sends on at once what it held back. What it
  /// is given still goes through.
  virtual void wind_down() {}
  /// Ends production and settles or gives up what is under way, within `deadline`. After it returns
  /// no thread of the component runs, and its receivers drop what they are given (receipts:
  /// abandoned).
  virtual void stop(Duration deadline) { (void)deadline; }
  /// What the API shows under debugInfo: an ordered object, or null. Threads: any.
  [[nodiscard]] virtual value::Value debug_info() const { return {}; }
  /// Answers a request to the component's own address; 404 by default. Threads: any, many at once.
  virtual ComponentResponse handle(const ComponentRequest& request);
};

/// What tells a type of service from all others.
template <class T>
const void* service_key() {
  static constexpr char kKey = 0;
  return &kKey;
}

/// What the graph gives a component for its life. Outlives it. Threads: any.
class Context {
 public:
  virtual ~Context() = default;

  /// "loki.write.default", prefixed by its modules' ids.
  [[nodiscard]] virtual const std::string& id() const = 0;
  [[nodiscard]] virtual const Logger& log() const = 0;
  [[nodiscard]] virtual const MetricScope& metrics() const = 0;
  [[nodiscard]] virtual Clock& clock() const = 0;
  [[nodiscard]] virtual exec::Pool& pool() const = 0;
  /// A folder of the component's own below --storage.path, made on first use.
  [[nodiscard]] virtual Result<std::string> data_dir() const = 0;
  /// The features a run admits.
  [[nodiscard]] virtual schema::Stability minimum_stability() const = 0;

  /// Makes `exports` what expressions see. Equal to the last: nothing happens. Dependants are
  /// evaluated later, on the control thread; many calls coalesce.
  virtual void publish(value::Value exports) = 0;
  template <class Exports>
  void publish(const Exports& exports) {
    publish(schema::encode(Exports::schema(), &exports));
  }

  /// The component's own health; shown until it says otherwise. The graph adds run and evaluation
  /// health.
  virtual void report_health(Health health, std::string message) = 0;
  /// The component cannot go on: it is shown as exited, and is started again at the next load.
  virtual void exited(Status why) = 0;

  /// A service of the program by type, null if the program has none (tests, validate): see server/.
  template <class T>
  [[nodiscard]] T* service() const {
    return static_cast<T*>(service(service_key<T>()));
  }

 protected:
  [[nodiscard]] virtual void* service(const void* key) const = 0;
};

/// The definition of component class C: its Args, its Exports if it has any, how to make and update
/// it.
template <class C>
consteval catalog::ComponentDef define(std::string_view name, schema::Stability stability,
                                       std::string_view doc) {
  catalog::ComponentDef def{};
  def.name = name;
  def.doc = doc;
  def.stability = stability;
  def.args = &schema::detail::block_ops<typename C::Args>;
  if constexpr (requires { typename C::Exports; }) {
    def.exports = &C::Exports::schema;
    def.initial_exports = []() -> value::Value {
      const typename C::Exports exports{};
      return schema::encode(C::Exports::schema(), &exports);
    };
    if constexpr (requires(const typename C::Args& args) { C::Exports::type(args); }) {
      def.exports_by = [](const void* args) -> value::Type {
        return C::Exports::type(*static_cast<const typename C::Args*>(args));
      };
    }
  }
  if constexpr (requires(const typename C::Args& args, catalog::Lint& lint) { args.lint(lint); }) {
    def.lint = [](const void* args, catalog::Lint& lint) {
      static_cast<const typename C::Args*>(args)->lint(lint);
    };
  }
  def.make = [](Context& context) -> std::unique_ptr<Component> {
    return std::make_unique<C>(context);
  };
  def.update = [](Component& component, void* args) -> Status {
    return static_cast<C&>(component).update(std::move(*static_cast<typename C::Args*>(args)));
  };
  return def;
}

}  // namespace weir::graph
