// SPDX-License-Identifier: Apache-2.0
// Two classes: PathParser reads a path into steps, PathWalker takes a set of nodes through them.

#include "stdlib/jsonpath.h"

#include "base/regex.h"
#include "base/utf8.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <memory>
#include <optional>

namespace weir::stdlib {
namespace {

using value::Kind;
using value::Value;

constexpr std::size_t kMaxVisits = 5'000'000;
constexpr int kMaxFilterDepth = 100;

struct Filter;

struct Selector {
  enum class Kind { kAll, kName, kIndex, kSlice, kFilter };
  Kind kind = Kind::kAll;
  std::string name;
  std::optional<std::int64_t> start, end, step;  ///< `start` is the index of kIndex
  std::shared_ptr<const Filter> filter;
};

struct Step {
  bool descend = false;  ///< from every node below, too
  std::vector<Selector> selectors;
};

struct Path {
  bool from_root = false;
  std::vector<Step> steps;
};

/// A node of a filter's expression.
struct Filter {
  enum class Kind {
    kOr,
    kAnd,
    kNot,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kMatch,
    kIn,
    kPath,
    kLiteral,
    kRegex,
    kList
  };
  Kind kind = Kind::kLiteral;
  std::vector<Filter> children;
  Path path;
  Value literal;
  Regex regex;
};

class PathParser {
 public:
  explicit PathParser(std::string_view text) : text_(text) {}

  Result<Path> parse() {
    Path path;
    if (text_ == ".") return path;  // the document, as "$"
    accept("$");
    if (at_ == 0 && !text_.empty() && !at(".") && !at("[")) path.steps.push_back(name_step(false));
    steps(path);
    if (at_ < text_.size()) fail("expected . or [");
    if (error_) return *error_;
    return path;
  }

 private:
  [[nodiscard]] bool at(std::string_view token) const {
    return text_.substr(std::min(at_, text_.size())).starts_with(token);
  }
  bool accept(std::string_view token) {
    if (!at(token)) return false;
    at_ += token.size();
    return true;
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n'))
      ++at_;
  }
  /// Remembers the first thing that is wrong and ends the reading.
  void fail(std::string_view what) {
    if (!error_)
      error_ = invalid("bad JSON path: {} at byte {} of {}", what, std::min(at_, text_.size()) + 1,
                       text_);
    at_ = text_.size();
  }
  void expect(std::string_view token) {
    blanks();
    if (!accept(token)) fail(format("expected {}", token));
  }

  void steps(Path& path) {
    while (!error_ && at_ < text_.size()) {
      const bool descend = accept("..");
      const bool dot = descend || accept(".");
      if (accept("[")) {
        path.steps.push_back(bracket_step(descend));
      } else if (dot) {
        path.steps.push_back(name_step(descend));
      } else {
        return;
      }
    }
  }

  Step name_step(bool descend) {
    if (accept("*")) return {descend, {Selector{}}};
    const std::size_t from = at_;
    while (at_ < text_.size() && text_.find_first_of(".[]()=!<>&|,*' \t\n\"", at_) != at_) ++at_;
    if (at_ == from) fail("expected a name");
    Selector selector{
        Selector::Kind::kName, std::string(text_.substr(from, at_ - from)), {}, {}, {}, {}};
    return {descend, {std::move(selector)}};
  }

  Step bracket_step(bool descend) {
    Step out{descend, {}};
    do {
      blanks();
      out.selectors.push_back(selector());
      blanks();
    } while (!error_ && accept(","));
    expect("]");
    return out;
  }

  Selector selector() {
    Selector out;
    if (accept("*")) return out;
    if (accept("?")) {
      blanks();
      out.kind = Selector::Kind::kFilter;
      out.filter = std::make_shared<const Filter>(disjunction());
      return out;
    }
    if (at("'") || at("\"")) {
      out.kind = Selector::Kind::kName;
      out.name = quoted();
      return out;
    }
    out.start = whole();
    out.kind = Selector::Kind::kIndex;
    if (accept(":")) {
      out.kind = Selector::Kind::kSlice;
      out.end = whole();
      if (accept(":")) out.step = whole();
    } else if (!out.start) {
      fail("expected a selector");
    }
    return out;
  }

  std::optional<std::int64_t> whole() {
    std::int64_t number = 0;
    const char* from = text_.data() + std::min(at_, text_.size());
    const auto [end, error] = std::from_chars(from, text_.data() + text_.size(), number);
    if (error == std::errc::result_out_of_range) fail("number too large");
    if (error != std::errc{}) return std::nullopt;
    at_ = static_cast<std::size_t>(end - text_.data());
    return number;
  }

  std::string quoted() {
    const char quote = text_[at_++];
    std::string out;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        const char c = text_[at_];
        out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
      } else {
        out += text_[at_];
      }
      ++at_;
    }
    if (at_ >= text_.size()) fail("unclosed quote");
    ++at_;
    return out;
  }

  Filter disjunction() {
    return chain(Filter::Kind::kOr, "||", [this] { return conjunction(); });
  }
  Filter conjunction() {
    return chain(Filter::Kind::kAnd, "&&", [this] { return comparison(); });
  }

  template <class Part>
  Filter chain(Filter::Kind kind, std::string_view token, Part part) {
    Filter first = part();
    blanks();
    if (!at(token)) return first;
    Filter out;
    out.kind = kind;
    out.children.push_back(std::move(first));
    for (blanks(); !error_ && accept(token); blanks()) {
      out.children.push_back(part());
    }
    return out;
  }

  Filter comparison() {
    Filter left = unary();
    blanks();
    struct Operator {
      std::string_view token;
      Filter::Kind kind;
    };
    static constexpr Operator kOperators[] = {
        {"==", Filter::Kind::kEqual},     {"!=", Filter::Kind::kNotEqual},
        {"<=", Filter::Kind::kLessEqual}, {">=", Filter::Kind::kGreaterEqual},
        {"<", Filter::Kind::kLess},       {">", Filter::Kind::kGreater},
        {"=~", Filter::Kind::kMatch},     {"in ", Filter::Kind::kIn},
    };
    for (const Operator& op : kOperators) {
      if (!accept(op.token)) continue;
      Filter out;
      out.kind = op.kind;
      out.children.push_back(std::move(left));
      out.children.push_back(unary());
      if (op.kind == Filter::Kind::kMatch) compile(out.children[1]);
      return out;
    }
    return left;
  }

  /// `=~ "text"` is as good as `=~ /text/`.
  void compile(Filter& pattern) {
    if (pattern.kind == Filter::Kind::kRegex) return;
    if (pattern.kind != Filter::Kind::kLiteral || pattern.literal.kind() != Kind::kString)
      return fail("expected /regex/");
    pattern = regex(pattern.literal.as_string());
  }

  Filter regex(const std::string& text) {
    Filter out;
    out.kind = Filter::Kind::kRegex;
    auto compiled = Regex::compile(text);
    if (!compiled) {
      fail(compiled.error().message);
    } else {
      out.regex = *std::move(compiled);
    }
    return out;
  }

  Filter unary() {
    blanks();
    if (++depth_ > kMaxFilterDepth) fail("a filter nested too deep");
    Filter out;
    if (!error_ && accept("!")) {
      out.kind = Filter::Kind::kNot;
      out.children.push_back(unary());
    } else if (!error_ && accept("(")) {
      out = disjunction();
      expect(")");
    } else if (!error_) {
      out = operand();
    }
    --depth_;
    return out;
  }

  Filter operand() {
    Filter out;
    if (at("@") || at("$")) {
      out.kind = Filter::Kind::kPath;
      out.path.from_root = text_[at_++] == '$';
      steps(out.path);
      return out;
    }
    if (at("'") || at("\"")) {
      out.literal = Value(quoted());
      return out;
    }
    if (accept("[")) return list();
    if (at("/")) return regex(quoted());
    if (accept("true")) return literal(Value(true));
    if (accept("false")) return literal(Value(false));
    if (accept("null")) return literal(Value());
    double number = 0;
    const char* from = text_.data() + std::min(at_, text_.size());
    const auto [end, error] = std::from_chars(from, text_.data() + text_.size(), number);
    if (error != std::errc{}) {
      fail("expected a value");
    } else {
      at_ = static_cast<std::size_t>(end - text_.data());
    }
    return literal(Value::real(number));
  }

  static Filter literal(Value v) {
    Filter out;
    out.literal = std::move(v);
    return out;
  }

  Filter list() {
    Filter out;
    out.kind = Filter::Kind::kList;
    blanks();
    if (accept("]")) return out;
    do {
      out.children.push_back(unary());
      blanks();
    } while (!error_ && accept(","));
    expect("]");
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<Error> error_;
};

using Nodes = std::vector<const Value*>;

class PathWalker {
 public:
  explicit PathWalker(const Value& root) : root_(root) {}

  Nodes walk(const Path& path, const Value& from) {
    Nodes nodes{&from};
    for (const Step& step : path.steps) {
      Nodes next;
      for (const Value* node : nodes) take(step, *node, next);
      nodes = std::move(next);
    }
    return nodes;
  }
  [[nodiscard]] bool exhausted() const { return visits_ > kMaxVisits; }

 private:
  void take(const Step& step, const Value& node, Nodes& out) {
    for (const Selector& selector : step.selectors) choose(selector, node, out);
    if (step.descend) for_each_child(node, [&](const Value& child) { take(step, child, out); });
  }

  template <class Visit>
  void for_each_child(const Value& node, Visit visit) {
    if (node.kind() == Kind::kArray) {
      for (const Value& element : node.as_array()) {
        if (++visits_ > kMaxVisits) return;
        visit(element);
      }
    } else if (node.kind() == Kind::kObject) {
      for (const auto& [key, member] : node.as_object().members) {
        if (++visits_ > kMaxVisits) return;
        visit(member);
      }
    }
  }

  void choose(const Selector& selector, const Value& node, Nodes& out) {
    if (++visits_ > kMaxVisits) return;
    switch (selector.kind) {
      case Selector::Kind::kAll:
        return for_each_child(node, [&](const Value& child) { out.push_back(&child); });
      case Selector::Kind::kFilter:
        return for_each_child(node, [&](const Value& child) {
          if (holds(*selector.filter, child)) out.push_back(&child);
        });
      case Selector::Kind::kName: {
        const Value* found =
            node.kind() == Kind::kObject ? node.as_object().find(selector.name) : nullptr;
        if (found != nullptr) out.push_back(found);
        return;
      }
      case Selector::Kind::kIndex:
      case Selector::Kind::kSlice:
        if (node.kind() == Kind::kArray) slice(selector, node.as_array(), out);
        return;
    }
  }

  void slice(const Selector& selector, const value::Array& array, Nodes& out) {
    const auto size = static_cast<std::int64_t>(array.size());
    const auto place = [&](std::int64_t i) {
      return i < 0 ? std::max<std::int64_t>(i, -size - 1) + size : std::min(i, size);
    };
    if (selector.kind == Selector::Kind::kIndex) {
      const std::int64_t i = place(*selector.start);
      if (i >= 0 && i < size) out.push_back(&array[static_cast<std::size_t>(i)]);
      return;
    }
    const std::int64_t step = selector.step.value_or(1);
    if (step == 0) return;
    const std::int64_t from = selector.start ? place(*selector.start) : step > 0 ? 0 : size - 1;
    const std::int64_t to = selector.end ? place(*selector.end) : step > 0 ? size : -1;
    for (std::int64_t i = step > 0 ? std::max<std::int64_t>(from, 0) : std::min(from, size - 1);
         step > 0 ? i < to : i > to; i += std::clamp(step, -size, size)) {
      if (i < 0 || ++visits_ > kMaxVisits) return;
      out.push_back(&array[static_cast<std::size_t>(i)]);
    }
  }

  bool holds(const Filter& filter, const Value& node) {
    const auto child_holds = [&](const Filter& child) { return holds(child, node); };
    switch (filter.kind) {
      case Filter::Kind::kOr:
        return std::any_of(filter.children.begin(), filter.children.end(), child_holds);
      case Filter::Kind::kAnd:
        return std::all_of(filter.children.begin(), filter.children.end(), child_holds);
      case Filter::Kind::kNot: return !holds(filter.children[0], node);
      case Filter::Kind::kPath:
        return !walk(filter.path, filter.path.from_root ? root_ : node).empty();
      case Filter::Kind::kLiteral:
        return filter.literal.kind() == Kind::kBool && filter.literal.as_bool();
      case Filter::Kind::kRegex:
      case Filter::Kind::kList: return false;
      default: return compares(filter, node);
    }
  }

  /// What an operand stands for; nothing if its path finds nothing.
  std::optional<Value> operand(const Filter& filter, const Value& node) {
    if (filter.kind == Filter::Kind::kLiteral) return filter.literal;
    if (filter.kind != Filter::Kind::kPath) return Value(holds(filter, node));
    const Nodes found = walk(filter.path, filter.path.from_root ? root_ : node);
    return found.empty() ? std::nullopt : std::optional(*found.front());
  }

  bool compares(const Filter& filter, const Value& node) {
    const auto left = operand(filter.children[0], node);
    const Filter& other = filter.children[1];
    if (filter.kind == Filter::Kind::kMatch)
      return left && left->kind() == Kind::kString && other.regex.matches(left->as_string());
    if (filter.kind == Filter::Kind::kIn) return left && is_in(*left, other, node);
    const auto right = operand(other, node);
    if (filter.kind == Filter::Kind::kEqual) return left == right;
    if (filter.kind == Filter::Kind::kNotEqual) return !(left == right);
    if (!left || !right || left->kind() != right->kind()) return false;
    if (left->kind() == Kind::kNumber)
      return in_order(filter.kind, left->as_number() <=> right->as_number());
    return left->kind() == Kind::kString &&
           in_order(filter.kind, left->as_string().compare(right->as_string()) <=> 0);
  }

  bool is_in(const Value& v, const Filter& list, const Value& node) {
    if (list.kind == Filter::Kind::kList) {
      return std::any_of(list.children.begin(), list.children.end(),
                         [&](const Filter& f) { return operand(f, node) == v; });
    }
    const auto found = operand(list, node);
    return found && found->kind() == Kind::kArray &&
           std::find(found->as_array().begin(), found->as_array().end(), v) !=
               found->as_array().end();
  }

  static bool in_order(Filter::Kind kind, std::partial_ordering order) {
    switch (kind) {
      case Filter::Kind::kLess: return order < 0;
      case Filter::Kind::kLessEqual: return order <= 0;
      case Filter::Kind::kGreater: return order > 0;
      default: return order >= 0;
    }
  }

  const Value& root_;
  std::size_t visits_ = 0;
};

}  // namespace

Result<value::Array> select(const Value& document, std::string_view path) {
  WEIR_TRY(const Path parsed, PathParser(path).parse());
  PathWalker walker(document);
  const Nodes found = walker.walk(parsed, document);
  if (walker.exhausted()) return invalid("the JSON path walks more than {} nodes", kMaxVisits);
  value::Array out;
  for (const Value* node : found) out.push_back(*node);
  return out;
}

}  // namespace weir::stdlib
