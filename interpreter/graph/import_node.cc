// SPDX-License-Identifier: Apache-2.0
// import.*: a namespace of declares that stand elsewhere.
//
// What was read is a module of its own, which holds declares and further imports. A new text that
// comes while the old is in use is tried on everybody who uses it, and leaves the old in force if
// anything is wrong.

#include "base/format.h"
#include "interpreter/graph/import_source.h"
#include "interpreter/graph/module.h"
#include "interpreter/graph/nodes.h"
#include "interpreter/syntax/parse.h"

#include <string>
#include <utility>

namespace weir::graph {
namespace {

using text::DiagnosticCode;

class ImportNode final : public Node {
 public:
  ImportNode(Module& module, BlockOutline outline, ImportNode* before)
      : Node(module, std::move(outline), before),
        failed_updates_(instance()->metrics().counter(
            "import_failed_updates_total",
            "How often what is imported changed into what could not be used.")) {
    if (before == nullptr) return;
    before_ = before->inner_;
    before_source_ = before->source_;
  }

  void each_module(const std::function<void(Module&)>& visit) override {
    if (inner_ != nullptr) visit(*inner_);
  }

  void settle() override {
    before_.reset();
    before_source_.reset();
    if (source_ != nullptr) {
      source_->watch([weak = std::weak_ptr<Instance>(instance())] {
        if (const auto live = weak.lock()) live->notify();
      });
    }
    Node::settle();
  }

  void look() override {
    if (source_ != nullptr && source_->content() != content_) mark_stale();
  }

 private:
  void evaluate(Wave& wave, text::DiagnosticSink& sink) override {
    // A text that was refused is tried again when something else of it changed.
    if (stale() || (source_ != nullptr && source_->content() != content_)) renew(wave, sink);
    if (sink.has_errors() && wave.purpose() == Wave::Purpose::kPropagate) failed_updates_.add();
    if (inner_ == nullptr) return;
    inner_->run(wave);
    auto& known = module().definitions()->imports[outline().block->label];
    if (known != inner_->definitions()) {
      known = inner_->definitions();
      users().mark_customs_stale();
    }
    if (!wave.rehearsal() && !instance()->running()) wave.made(instance());
  }

  /// The module whose custom components may be made from what is imported here.
  [[nodiscard]] Module& users() const {
    Module* at = &module();
    while (at->place().kind == ModuleKind::kImported && at->place().owner != nullptr)
      at = &at->place().owner->module();
    return *at;
  }

  void renew(Wave& wave, text::DiagnosticSink& sink) {
    auto evaluated = evaluate_body(wave, sink);
    if (sink.has_errors()) return;
    const auto decoded = decode(outline().language->args(), *evaluated, sink);
    if (decoded == nullptr || !is_complete(evaluated->body)) return;
    choose_source(decoded.get(), *evaluated, sink);
    if (source_ != nullptr) take(wave, sink);
    if (!sink.has_errors()) keep(std::move(evaluated));
  }

  /// The source at hand, that of the graph in force, or a new one if its arguments are others.
  void choose_source(const void* block, const Evaluated& evaluated, text::DiagnosticSink& sink) {
    if (source_ != nullptr && arguments_ != nullptr && same(*arguments_, evaluated.body)) return;
    const auto in_force = instance()->evaluated();
    const bool reusable = before_source_ != nullptr && !before_source_->content()->error;
    if (reusable && in_force != nullptr && same(in_force->body, evaluated.body)) {
      source_ = before_source_;
    } else {
      source_ = make_source(block, sink);
    }
    arguments_ = std::make_shared<schema::EvaluatedBody>(evaluated.body);
  }

  std::shared_ptr<ImportSource> make_source(const void* block, text::DiagnosticSink& sink) {
    const Environment& environment = module().place().environment;
    if (outline().name == "import.string") {
      const auto& args = *static_cast<const catalog::ImportStringBlock*>(block);
      return make_string_source(id(), args.content.text, module().definitions()->module_path);
    }
    if (outline().name == "import.file") {
      if (module().definitions()->is_remote()) {
        sink.add(DiagnosticCode::kImport, outline().head(),
                 "a module that was fetched from an address may not import files");
        return nullptr;
      }
      return make_file_source(*static_cast<const catalog::ImportFileBlock*>(block), environment);
    }
    if (outline().name == "import.git") {
      return make_git_source(*static_cast<const catalog::ImportGitBlock*>(block),
                             instance()->data_dir().value_or(""), environment);
    }
    return make_http_source(*static_cast<const catalog::ImportHttpBlock*>(block), environment);
  }

  void take(Wave& wave, text::DiagnosticSink& sink) {
    const auto content = source_->content();
    if (content == content_) return;
    if (content->error) {
      sink.add(DiagnosticCode::kImport, outline().head(),
               format("{} cannot be read: {}", id(), content->error->message));
      return;
    }
    text::DiagnosticSink found;
    auto built = build(*content, found);
    if (built != nullptr && wave.purpose() == Wave::Purpose::kPropagate) rehearse(*built, found);
    found.add_note(outline().head(), "imported here");
    const bool fits = !found.has_errors();
    sink.append(std::move(found));
    if (!fits) return;
    if (inner_ != nullptr) wave.retire(std::move(inner_));
    inner_ = std::move(built);
    content_ = content;
  }

  /// What would be wrong with this module in the place of the one that is in use.
  void rehearse(Module& built, text::DiagnosticSink& sink) {
    Wave rehearsal(Wave::Purpose::kRehearse);
    built.run(rehearsal);
    sink.append(rehearsal.sink());
    if (sink.has_errors()) return;
    auto& known = module().definitions()->imports[outline().block->label];
    const auto in_use = std::exchange(known, built.definitions());
    users().rehearse_customs(sink);
    known = in_use;
  }

  /// Null after an error in `sink`.
  std::shared_ptr<Module> build(const ImportContent& content, text::DiagnosticSink& sink) {
    ModuleText text;
    for (const auto& part : content.parts) {
      auto file = syntax::parse_file(text::Source::make(part.name, part.text), sink);
      text.parts.push_back({file, &file->body});
    }
    if (sink.has_errors()) return nullptr;
    const ModulePlace& here = module().place();
    ModulePlace place{here.environment, here.inbox};
    place.kind = ModuleKind::kImported;
    place.id = instance()->id();
    place.owner = this;
    place.module_path = content.module_path;
    place.metrics = here.metrics;
    place.depth = here.depth + 1;
    auto built = Module::build(text, std::move(place),
                               inner_ != nullptr ? inner_.get() : before_.get(), sink);
    if (built != nullptr) {
      built->definitions()->remote =
          outline().name == "import.http" || module().definitions()->is_remote();
    }
    return built;
  }

  const Counter failed_updates_;
  std::shared_ptr<Module> before_;  // in the graph in force, while this one is not
  std::shared_ptr<ImportSource> before_source_;
  std::shared_ptr<Module> inner_;
  std::shared_ptr<ImportSource> source_;
  std::shared_ptr<const ImportContent> content_;            // what inner_ is made from
  std::shared_ptr<const schema::EvaluatedBody> arguments_;  // what source_ is made from
};

}  // namespace

std::unique_ptr<Node> make_import_node(Module& module, BlockOutline outline, Node* before) {
  return std::make_unique<ImportNode>(module, std::move(outline), static_cast<ImportNode*>(before));
}

}  // namespace weir::graph
