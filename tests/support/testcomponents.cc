// SPDX-License-Identifier: Apache-2.0
#include "tests/support/testcomponents.h"

#include "base/mutex.h"
#include "interpreter/graph/controller.h"
#include "interpreter/graph/foreach_ids.h"
#include "interpreter/schema/codecs.h"

#include <chrono>
#include <future>
#include <thread>
#include <utility>
#include <vector>

namespace weir::test {

/// Where values of one type are sent.
template <class T>
class Mailbox {
 public:
  virtual ~Mailbox() = default;
  virtual void receive(const T& item) = 0;
};
template <class T>
struct MailReceiver {
  std::shared_ptr<Mailbox<T>> box;
};
template <class T>
constexpr value::CapsuleType kMailType = {
    std::is_same_v<T, int> ? "testcomponents.IntReceiver" : "testcomponents.StringReceiver",
    std::is_same_v<T, int> ? "a receiver of numbers" : "a receiver of texts", nullptr, nullptr,
    true};

}  // namespace weir::test

template <class T>
struct weir::schema::Codec<weir::test::MailReceiver<T>> {
  static value::Type type() { return value::Type::capsule(test::kMailType<T>); }
  static bool decode(const value::Value& in, test::MailReceiver<T>& out, Decoder& decoder) {
    if (in.kind() != value::Kind::kCapsule || in.as_capsule().type != &test::kMailType<T>)
      return decoder.mismatch(type(), in);
    out.box = std::const_pointer_cast<test::Mailbox<T>>(
        std::static_pointer_cast<const test::Mailbox<T>>(in.as_capsule().object));
    return true;
  }
  static value::Value encode(const test::MailReceiver<T>& in) {
    return value::Value(value::Capsule{&test::kMailType<T>, in.box});
  }
};

namespace weir::test {
namespace {

using schema::attr;
using schema::Stability;

/// Does something every period, between start() and stop().
class Beat {
 public:
  Beat(exec::Pool& pool, exec::Task task) : strand_(pool.strand()), task_(std::move(task)) {}
  ~Beat() { stop(); }
  void start(Duration period) {
    stop();
    timer_ = strand_.every(period, task_);
  }
  void stop() {
    std::promise<void> done;
    strand_.post([&] {
      timer_.cancel();
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  exec::Strand strand_;
  exec::Task task_;
  exec::Timer timer_;
};

struct NoArguments {
  static schema::Schema schema() { return {}; }
};

struct BeatArguments {
  Duration frequency{};
  std::int64_t max = 0;
  static schema::Schema schema() {
    static constexpr auto kTable = schema::table({
        attr<&BeatArguments::frequency>("frequency", "How often.").required(),
        attr<&BeatArguments::max>("max", "How many times at most.").required(),
    });
    return kTable;
  }
};

/// A component that does something every period.
class BeatingComponent : public graph::Component {
 public:
  explicit BeatingComponent(graph::Context& context)
      : context_(context), beat_(context.pool(), [this] { tick(); }) {}
  Status start() override {
    started_ = true;
    beat_.start(frequency_);
    return {};
  }
  void stop(Duration) override {
    started_ = false;
    beat_.stop();
  }

 protected:
  Status set_frequency(Duration frequency) {
    if (frequency == Duration::zero()) return invalid("frequency must not be 0");
    frequency_ = frequency;
    if (started_) beat_.start(frequency_);
    return {};
  }
  virtual void tick() = 0;

  graph::Context& context_;
  mutable Mutex mutex_;

 private:
  Duration frequency_{};
  bool started_ = false;
  Beat beat_;  // last: its task uses what is above
};

class Count final : public BeatingComponent {
 public:
  using Args = BeatArguments;
  struct Exports {
    std::int64_t count = 0;
    static schema::Schema schema() {
      static constexpr auto kTable =
          schema::table({attr<&Exports::count>("count", "How often it ticked.")});
      return kTable;
    }
  };
  using BeatingComponent::BeatingComponent;
  Status update(Args args) {
    WEIR_TRY_STATUS(set_frequency(args.frequency));
    MutexLock lock(mutex_);
    max_ = args.max;
    return {};
  }

 private:
  void tick() override {
    Exports now;
    {
      MutexLock lock(mutex_);
      if (max_ != 0 && count_ >= max_) return;
      now.count = ++count_;
    }
    context_.publish(now);
  }
  std::int64_t max_ = 0;
  std::int64_t count_ = 0;
};

class Tick final : public BeatingComponent {
 public:
  struct Args {
    Duration frequency{};
    static schema::Schema schema() {
      static constexpr auto kTable =
          schema::table({attr<&Args::frequency>("frequency", "How often.").required()});
      return kTable;
    }
  };
  struct Exports {
    std::string tick_time = "0001-01-01T00:00:00Z";
    static schema::Schema schema() {
      static constexpr auto kTable =
          schema::table({attr<&Exports::tick_time>("tick_time", "When it last ticked.")});
      return kTable;
    }
  };
  using BeatingComponent::BeatingComponent;
  Status update(Args args) { return set_frequency(args.frequency); }

 private:
  void tick() override { context_.publish(Exports{print_rfc3339(context_.clock().now())}); }
};

class Pulse final : public BeatingComponent {
 public:
  struct Args {
    BeatArguments beat;
    std::vector<MailReceiver<int>> forward_to;
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          schema::inlined<&Args::beat>(),
          attr<&Args::forward_to>("forward_to", "Who gets a one."),
      });
      return kTable;
    }
  };
  explicit Pulse(graph::Context& context)
      : BeatingComponent(context), count_(context.metrics().counter("pulse_count", "")) {}
  Status update(Args args) {
    WEIR_TRY_STATUS(set_frequency(args.beat.frequency));
    MutexLock lock(mutex_);
    args_ = std::move(args);
    return {};
  }

 private:
  void tick() override {
    std::vector<MailReceiver<int>> next;
    {
      MutexLock lock(mutex_);
      if (args_.beat.max != 0 && sent_ >= args_.beat.max) return;
      ++sent_;
      next = args_.forward_to;
    }
    for (const auto& receiver : next) receiver.box->receive(1);
    count_.add();
  }
  Counter count_;
  Args args_;
  std::int64_t sent_ = 0;
};

class Passthrough final : public graph::Component {
 public:
  struct Args {
    std::string input;
    Duration lag{};
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          attr<&Args::input>("input", "What to export.").required(),
          attr<&Args::lag>("lag", "How long to take for it."),
      });
      return kTable;
    }
  };
  struct Exports {
    std::string output;
    static schema::Schema schema() {
      static constexpr auto kTable =
          schema::table({attr<&Exports::output>("output", "The input.")});
      return kTable;
    }
  };
  explicit Passthrough(graph::Context& context) : context_(context) {}
  Status update(Args args) {
    std::this_thread::sleep_for(args.lag);  // what the corpus asks for
    context_.publish(Exports{std::move(args.input)});
    return {};
  }
  [[nodiscard]] value::Value debug_info() const override {
    value::Object out;
    out.members.emplace_back("component_version", value::Value("v0.1-beta.0"));
    return value::Value(std::move(out));
  }

 private:
  graph::Context& context_;
};

class Summation final : public graph::Component {
 public:
  struct Args {
    std::int64_t input = 0;
    static schema::Schema schema() {
      static constexpr auto kTable =
          schema::table({attr<&Args::input>("input", "What to add.").required()});
      return kTable;
    }
  };
  struct Exports {
    std::int64_t sum = 0;
    std::int64_t last_added = 0;
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          attr<&Exports::sum>("sum", "Of all inputs."),
          attr<&Exports::last_added>("last_added", "The last input."),
      });
      return kTable;
    }
  };
  explicit Summation(graph::Context& context) : context_(context) {}
  Status update(Args args) {
    sum_ += args.input;
    context_.publish(Exports{sum_, args.input});
    return {};
  }

 private:
  graph::Context& context_;
  std::int64_t sum_ = 0;
};

/// Adds numbers up, or puts texts under each other.
template <class T>
class Collector final : public graph::Component {
 public:
  using Args = NoArguments;
  struct Exports {
    MailReceiver<T> receiver;
    static schema::Schema schema() {
      static constexpr auto kTable =
          schema::table({attr<&Exports::receiver>("receiver", "Where to send.")});
      return kTable;
    }
  };
  explicit Collector(graph::Context& context) { context.publish(Exports{{box_}}); }
  Status update(Args) { return {}; }
  [[nodiscard]] value::Value debug_info() const override { return box_->total(); }

 private:
  class Box final : public Mailbox<T> {
   public:
    void receive(const T& item) override {
      MutexLock lock(mutex_);
      if constexpr (std::is_same_v<T, int>) {
        total_ += item;
      } else {
        total_ += item + "\n";
      }
    }
    value::Value total() const {
      MutexLock lock(mutex_);
      if constexpr (std::is_same_v<T, int>) {
        return value::Value::integer(total_);
      } else {
        return value::Value(total_);
      }
    }

   private:
    mutable Mutex mutex_;
    T total_{};
  };
  std::shared_ptr<Box> box_ = std::make_shared<Box>();
};

/// Sends on what it was given, once it runs. The reference's sends only what updates bring, and is
/// updated at least once with what it has already; Weir updates nobody with what he has.
class Stringer final : public graph::Component {
 public:
  struct Args {
    value::Value input_string, input_int, input_float, input_bool, input_array, input_map;
    std::vector<MailReceiver<std::string>> forward_to;
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          attr<&Args::input_string>("input_string", "A text."),
          attr<&Args::input_int>("input_int", "A whole number."),
          attr<&Args::input_float>("input_float", "A number."),
          attr<&Args::input_bool>("input_bool", "A truth."),
          attr<&Args::input_array>("input_array", "A list."),
          attr<&Args::input_map>("input_map", "An object."),
          attr<&Args::forward_to>("forward_to", "Who gets the texts.").required(),
      });
      return kTable;
    }
  };
  explicit Stringer(graph::Context&) {}
  Status start() override {
    started_ = true;
    send();
    return {};
  }
  Status update(Args args) {
    args_ = std::move(args);
    if (started_) send();
    return {};
  }

 private:
  void send() {
    for (const value::Value* input : {&args_.input_string, &args_.input_int, &args_.input_float,
                                      &args_.input_bool, &args_.input_array, &args_.input_map}) {
      if (input->is_null()) continue;
      for (const auto& receiver : args_.forward_to) receiver.box->receive(graph::go_syntax(*input));
    }
  }
  Args args_;
  bool started_ = false;
};

class Idle final : public graph::Component {
 public:
  using Args = NoArguments;
  explicit Idle(graph::Context&) {}
  Status update(Args) { return {}; }
};

/// A module in a text, run by a controller of its own.
class ModuleString final : public graph::Component {
 public:
  struct Args {
    value::OptionalSecret content;
    std::map<std::string, value::Value> arguments;
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          attr<&Args::content>("content", "The module.").required(),
          schema::map_block<&Args::arguments>("arguments", "Its arguments."),
      });
      return kTable;
    }
  };
  struct Exports {
    value::Value exports{value::Object{}};
    static schema::Schema schema() {
      static constexpr auto kTable =
          schema::table({attr<&Exports::exports>("exports", "What the module exports.")});
      return kTable;
    }
  };
  explicit ModuleString(graph::Context& context)
      : context_(context), controller_(*context.service<graph::Environment>(), options(context)) {}
  Status update(Args args) {
    const auto result = controller_.load({text::Source::make(context_.id(), args.content.text)}, {},
                                         std::move(args.arguments));
    if (result.ok) return {};
    return invalid("{}", text::one_line(result.diagnostics.all().front()));
  }
  void stop(Duration deadline) override { controller_.stop(deadline); }

 private:
  static graph::ControllerOptions options(graph::Context& context) {
    graph::ControllerOptions out;
    out.module_id = context.id();
    out.on_exports = [&context](const value::Value& exports) { context.publish(Exports{exports}); };
    return out;
  }
  graph::Context& context_;
  graph::Controller controller_;
};

constexpr std::string_view kDoc = "A component of the runtime corpus.";
template <class C>
consteval catalog::ComponentDef preview(std::string_view name) {
  return graph::define<C>(name, Stability::kPublicPreview, kDoc);
}
/// The service logging, of which only the level is judged.
class TestLogging final : public graph::Component {
 public:
  struct Args {
    std::string level = "info";
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          attr<&Args::level>("level", "The least that is told.")
              .one_of("error", "warn", "info", "debug"),
      });
      return kTable;
    }
  };
  explicit TestLogging(graph::Context&) {}
  Status update(const Args&) { return {}; }
};

consteval catalog::ComponentDef community(std::string_view name) {
  catalog::ComponentDef def = preview<Idle>(name);
  def.community = true;
  return def;
}
template <class C>
consteval catalog::ComponentDef available(std::string_view name) {
  return graph::define<C>(name, Stability::kGenerallyAvailable, kDoc);
}
consteval catalog::ComponentDef singleton(catalog::ComponentDef def) {
  def.singleton = true;
  return def;
}

constexpr catalog::ComponentDef kTestComponents[] = {
    preview<Count>("testcomponents.count"),
    preview<Tick>("testcomponents.tick"),
    preview<Passthrough>("testcomponents.passthrough"),
    preview<Summation>("testcomponents.summation"),
    preview<Collector<int>>("testcomponents.summation_receiver"),
    preview<Collector<std::string>>("testcomponents.string_receiver"),
    preview<Pulse>("testcomponents.pulse"),
    preview<Stringer>("testcomponents.stringer"),
    preview<ModuleString>("module.string"),
    community("testcomponents.community"),
    graph::define<Idle>("testcomponents.experimental", Stability::kExperimental, kDoc),
    singleton(available<TestLogging>("logging")),
    singleton(available<Idle>("tracing")),
    singleton(available<Idle>("testservice")),
};

catalog::Catalog make_test_catalog(bool with_service) {
  std::vector<const catalog::ComponentDef*> rows;
  for (const catalog::ComponentDef& def : kTestComponents) {
    if (with_service || def.name != "testservice") rows.push_back(&def);
  }
  return catalog::Catalog(std::move(rows));
}

Result<std::string> test_path_join(const catalog::Rest<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts.values) {
    if (!part.empty()) out += (out.empty() ? "" : "/") + part;
  }
  return out;
}
constexpr catalog::Param kJoinParams[] = {{"parts", "What to join."}};
constexpr catalog::Example kJoinExamples[] = {{R"(file.path_join("a", "b"))", R"("a/b")"}};
constexpr catalog::FunctionDef kJoin = catalog::function<&test_path_join>(
    "file.path_join", "Joins parts of a path.", kJoinParams, kJoinExamples);

}  // namespace

const catalog::Catalog& test_catalog() {
  static const catalog::Catalog kCatalog = make_test_catalog(false);
  return kCatalog;
}

const catalog::Catalog& test_catalog_with_service() {
  static const catalog::Catalog kCatalog = make_test_catalog(true);
  return kCatalog;
}

const catalog::FunctionTable& test_functions() {
  static constexpr const catalog::FunctionDef* kRows[] = {&kJoin};
  static const catalog::FunctionTable kTable{std::span(kRows)};
  return kTable;
}

}  // namespace weir::test
