// SPDX-License-Identifier: Apache-2.0
// Rendering: walks the nodes with the variables in a list, the dot as an argument.

#include "components/loki/process/go_template.h"

#include "base/codec/json.h"
#include "base/format.h"

#include <cmath>
#include <utility>

namespace weir::loki {
namespace {

/// What a text may become, whatever its template does.
constexpr std::size_t kMaxRendered = 16u << 20;

using RenderNode = GoTemplate::Node;

class TemplateRun {
 public:
  TemplateRun(const TemplateData& data, std::string& out) : data_(data), out_(out) {
    variables_.emplace_back("$", GoValue{GoValue::Data{}});
  }

  enum class Flow { kOn, kBreak, kContinue };

  Result<Flow> nodes(const std::vector<RenderNode>& all, const GoValue& dot) {
    const std::size_t outer = variables_.size();
    for (const RenderNode& node : all) {
      WEIR_TRY(const Flow flow, one(node, dot));
      if (out_.size() > kMaxRendered)
        return invalid("the template renders more than {} bytes", kMaxRendered);
      if (flow == Flow::kOn) continue;
      variables_.resize(outer);
      return flow;
    }
    variables_.resize(outer);
    return Flow::kOn;
  }

 private:
  Result<Flow> one(const RenderNode& node, const GoValue& dot) {
    switch (node.kind) {
      case RenderNode::Kind::kText: out_ += node.text; return Flow::kOn;
      case RenderNode::Kind::kBreak: return Flow::kBreak;
      case RenderNode::Kind::kContinue: return Flow::kContinue;
      default: break;
    }
    const std::size_t outer = variables_.size();
    WEIR_TRY(const GoValue value, pipe(node.pipe, dot));
    if (node.kind == RenderNode::Kind::kPipe) {
      if (node.pipe.variables.empty()) out_ += value.print();
      return Flow::kOn;
    }
    Result<Flow> flow = Flow::kOn;
    if (node.kind == RenderNode::Kind::kRange) {
      flow = range(node, value, dot);
    } else {
      const bool holds = value.is_true();
      flow = nodes(holds ? node.then : node.otherwise,
                   holds && node.kind == RenderNode::Kind::kWith ? value : dot);
    }
    variables_.resize(outer);
    return flow;
  }

  Result<Flow> range(const RenderNode& node, const GoValue& value, const GoValue& dot) {
    if (!value.is_true()) return nodes(node.otherwise, dot);
    const auto* list = std::get_if<GoValue::List>(&value.data);
    if (list == nullptr) return invalid("range needs a list");
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::size_t count = node.pipe.variables.size();
      for (std::size_t v = 0; v < count; ++v) {
        const bool is_index = count == 2 && v == 0;
        set(node.pipe.variables[v], is_index ? GoValue{static_cast<std::int64_t>(i)} : (*list)[i]);
      }
      WEIR_TRY(const Flow flow, nodes(node.then, (*list)[i]));
      if (flow == Flow::kBreak) break;
    }
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
      const TemplateFunction* function = command.front().function;
      if (function == nullptr) {
        if (command.size() > 1 || !first) return invalid("only a function takes arguments");
        WEIR_TRY(value, operand(command.front(), dot));
        first = false;
        continue;
      }
      std::vector<GoValue> arguments;
      for (std::size_t i = 1; i < command.size(); ++i) {
        WEIR_TRY(GoValue argument, operand(command[i], dot));
        arguments.push_back(std::move(argument));
      }
      if (!std::exchange(first, false)) arguments.push_back(std::move(value));
      WEIR_TRY(value, called(*function, arguments));
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

  /// As in Go, a call with too few or too many arguments fails when it is made, not before.
  static Result<GoValue> called(const TemplateFunction& function,
                                const std::vector<GoValue>& arguments) {
    if (arguments.size() < function.least || arguments.size() > function.most)
      return invalid("{} does not take {} arguments", function.name, arguments.size());
    std::optional<GoValue> result = function.call(arguments);
    if (!result) return invalid("{} does not take these arguments", function.name);
    return *std::move(result);
  }

  Result<GoValue> operand(const TemplateOperand& operand, const GoValue& dot) {
    GoValue value = dot;
    switch (operand.kind) {
      case TemplateOperand::Kind::kDot: break;
      case TemplateOperand::Kind::kLiteral: return operand.literal;
      case TemplateOperand::Kind::kVariable:
        for (const auto& [name, known] : variables_) {
          if (name == operand.variable) value = known;  // the latest counts
        }
        break;
      case TemplateOperand::Kind::kFunction: {
        return called(*operand.function, {});
      }
      case TemplateOperand::Kind::kPipe: {
        WEIR_TRY(value, pipe(*operand.pipe, dot));
        break;
      }
    }
    for (const std::string& field : operand.fields) {
      if (!std::holds_alternative<GoValue::Data>(value.data))
        return invalid("a text has no field \"{}\"", field);
      const std::optional<std::string> found = data_.find(field);
      value = found ? GoValue{*found} : GoValue{};
    }
    return value;
  }

  const TemplateData& data_;
  std::string& out_;
  std::vector<std::pair<std::string, GoValue>> variables_;
};

std::string print_double(double v) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v > 0 ? "+Inf" : "-Inf";
  std::string out;
  codec::append_json_number(out, v);
  return out;
}

}  // namespace

bool GoValue::is_true() const {
  switch (data.index()) {
    case 1: return std::get<bool>(data);
    case 2: return std::get<std::int64_t>(data) != 0;
    case 3: return std::get<double>(data) != 0;
    case 4: return !std::get<std::string>(data).empty();
    case 5: return !std::get<List>(data).empty();
    case 6: return true;
    default: return false;
  }
}

std::string GoValue::print() const {
  switch (data.index()) {
    case 1: return std::get<bool>(data) ? "true" : "false";
    case 2: return format("{}", std::get<std::int64_t>(data));
    case 3: return print_double(std::get<double>(data));
    case 4: return std::get<std::string>(data);
    case 5: {
      std::string out = "[";
      for (const GoValue& item : std::get<List>(data))
        out += (out.size() > 1 ? " " : "") + item.print();
      return out + "]";
    }
    case 6: return "map[]";  // the data as a whole is nobody's line
    default: return "<no value>";
  }
}

Status GoTemplate::render(const TemplateData& data, std::string& out) const {
  if (nodes_ == nullptr) return {};
  const auto flow = TemplateRun(data, out).nodes(*nodes_, GoValue{GoValue::Data{}});
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
