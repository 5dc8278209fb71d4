// SPDX-License-Identifier: Apache-2.0
#include "tests/support/probed_graph.h"

#include "base/format.h"
#include "interpreter/schema/codecs.h"
#include "interpreter/text/diagnostic.h"
#include "tests/support/process.h"

#include <utility>

namespace weir::graph {
namespace {

using schema::attr;

class Probe final : public Component {
 public:
  struct Args {
    value::Value value;
    value::Value refuse{"nothing"};
    bool refuse_start = false;
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          attr<&Args::value>("value", "What it exports."),
          attr<&Args::refuse>("refuse", "A value that it cannot take."),
          attr<&Args::refuse_start>("refuse_start", "Whether it fails to start."),
      });
      return kTable;
    }
  };
  struct Exports {
    value::Value value;
    static schema::Schema schema() {
      static constexpr auto kTable =
          schema::table({attr<&Exports::value>("value", "What it was given.")});
      return kTable;
    }
  };

  explicit Probe(Context& context) : context_(context), journal_(*context.service<Journal>()) {
    journal_.enter(context.id(), &context);
  }
  ~Probe() override { journal_.enter(context_.id(), nullptr); }
  Status update(Args args) {
    if (args.value == args.refuse) {
      say("refuse", value::to_json(args.value));
      return invalid("it cannot be {}", value::to_json(args.value));
    }
    say("update", value::to_json(args.value));
    refuse_start_ = args.refuse_start;
    context_.publish(Exports{args.value});
    return {};
  }
  Status start() override {
    say("start");
    return refuse_start_ ? Status(invalid("it cannot start")) : Status();
  }
  void wind_down() override { say("wind down"); }
  void stop(Duration) override { say("stop"); }
  [[nodiscard]] value::Value debug_info() const override { return value::Value(value::Object{}); }

 private:
  void say(std::string_view what, std::string_view value = {}) {
    journal_.add(format("{} {}{}{}", what, context_.id(), value.empty() ? "" : " ", value));
  }
  Context& context_;
  Journal& journal_;
  bool refuse_start_ = false;
};

constexpr catalog::ComponentDef kProbe = define<Probe>(
    "probe", schema::Stability::kGenerallyAvailable, "Writes down what is done to it.");
constexpr catalog::ComponentDef kDesk = [] {
  catalog::ComponentDef def = define<Probe>("desk", schema::Stability::kGenerallyAvailable,
                                            "A service that writes down what is done to it.");
  def.singleton = true;
  return def;
}();

const catalog::Catalog& probe_catalog() {
  static const catalog::Catalog kCatalog({&kProbe, &kDesk});
  return kCatalog;
}
const catalog::FunctionTable& no_functions() {
  static const catalog::FunctionTable kTable;
  return kTable;
}

}  // namespace

void Journal::add(std::string line) {
  if (on_line) on_line(line);
  MutexLock lock(mutex_);
  lines_.push_back(std::move(line));
}

std::vector<std::string> Journal::take() {
  MutexLock lock(mutex_);
  return std::exchange(lines_, {});
}

void Journal::enter(const std::string& id, Context* context) {
  MutexLock lock(mutex_);
  contexts_[id] = context;
}

void Journal::publish(const std::string& id, std::int64_t value) {
  value::Object exports;
  exports.members.emplace_back("value", value::Value::integer(value));
  MutexLock lock(mutex_);
  if (Context* context = contexts_[id]) context->publish(value::Value(std::move(exports)));
}

void Journal::exit(const std::string& id) {
  MutexLock lock(mutex_);
  if (Context* context = contexts_[id]) context->exited(invalid("it gave up"));
}

ProbedGraph::ProbedGraph() {
  services.provide(journal);
  environment.emplace(Environment{.catalog = probe_catalog(),
                                  .functions = no_functions(),
                                  .pool = pool,
                                  .metrics = metrics,
                                  .services = &services,
                                  .minimum_stability = schema::Stability::kExperimental});
  controller = std::make_unique<Controller>(*environment);
}

ProbedGraph::~ProbedGraph() {
  controller.reset();
}

LoadResult ProbedGraph::load(const std::string& text) {
  return controller->load({text::Source::make("main.alloy", text)});
}

std::string ProbedGraph::error_of(const std::string& text) {
  const LoadResult result = load(text);
  return result.ok ? "" : text::one_line(result.diagnostics.all().front());
}

std::string ProbedGraph::value_of(const std::string& id) const {
  const auto picture = controller->picture();
  const NodeView* node = picture->find(id);
  if (node == nullptr) return "absent";
  const value::Value exports = node->instance->exports();
  const value::Value* value = exports.as_object().find("value");
  return value == nullptr ? "none" : value::to_json(*value);
}

HealthReport ProbedGraph::health_of(const std::string& id) const {
  const auto picture = controller->picture();
  const NodeView* node = picture->find(id);
  return node == nullptr ? HealthReport{} : node->health();
}

bool ProbedGraph::comes_to(const std::string& id, const std::string& value) const {
  return test::eventually([&] { return value_of(id) == value; });
}

}  // namespace weir::graph
