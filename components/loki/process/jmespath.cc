// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/jmespath.h"

#include "base/utf8.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace weir::loki {

using codec::JsonValue;

struct JmesPath::Node {
  enum class Kind {
    kCurrent,
    kField,
    kIndex,
    kSlice,
    kSub,
    kPipe,
    kProjection,
    kValues,
    kFlatten,
    kFilter,
    kList,
    kHash,
    kLiteral,
    kCompare,
    kOr,
    kAnd,
    kNot,
    kCall,
  };
  using Ptr = std::shared_ptr<const Node>;

  Kind kind = Kind::kCurrent;
  std::string text;                      ///< kField: name; kCompare: operator
  std::optional<std::int64_t> slice[3];  ///< kSlice; [0] also of kIndex
  Ptr left, right, condition;
  std::vector<std::pair<std::string, Ptr>> parts;  ///< kList, kHash, kCall
  JsonValue literal;
  const jmespath::FunctionRow* function = nullptr;
};

namespace {

using JmesNode = JmesPath::Node;
using JmesPtr = std::shared_ptr<const JmesNode>;
using JmesKind = JmesNode::Kind;

constexpr std::size_t kMaxExpression =
    4u << 10;  // also bounds how deep a chain of operators evaluates
constexpr int kMaxJmesDepth = 100;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_jmes_digit(char c) {
  return c >= '0' && c <= '9';
}

/// How strongly an operator holds what stands left of it.
int binding_power(std::string_view op) {
  if (op == "|") return 1;
  if (op == "||") return 2;
  if (op == "&&") return 3;
  if (op == "==" || op == "!=" || op == "<" || op == "<=" || op == ">" || op == ">=") return 5;
  if (op == "[]") return 9;
  if (op == "*") return 20;
  if (op == "[?") return 21;
  if (op == ".") return 40;
  if (op == "!") return 45;
  if (op == "{") return 50;
  if (op == "[") return 55;
  return 0;
}
/// A projection takes what follows it, up to an operator weaker than this.
constexpr int kProjectionStop = 10;

struct JmesToken {
  enum class Kind { kEnd, kName, kQuoted, kRaw, kLiteral, kNumber, kOperator } kind = Kind::kEnd;
  std::string text;
  JsonValue literal;
  std::size_t column = 0;
};

class JmesLexer {
 public:
  explicit JmesLexer(std::string_view text) : text_(text) {}

  Result<JmesToken> next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r')))
      ++at_;
    JmesToken token;
    token.column = at_ + 1;
    if (at_ >= text_.size()) return token;
    const char c = text_[at_];
    std::size_t end = at_ + 1;
    if (is_letter(c)) {
      while (end < text_.size() && (is_letter(text_[end]) || is_jmes_digit(text_[end]))) ++end;
      return take(token, JmesToken::Kind::kName, end);
    }
    if (is_jmes_digit(c) || c == '-') {
      while (end < text_.size() && is_jmes_digit(text_[end])) ++end;
      return take(token, JmesToken::Kind::kNumber, end);
    }
    if (c == '"' || c == '\'' || c == '`') return quoted(std::move(token), c);
    static constexpr std::string_view kOperators[] = {
        "||", "&&", "==", "!=", "<=", ">=", "[]", "[?", "|", "<", ">", "!",
        ".",  "*",  "[",  "]",  "{",  "}",  "(",  ")",  ",", ":", "@", "&"};
    for (const std::string_view op : kOperators) {
      if (text_.substr(at_).starts_with(op))
        return take(token, JmesToken::Kind::kOperator, at_ + op.size());
    }
    return invalid("column {}: \"{}\" has no meaning here", at_ + 1,
                   text_.substr(at_, decode_rune(text_.substr(at_)).size));
  }

 private:
  JmesToken take(JmesToken token, JmesToken::Kind kind, std::size_t end) {
    token.kind = kind;
    token.text = text_.substr(at_, end - at_);
    at_ = end;
    return token;
  }
  Result<JmesToken> quoted(JmesToken token, char quote) {
    std::string inside;
    std::size_t end = at_ + 1;
    for (; end < text_.size() && text_[end] != quote; ++end) {
      if (text_[end] == '\\' && end + 1 < text_.size()) {
        // In "..." escapes are JSON's; in the other two only the quote itself is escaped.
        if (quote == '"' || text_[end + 1] != quote) inside += '\\';
        ++end;
      }
      inside += text_[end];
    }
    if (end >= text_.size()) return invalid("column {}: {} is not closed", at_ + 1, quote);
    at_ = end + 1;
    token.text = inside;
    if (quote == '\'') {
      token.kind = JmesToken::Kind::kRaw;
      token.literal = std::move(inside);
      return token;
    }
    auto value = codec::parse_json(quote == '"' ? "\"" + inside + "\"" : inside);
    if (!value) return invalid("column {}: not JSON: {}", token.column, value.error().message);
    token.kind = quote == '"' ? JmesToken::Kind::kQuoted : JmesToken::Kind::kLiteral;
    if (quote == '"') token.text = *value->as_string();
    token.literal = std::move(*value);
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class JmesParser {
 public:
  static Result<JmesPtr> parse(std::string_view text) {
    JmesParser parser;
    JmesLexer lexer(text);
    do {
      WEIR_TRY(JmesToken token, lexer.next());
      parser.tokens_.push_back(std::move(token));
    } while (parser.tokens_.back().kind != JmesToken::Kind::kEnd);
    WEIR_TRY(JmesPtr root, parser.expression(0));
    if (parser.now().kind != JmesToken::Kind::kEnd) return parser.unexpected();
    return root;
  }

 private:
  const JmesToken& now() const { return tokens_[at_]; }
  const JmesToken& ahead() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  bool is(std::string_view op) const {
    return now().kind == JmesToken::Kind::kOperator && now().text == op;
  }
  bool take(std::string_view op) {
    if (!is(op)) return false;
    ++at_;
    return true;
  }
  Error unexpected() const {
    if (now().kind == JmesToken::Kind::kEnd)
      return invalid("column {}: the expression is not complete", now().column);
    return invalid("column {}: \"{}\" cannot stand here", now().column, now().text);
  }
  Status expect(std::string_view op) {
    if (!take(op)) return unexpected();
    return {};
  }
  static JmesPtr make(JmesKind kind, JmesPtr left = nullptr, JmesPtr right = nullptr) {
    auto node = std::make_shared<JmesNode>();
    node->kind = kind;
    node->left = std::move(left);
    node->right = std::move(right);
    return node;
  }
  static JmesPtr current() { return make(JmesKind::kCurrent); }
  static JmesPtr field(std::string name) {
    auto node = std::make_shared<JmesNode>();
    node->kind = JmesKind::kField;
    node->text = std::move(name);
    return node;
  }

  Result<JmesPtr> expression(int power) {
    if (++depth_ > kMaxJmesDepth)
      return invalid("column {}: nested deeper than {}", now().column, kMaxJmesDepth);
    WEIR_TRY(JmesPtr left, first());
    while (now().kind == JmesToken::Kind::kOperator && power < binding_power(now().text)) {
      WEIR_TRY(left, next(std::move(left)));
    }
    --depth_;
    return left;
  }

  /// What an expression can begin with.
  Result<JmesPtr> first() {
    const JmesToken token = now();
    switch (token.kind) {
      case JmesToken::Kind::kName:
        ++at_;
        if (is("(")) return call(token);
        return field(token.text);
      case JmesToken::Kind::kQuoted: ++at_; return field(token.text);
      case JmesToken::Kind::kRaw:
      case JmesToken::Kind::kLiteral: {
        ++at_;
        auto node = std::make_shared<JmesNode>();
        node->kind = JmesKind::kLiteral;
        node->literal = token.literal;
        return JmesPtr(node);
      }
      case JmesToken::Kind::kOperator: break;
      default: return unexpected();
    }
    if (take("@")) return current();
    if (take("!")) {
      WEIR_TRY(JmesPtr inner, expression(binding_power("!")));
      return make(JmesKind::kNot, std::move(inner));
    }
    if (take("(")) {
      WEIR_TRY(JmesPtr inner, expression(0));
      WEIR_TRY_STATUS(expect(")"));
      return inner;
    }
    if (take("*")) {
      WEIR_TRY(JmesPtr rest, projection_rest(binding_power("*")));
      return make(JmesKind::kValues, current(), std::move(rest));
    }
    if (is("[]") || is("[?")) return next(current());
    if (is("[") &&
        (ahead().kind == JmesToken::Kind::kNumber || ahead().text == "*" || ahead().text == ":"))
      return next(current());
    if (take("[")) return multi_list();
    if (take("{")) return multi_hash();
    return unexpected();
  }

  /// What an operator makes of the expression left of it.
  Result<JmesPtr> next(JmesPtr left) {
    const std::string op = now().text;
    ++at_;
    if (op == ".") return after_dot(std::move(left));
    if (op == "[]") {
      WEIR_TRY(JmesPtr rest, projection_rest(binding_power("[]")));
      return make(JmesKind::kProjection, make(JmesKind::kFlatten, std::move(left)),
                  std::move(rest));
    }
    if (op == "[?") return filter(std::move(left));
    if (op == "[") return bracket(std::move(left));
    if (op == "|" || op == "||" || op == "&&") {
      const JmesKind kind = op == "|"    ? JmesKind::kPipe
                            : op == "||" ? JmesKind::kOr
                                         : JmesKind::kAnd;
      WEIR_TRY(JmesPtr right, expression(binding_power(op)));
      return make(kind, std::move(left), std::move(right));
    }
    if (binding_power(op) == binding_power("==")) {
      WEIR_TRY(JmesPtr right, expression(binding_power(op)));
      auto node = std::make_shared<JmesNode>();
      node->kind = JmesKind::kCompare;
      node->text = op;
      node->left = std::move(left);
      node->right = std::move(right);
      return JmesPtr(node);
    }
    --at_;
    return unexpected();
  }

  Result<JmesPtr> after_dot(JmesPtr left) {
    if (take("*")) {
      WEIR_TRY(JmesPtr rest, projection_rest(binding_power(".")));
      return make(JmesKind::kValues, std::move(left), std::move(rest));
    }
    WEIR_TRY(JmesPtr right, dot_rest(binding_power(".")));
    return make(JmesKind::kSub, std::move(left), std::move(right));
  }
  Result<JmesPtr> dot_rest(int power) {
    if (now().kind == JmesToken::Kind::kName || now().kind == JmesToken::Kind::kQuoted || is("*"))
      return expression(power);
    if (take("[")) return multi_list();
    if (take("{")) return multi_hash();
    return unexpected();
  }

  Result<JmesPtr> projection_rest(int power) {
    if (now().kind != JmesToken::Kind::kOperator || binding_power(now().text) < kProjectionStop)
      return current();
    if (is("[") || is("[?") || is("[]")) return expression_from(current(), power);
    if (take(".")) return dot_rest(power);
    return unexpected();
  }
  /// As expression(), with its first part given.
  Result<JmesPtr> expression_from(JmesPtr left, int power) {
    while (now().kind == JmesToken::Kind::kOperator && power < binding_power(now().text)) {
      WEIR_TRY(left, next(std::move(left)));
    }
    return left;
  }

  Result<JmesPtr> filter(JmesPtr left) {
    auto node = std::make_shared<JmesNode>();
    node->kind = JmesKind::kFilter;
    node->left = std::move(left);
    WEIR_TRY(node->condition, expression(0));
    WEIR_TRY_STATUS(expect("]"));
    WEIR_TRY(node->right, projection_rest(binding_power("[?")));
    return JmesPtr(node);
  }

  /// Behind "[": an index, a slice, or "*".
  Result<JmesPtr> bracket(JmesPtr left) {
    if (take("*")) {
      WEIR_TRY_STATUS(expect("]"));
      WEIR_TRY(JmesPtr rest, projection_rest(binding_power("*")));
      return make(JmesKind::kProjection, std::move(left), std::move(rest));
    }
    auto node = std::make_shared<JmesNode>();
    node->left = std::move(left);
    int part = 0;
    for (; !is("]") && part < 3; ++part) {
      if (now().kind == JmesToken::Kind::kNumber) {
        std::int64_t value = 0;
        const std::string& digits = now().text;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc() || end != digits.data() + digits.size()) return unexpected();
        node->slice[part] = value;
        ++at_;
      }
      if (!take(":")) break;
      if (part == 2) return unexpected();
    }
    WEIR_TRY_STATUS(expect("]"));
    const bool is_index = part == 0 && node->slice[0].has_value();
    if (!is_index && tokens_[at_ - 2].text == "[") return unexpected();
    node->kind = is_index ? JmesKind::kIndex : JmesKind::kSlice;
    if (is_index) return JmesPtr(node);
    if (node->slice[2] == 0)
      return invalid("column {}: the step of a slice is not 0", now().column);
    WEIR_TRY(JmesPtr rest, projection_rest(binding_power("*")));
    return make(JmesKind::kProjection, node, std::move(rest));
  }

  Result<JmesPtr> multi_list() {
    auto node = std::make_shared<JmesNode>();
    node->kind = JmesKind::kList;
    do {
      WEIR_TRY(JmesPtr part, expression(0));
      node->parts.emplace_back(std::string(), std::move(part));
    } while (take(","));
    WEIR_TRY_STATUS(expect("]"));
    return JmesPtr(node);
  }
  Result<JmesPtr> multi_hash() {
    auto node = std::make_shared<JmesNode>();
    node->kind = JmesKind::kHash;
    do {
      if (now().kind != JmesToken::Kind::kName && now().kind != JmesToken::Kind::kQuoted)
        return unexpected();
      std::string key = now().text;
      ++at_;
      WEIR_TRY_STATUS(expect(":"));
      WEIR_TRY(JmesPtr part, expression(0));
      node->parts.emplace_back(std::move(key), std::move(part));
    } while (take(","));
    WEIR_TRY_STATUS(expect("}"));
    return JmesPtr(node);
  }

  Result<JmesPtr> call(const JmesToken& name) {
    auto node = std::make_shared<JmesNode>();
    node->kind = JmesKind::kCall;
    node->function = jmespath::find_function(name.text);
    if (node->function == nullptr)
      return invalid("column {}: there is no function {}()", name.column, name.text);
    if (node->function->call == nullptr)
      return invalid("column {}: the function {}() is not built yet", name.column, name.text);
    WEIR_TRY_STATUS(expect("("));
    while (!is(")")) {
      if (is("&"))
        return invalid("column {}: references to expressions (&) are not built yet", now().column);
      WEIR_TRY(JmesPtr part, expression(0));
      node->parts.emplace_back(std::string(), std::move(part));
      if (!take(",")) break;
    }
    WEIR_TRY_STATUS(expect(")"));
    if (node->parts.size() < node->function->least || node->parts.size() > node->function->most) {
      return invalid("column {}: {}() does not take {} arguments", name.column, name.text,
                     node->parts.size());
    }
    return JmesPtr(node);
  }

  std::vector<JmesToken> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// JMESPath's truth: everything but null, false, and what is empty.
bool is_true(const JsonValue& value) {
  switch (value.kind()) {
    case JsonValue::Kind::kNull: return false;
    case JsonValue::Kind::kBool: return *value.as_bool();
    case JsonValue::Kind::kString: return !value.as_string()->empty();
    case JsonValue::Kind::kArray: return !value.as_array()->empty();
    case JsonValue::Kind::kObject: return !value.as_object()->empty();
    default: return true;
  }
}

JsonValue slice_of(const JsonValue& value, const std::optional<std::int64_t> (&bounds)[3]) {
  const JsonValue::Array* in = value.as_array();
  if (in == nullptr) return {};
  const auto size = static_cast<std::int64_t>(in->size());
  const std::int64_t step = bounds[2].value_or(1);
  const std::int64_t low = step < 0 ? -1 : 0;
  const std::int64_t high = step < 0 ? size - 1 : size;
  const auto place = [&](const std::optional<std::int64_t>& bound, std::int64_t otherwise) {
    if (!bound) return otherwise;
    return std::clamp(*bound < 0 ? *bound + size : *bound, low, high);
  };
  JsonValue::Array out;
  const std::int64_t end = place(bounds[1], step < 0 ? -1 : size);
  std::int64_t i = place(bounds[0], step < 0 ? size - 1 : 0);
  // Counted in elements, so that no step overflows.
  for (; step > 0 ? i < end : i > end; i += step) {
    out.push_back((*in)[static_cast<std::size_t>(i)]);
    if (step > size || step < -size) break;
  }
  return out;
}

JsonValue flatten(const JsonValue& value) {
  const JsonValue::Array* in = value.as_array();
  if (in == nullptr) return {};
  JsonValue::Array out;
  for (const JsonValue& item : *in) {
    if (const JsonValue::Array* inner = item.as_array()) {
      out.insert(out.end(), inner->begin(), inner->end());
    } else {
      out.push_back(item);
    }
  }
  return out;
}

JsonValue compare(const std::string& op, const JsonValue& left, const JsonValue& right) {
  const bool numbers = left.is_number() && right.is_number();
  const bool equal = numbers ? left.number() == right.number() : left == right;
  if (op == "==") return equal;
  if (op == "!=") return !equal;
  if (!numbers) return {};  // order is of numbers alone
  if (op == "<") return left.number() < right.number();
  if (op == "<=") return left.number() <= right.number();
  if (op == ">") return left.number() > right.number();
  return left.number() >= right.number();
}

using JmesResult = std::optional<JsonValue>;
JmesResult evaluate(const JmesNode& node, const JsonValue& value);

/// Each element through `rest`; what becomes null falls out.
JmesResult project(const std::vector<const JsonValue*>& items, const JmesNode& rest) {
  JsonValue::Array out;
  for (const JsonValue* item : items) {
    JmesResult one = evaluate(rest, *item);
    if (!one) return std::nullopt;
    if (!one->is_null()) out.push_back(std::move(*one));
  }
  return JsonValue(std::move(out));
}

JmesResult evaluate_projection(const JmesNode& node, const JsonValue& value) {
  const JmesResult left = evaluate(*node.left, value);
  if (!left) return std::nullopt;
  std::vector<const JsonValue*> items;
  if (node.kind == JmesKind::kValues) {
    if (left->as_object() == nullptr) return JsonValue();
    for (const auto& [key, member] : *left->as_object()) items.push_back(&member);
    return project(items, *node.right);
  }
  if (left->as_array() == nullptr) return JsonValue();
  for (const JsonValue& item : *left->as_array()) {
    if (node.condition) {
      const JmesResult fits = evaluate(*node.condition, item);
      if (!fits) return std::nullopt;
      if (!is_true(*fits)) continue;
    }
    items.push_back(&item);
  }
  return project(items, *node.right);
}

JmesResult evaluate_parts(const JmesNode& node, const JsonValue& value) {
  if (node.kind != JmesKind::kCall && value.is_null()) return JsonValue();
  JsonValue::Array list;
  JsonValue::Object hash;
  for (const auto& [key, part] : node.parts) {
    JmesResult one = evaluate(*part, value);
    if (!one) return std::nullopt;
    if (node.kind == JmesKind::kHash) {
      hash.emplace_back(key, std::move(*one));
    } else {
      list.push_back(std::move(*one));
    }
  }
  if (node.kind == JmesKind::kCall) return node.function->call(list);
  return node.kind == JmesKind::kHash ? JsonValue(std::move(hash)) : JsonValue(std::move(list));
}

JmesResult evaluate(const JmesNode& node, const JsonValue& value) {
  switch (node.kind) {
    case JmesKind::kCurrent: return value;
    case JmesKind::kLiteral: return node.literal;
    case JmesKind::kField: {
      const JsonValue* member = value.find(node.text);
      return member == nullptr ? JsonValue() : *member;
    }
    case JmesKind::kProjection:
    case JmesKind::kValues:
    case JmesKind::kFilter: return evaluate_projection(node, value);
    case JmesKind::kList:
    case JmesKind::kHash:
    case JmesKind::kCall: return evaluate_parts(node, value);
    default: break;
  }
  JmesResult left = evaluate(*node.left, value);
  if (!left) return std::nullopt;
  switch (node.kind) {
    case JmesKind::kIndex: {
      const JsonValue::Array* items = left->as_array();
      const auto size = items == nullptr ? 0 : static_cast<std::int64_t>(items->size());
      const std::int64_t i = *node.slice[0] < 0 ? *node.slice[0] + size : *node.slice[0];
      return i >= 0 && i < size ? (*items)[static_cast<std::size_t>(i)] : JsonValue();
    }
    case JmesKind::kSlice: return slice_of(*left, node.slice);
    case JmesKind::kFlatten: return flatten(*left);
    case JmesKind::kSub:
      if (left->is_null()) return JsonValue();
      return evaluate(*node.right, *left);
    case JmesKind::kPipe: return evaluate(*node.right, *left);
    case JmesKind::kNot: return JsonValue(!is_true(*left));
    case JmesKind::kOr: return is_true(*left) ? left : evaluate(*node.right, value);
    case JmesKind::kAnd: return is_true(*left) ? evaluate(*node.right, value) : left;
    default: break;
  }
  const JmesResult right = evaluate(*node.right, value);
  if (!right) return std::nullopt;
  return compare(node.text, *left, *right);
}

/// Adds the steps of a plain path; false if the expression is more than that.
bool add_steps(const JmesNode& node, std::vector<JmesPath::Step>& steps) {
  switch (node.kind) {
    case JmesKind::kField: steps.emplace_back(node.text); return true;
    case JmesKind::kSub: return add_steps(*node.left, steps) && add_steps(*node.right, steps);
    case JmesKind::kIndex:
      if (node.left->kind != JmesKind::kCurrent && !add_steps(*node.left, steps)) return false;
      steps.emplace_back(*node.slice[0]);
      return true;
    default: return false;
  }
}

}  // namespace

Result<JmesPath> JmesPath::compile(std::string_view text) {
  if (text.size() > kMaxExpression) return invalid("longer than {} bytes", kMaxExpression);
  JmesPath out;
  WEIR_TRY(out.root_, JmesParser::parse(text));
  if (!add_steps(*out.root_, out.path_)) out.path_.clear();
  return out;
}

std::optional<JsonValue> JmesPath::search(const JsonValue& document) const {
  return root_ == nullptr ? JsonValue() : evaluate(*root_, document);
}

}  // namespace weir::loki
