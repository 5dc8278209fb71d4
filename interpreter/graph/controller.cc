// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/controller.h"

#include "base/format.h"
#include "interpreter/graph/module.h"
#include "interpreter/graph/wave.h"
#include "interpreter/syntax/parse.h"

#include <algorithm>
#include <set>
#include <utility>

namespace weir::graph {
namespace {

/// How long what a reload removed may take to settle; meanwhile nothing is evaluated.
constexpr Duration kRemovalDeadline = std::chrono::seconds(10);

/// Stops them last first, each with its share of the time that is left.
void stop_all(const std::vector<std::shared_ptr<Instance>>& instances, Duration deadline,
              const Clock& clock) {
  const Duration end = clock.steady() + deadline;
  for (auto at = instances.rbegin(); at != instances.rend(); ++at) (*at)->wind_down();
  auto left = static_cast<Duration::rep>(instances.size());
  for (auto at = instances.rbegin(); at != instances.rend(); ++at, --left) {
    const Duration remaining = std::max(end - clock.steady(), Duration::zero());
    (*at)->stop(remaining / left);
  }
}

Environment stopped_by(Environment environment, std::stop_token stopping) {
  environment.stopping = std::move(stopping);
  return environment;
}

std::vector<std::shared_ptr<Instance>> running_in(Module& module) {
  std::vector<std::shared_ptr<Instance>> out;
  each_node(module, [&](Node& node) {
    if (node.instance() != nullptr && node.instance()->running()) out.push_back(node.instance());
  });
  return out;
}

}  // namespace

std::string LoadResult::summary() const {
  return format("{} added, {} updated, {} removed, {} untouched", added, updated, removed,
                untouched);
}

Controller::Controller(const Environment& environment, ControllerOptions options)
    : environment_(stopped_by(environment, stopping_.get_token())),
      options_(std::move(options)),
      log_(environment.log, {{"controller_path", "/"}, {"controller_id", options_.module_id}}),
      picture_(std::make_shared<const Picture>()),
      thread_(environment_.pool.spawn("control", [this](const std::stop_token&) { run(); })) {}

Controller::~Controller() {
  stop(Duration::zero());
  inbox_.close();
}

void Controller::run() {
  for (;;) {
    const Inbox::Mail mail = inbox_.wait();
    if (mail.tasks.empty() && mail.changed.empty()) return;
    for (const Inbox::Task& task : mail.tasks) task();
    propagate(mail.changed);
  }
}

bool Controller::on_control(const std::function<void()>& task) {
  struct Done {  // shared: who waits may be gone before who notifies
    Mutex mutex;
    Condition condition;
    bool yes WEIR_GUARDED_BY(mutex) = false;
  };
  const auto done = std::make_shared<Done>();
  const bool posted = inbox_.post([&task, done] {
    task();
    MutexLock lock(done->mutex);
    done->yes = true;
    done->condition.notify_one();
  });
  if (!posted) return false;
  MutexLock lock(done->mutex);
  done->condition.wait(done->mutex, [&]() WEIR_REQUIRES(done->mutex) { return done->yes; });
  return true;
}

LoadResult Controller::load(const Files& files, std::string module_path, Arguments arguments) {
  LoadResult out;
  on_control([&] { out = do_load(files, std::move(module_path), arguments); });
  if (!out.ok && !out.diagnostics.has_errors())
    out.diagnostics.add(text::DiagnosticCode::kBuild, {}, "what runs is being stopped");
  return out;
}

void Controller::stop(Duration deadline) {
  give_up();
  on_control([&] { do_stop(deadline); });
}

ComponentResponse Controller::handle(std::string_view id, const ComponentRequest& request) const {
  const auto picture = this->picture();
  const NodeView* node = picture->find(id);
  const auto component = node == nullptr ? nullptr : node->instance->component();
  if (component == nullptr) return {404, "text/plain; charset=utf-8", "404 page not found\n"};
  return component->handle(request);
}

std::shared_ptr<Module> Controller::build(const Files& files, std::string module_path,
                                          const Arguments& arguments, text::DiagnosticSink& sink) {
  ModuleText text;
  for (const auto& source : files) {
    auto file = syntax::parse_file(source, sink);
    text.parts.push_back({file, &file->body});
  }
  if (sink.has_errors()) return nullptr;
  ModulePlace place{environment_, inbox_};
  place.kind = options_.module_id.empty() ? ModuleKind::kRoot : ModuleKind::kDeclare;
  place.id = options_.module_id;
  place.module_path = std::move(module_path);
  auto root = Module::build(text, std::move(place), root_.get(), sink);
  if (root == nullptr) return nullptr;
  std::map<std::string, eval::Known> given;
  for (const auto& [name, value] : arguments) given[name] = eval::Known::of(value);
  for (const std::string& name : root->set_arguments(std::move(given)))
    sink.add(text::DiagnosticCode::kUnknownArgument, {},
             format("provided argument \"{}\" is not defined in the module", name));
  return sink.has_errors() ? nullptr : root;
}

LoadResult Controller::do_load(const Files& files, std::string module_path,
                               const Arguments& arguments) {
  const Duration begun = environment_.clock.steady();
  LoadResult out;
  if (stopped_) return out;
  const auto root = build(files, std::move(module_path), arguments, out.diagnostics);
  if (root == nullptr) return out;
  log_.info("starting complete graph evaluation");
  Wave rehearsal(Wave::Purpose::kRehearse);
  root->run(rehearsal);
  out.diagnostics.append(rehearsal.sink());
  if (out.diagnostics.has_errors()) return out;
  Wave wave(Wave::Purpose::kLoad);
  root->run(wave);
  out.diagnostics.append(wave.sink());
  out.diagnostics.drop_repeats();  // what the rehearsal said, and what loops and modules repeat
  if (wave.sink().has_errors()) {
    wave.undo();
    return out;
  }
  log_.info("finished complete graph evaluation",
            {{"duration", environment_.clock.steady() - begun}});
  if (root_ != nullptr) wave.retire(std::exchange(root_, nullptr));
  root_ = root;
  doubts_.clear();
  for (const auto& doubt : out.diagnostics.all()) doubts_.insert(text::one_line(doubt));
  out.removed = commit(wave);
  out.ok = true;
  out.untouched = wave.untouched_count();
  out.updated = wave.all_updated().size();
  out.added = static_cast<std::size_t>(
      std::count_if(wave.all_made().begin(), wave.all_made().end(), [](const auto& instance) {
        return instance->def() != nullptr && !instance->def()->singleton;
      }));
  return out;
}

void Controller::propagate(const std::vector<std::weak_ptr<Instance>>& changed) {
  if (root_ == nullptr) return;
  std::set<Module*> modules;
  for (const auto& weak : changed) {
    const auto instance = weak.lock();
    if (instance == nullptr) continue;
    instance->begin_look();
    if (Node* node = instance->node()) {
      node->look();
      modules.insert(&node->module());
    }
  }
  Wave wave(Wave::Purpose::kPropagate);
  root_->run(wave);
  for (Module* module : modules) module->metrics().count_health(*module);
  log_doubts(wave.sink());
  if (!wave.all_evaluated().empty()) commit(wave);
}

void Controller::log_doubts(const text::DiagnosticSink& found) {
  for (const auto& diagnostic : found.all()) {
    if (diagnostic.severity == text::Severity::kError) continue;  // the node's health tells it
    if (doubts_.size() >= text::DiagnosticSink::kLimit) return;
    std::string doubt = text::one_line(diagnostic);
    if (doubts_.count(doubt) != 0) continue;
    log_.warn("doubt about the configuration", {{"err", doubt}});
    doubts_.insert(std::move(doubt));
  }
}

std::size_t Controller::commit(Wave& wave) {
  std::set<Module*> modules;
  for (Node* node : wave.all_evaluated()) {
    node->settle();
    modules.insert(&node->module());
  }
  std::size_t gone = 0;
  if (wave.changes_structure()) {
    gone = rebind(wave);
    if (options_.start) {
      for (const auto& instance : wave.all_made()) instance->start();
    }
    picture_.set(draw(*root_));
    for (Module* module : modules) module->metrics().show_edges(*module);
  }
  for (Module* module : modules) module->metrics().count_health(*module);
  announce_exports();
  return gone;
}

std::size_t Controller::rebind(const Wave& wave) {
  std::set<const Instance*> alive;
  each_node(*root_, [&](Node& node) {
    if (node.instance() == nullptr) return;
    node.instance()->bind(&node);
    alive.insert(node.instance().get());
  });
  std::vector<std::shared_ptr<Instance>> gone;
  std::size_t components = 0;
  for (const auto& module : wave.all_retired()) {
    each_node(*module, [&](Node& node) {
      const auto& instance = node.instance();
      if (instance == nullptr || !alive.insert(instance.get()).second) return;
      gone.push_back(instance);
      if (instance->def() != nullptr) ++components;
    });
  }
  stop_all(gone, kRemovalDeadline, environment_.clock);
  return components;
}

void Controller::announce_exports() {
  if (!options_.on_exports) return;
  const eval::Known exports = root_->exports();
  if (value::same(*exports.value, last_exports_)) return;
  last_exports_ = *exports.value;
  options_.on_exports(last_exports_);
}

void Controller::do_stop(Duration deadline) {
  stopped_ = true;
  if (root_ == nullptr) return;
  stop_all(running_in(*root_), deadline, environment_.clock);
  picture_.set(std::make_shared<const Picture>());
  root_.reset();
}

}  // namespace weir::graph
