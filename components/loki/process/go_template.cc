// SPDX-License-Identifier: Apache-2.0
// Rendering: walks the nodes with the variables in a list, the dot as an argument.

#include "components/loki/process/go_template.h"

#include "base/format.h"
#include "components/loki/process/go_text.h"

#include <utility>

namespace weir::loki {
namespace {

/// What a text may become, whatever its template does.
constexpr std::size_t kMaxRendered = 16u << 20;
/// Nodes, calls and rounds of ranges.
constexpr std::size_t kMaxSteps = 1'000'000;
/// What all values that were handed on may weigh together.
constexpr std::size_t kMaxMoved = 128u << 20;
/// Nodes within nodes, those of named templates included.
constexpr int kMaxRunNesting = 200;

using RenderNode = GoTemplate::Node;

class TemplateRun {
 public:
  TemplateRun(const GoTemplate::Tree& tree, const TemplateData& data, std::string& out)
      : tree_(tree), data_(data), out_(out) {
    variables_.emplace_back("$", GoValue{GoValue::Data{}});
  }

  enum class Flow { kOn, kBreak, kContinue };

  Result<Flow> nodes(const std::vector<RenderNode>& all, const GoValue& dot) {
    if (nesting_ >= kMaxRunNesting) return invalid("nested deeper than {}", kMaxRunNesting);
    ++nesting_;
    const std::size_t outer = variables_.size();
    Flow flow = Flow::kOn;
    for (std::size_t i = 0; i < all.size() && flow == Flow::kOn; ++i) {
      WEIR_TRY(flow, one(all[i], dot));
      if (out_.size() > kMaxRendered)
        return invalid("the template renders more than {} bytes", kMaxRendered);
    }
    variables_.resize(outer);
    --nesting_;
    return flow;
  }

 private:
  Result<Flow> one(const RenderNode& node, const GoValue& dot) {
    WEIR_TRY_STATUS(step());
    switch (node.kind) {
      case RenderNode::Kind::kText: out_ += node.text; return Flow::kOn;
      case RenderNode::Kind::kBreak: return Flow::kBreak;
      case RenderNode::Kind::kContinue: return Flow::kContinue;
      case RenderNode::Kind::kTemplate: return named(node, dot);
      default: break;
    }
    const std::size_t outer = variables_.size();
    WEIR_TRY(const GoValue value, pipe(node.pipe, dot));
    if (node.kind == RenderNode::Kind::kPipe) {
      if (!node.pipe.variables.empty()) return Flow::kOn;
      const GoValue all = whole(value);
      WEIR_TRY_STATUS(moved(all));
      out_ += all.print();
      return Flow::kOn;
    }
    Result<Flow> flow = Flow::kOn;
    if (node.kind == RenderNode::Kind::kRange) {
      flow = range(node, whole(value), dot);
    } else {
      const bool holds = value.is_true();
      flow = nodes(holds ? node.then : node.otherwise,
                   holds && node.kind == RenderNode::Kind::kWith ? value : dot);
    }
    variables_.resize(outer);
    return flow;
  }

  /// {{template}}: sees no variable but `$`, which is its dot.
  Result<Flow> named(const RenderNode& node, const GoValue& dot) {
    const auto found = tree_.defined.find(node.text);
    if (found == tree_.defined.end()) return invalid("template \"{}\" is not defined", node.text);
    GoValue value;
    if (!node.pipe.commands.empty()) {
      WEIR_TRY(value, pipe(node.pipe, dot));
    }
    Variables mine = {{"$", value}};
    std::swap(variables_, mine);
    auto flow = nodes(found->second, value);
    std::swap(variables_, mine);
    return flow;
  }

  /// Over a list, a dictionary, or the numbers below one.
  Result<Flow> range(const RenderNode& node, const GoValue& value, const GoValue& dot) {
    Flow flow = Flow::kOn;
    std::size_t rounds = 0;
    const auto round = [&](GoValue key, const GoValue& item) -> Status {
      WEIR_TRY_STATUS(step());
      ++rounds;
      const std::vector<std::string>& names = node.pipe.variables;
      if (!names.empty()) set(names.back(), item);
      if (names.size() == 2) set(names.front(), std::move(key));
      WEIR_TRY(flow, nodes(node.then, item));
      return {};
    };
    if (const auto* list = std::get_if<GoValue::List>(&value.data)) {
      for (std::size_t i = 0; i < list->size() && flow != Flow::kBreak; ++i)
        WEIR_TRY_STATUS(round({static_cast<std::int64_t>(i)}, (*list)[i]));
    } else if (const auto* dict = std::get_if<GoValue::Dict>(&value.data)) {
      const std::vector<GoDict::Member> members = (*dict)->members;  // it may change meanwhile
      for (std::size_t i = 0; i < members.size() && flow != Flow::kBreak; ++i)
        WEIR_TRY_STATUS(round({members[i].name}, members[i].value));
    } else if (const auto* count = std::get_if<std::int64_t>(&value.data)) {
      for (std::int64_t i = 0; i < *count && flow != Flow::kBreak; ++i)
        WEIR_TRY_STATUS(round({i}, {i}));
    } else if (!value.is_nothing()) {
      return invalid("range can't iterate over a {}", type_of(value));
    }
    if (rounds == 0) return nodes(node.otherwise, dot);
    return Flow::kOn;
  }

  void set(const std::string& name, GoValue value) {
    for (auto at = variables_.rbegin(); at != variables_.rend(); ++at) {
      if (at->first != name) continue;
      at->second = std::move(value);
      return;
    }
    variables_.emplace_back(name, std::move(value));
  }

  Result<GoValue> pipe(const TemplatePipe& pipe, const GoValue& dot) {
    GoValue value;
    bool first = true;
    for (const std::vector<TemplateOperand>& command : pipe.commands) {
      if (command.front().function == nullptr) {
        if (command.size() > 1 || !first) return invalid("only a function takes arguments");
        WEIR_TRY(value, operand(command.front(), dot));
      } else {
        WEIR_TRY(value, call(command, dot, first ? nullptr : &value));
      }
      first = false;
    }
    for (const std::string& name : pipe.variables) {
      if (pipe.declares) {
        variables_.emplace_back(name, value);
      } else {
        set(name, value);
      }
    }
    return value;
  }

  /// A function with its operands, and what the command before it gave.
  Result<GoValue> call(const std::vector<TemplateOperand>& command, const GoValue& dot,
                       GoValue* last) {
    const TemplateOperand& function = command.front();
    std::vector<GoValue> arguments;
    for (std::size_t i = 1; i < command.size(); ++i) {
      WEIR_TRY(GoValue argument, operand(command[i], dot));
      arguments.push_back(whole(std::move(argument)));
      if (function.ends_at && arguments.back().is_true() == *function.ends_at)
        return std::move(arguments.back());
    }
    if (last != nullptr) arguments.push_back(whole(std::move(*last)));
    WEIR_TRY(GoValue value, called(*function.function, arguments));
    for (std::size_t i = 0; i < function.fields.size(); ++i) {
      WEIR_TRY(value, field(value, function.fields[i]));
    }
    return value;
  }

  /// As in Go, a call with too few or too many arguments fails when it is made, not before.
  Result<GoValue> called(const TemplateFunction& function, const std::vector<GoValue>& arguments) {
    WEIR_TRY_STATUS(step());
    for (const GoValue& argument : arguments) WEIR_TRY_STATUS(moved(argument));
    if (arguments.size() < function.least || arguments.size() > function.most)
      return invalid("{} does not take {} arguments", function.name, arguments.size());
    std::optional<GoValue> result = function.call(arguments);
    if (!result) return invalid("{} does not take these arguments", function.name);
    WEIR_TRY_STATUS(moved(*result));
    return *std::move(result);
  }

  Result<GoValue> operand(const TemplateOperand& operand, const GoValue& dot) {
    const GoValue* start = &dot;
    GoValue made;
    switch (operand.kind) {
      case TemplateOperand::Kind::kDot: break;
      case TemplateOperand::Kind::kLiteral: return operand.literal;
      case TemplateOperand::Kind::kVariable:
        for (const auto& [name, known] : variables_) {
          if (name == operand.variable) start = &known;  // the latest counts
        }
        break;
      case TemplateOperand::Kind::kFunction: {
        WEIR_TRY(made, called(*operand.function, {}));
        start = &made;
        break;
      }
      case TemplateOperand::Kind::kPipe: {
        WEIR_TRY(made, pipe(*operand.pipe, dot));
        start = &made;
        break;
      }
    }
    if (operand.fields.empty()) {
      WEIR_TRY_STATUS(moved(*start));
      return *start;
    }
    WEIR_TRY(GoValue value, field(*start, operand.fields.front()));
    for (std::size_t i = 1; i < operand.fields.size(); ++i) {
      WEIR_TRY(value, field(value, operand.fields[i]));
    }
    return value;
  }

  Result<GoValue> field(const GoValue& value, const std::string& name) {
    if (value.is_nothing()) return GoValue{};
    const bool is_data = std::holds_alternative<GoValue::Data>(value.data);
    if (is_data && data_as_dict_ == nullptr) {
      std::optional<std::string> found = data_.find(name);
      return found ? GoValue{*std::move(found)} : GoValue{};
    }
    const auto* dict = is_data ? &data_as_dict_ : std::get_if<GoValue::Dict>(&value.data);
    if (dict == nullptr) return invalid("a {} has no field \"{}\"", type_of(value), name);
    const GoValue* found = (*dict)->find(name);
    return found == nullptr ? GoValue{} : *found;
  }

  /// The data as a dictionary, which a template may change; any other value as it is.
  GoValue whole(GoValue value) {
    if (!std::holds_alternative<GoValue::Data>(value.data)) return value;
    if (data_as_dict_ == nullptr) {
      data_as_dict_ = make_dict();
      data_.put_all(data_as_dict_);
    }
    return {data_as_dict_};
  }

  Status step() {
    if (++steps_ > kMaxSteps) return invalid("the template takes more than {} steps", kMaxSteps);
    return {};
  }
  Status moved(const GoValue& value) {
    const auto weight = weight_of(value, kMaxMoved);
    if (!weight) return invalid("a value lies deeper than {}", kMaxGoDepth);
    moved_ += *weight;
    if (moved_ > kMaxMoved) return invalid("the template moves more than {} bytes", kMaxMoved);
    return {};
  }

  using Variables = std::vector<std::pair<std::string, GoValue>>;

  const GoTemplate::Tree& tree_;
  const TemplateData& data_;
  std::string& out_;
  Variables variables_;
  GoValue::Dict data_as_dict_;  ///< null until it is asked for
  std::size_t steps_ = 0, moved_ = 0;
  int nesting_ = 0;
};

}  // namespace

Status GoTemplate::render(const TemplateData& data, std::string& out) const {
  if (tree_ == nullptr) return {};
  const auto flow = TemplateRun(*tree_, data, out).nodes(tree_->nodes, GoValue{GoValue::Data{}});
  if (!flow) return flow.error();
  return {};
}

}  // namespace weir::loki

namespace weir::schema {

value::Type Codec<loki::GoTemplate>::type() {
  return Codec<std::string>::type();
}

bool Codec<loki::GoTemplate>::decode(const value::Value& in, loki::GoTemplate& out,
                                     Decoder& decoder) {
  std::string text;
  if (!Codec<std::string>::decode(in, text, decoder)) return false;
  auto made = loki::GoTemplate::parse(text);
  if (!made)
    return decoder.fail(text::DiagnosticCode::kBadTemplate,
                        format("is not a template: {}", made.error().message));
  out = std::move(*made);
  return true;
}

value::Value Codec<loki::GoTemplate>::encode(const loki::GoTemplate& in) {
  return value::Value(in.text());
}

}  // namespace weir::schema
