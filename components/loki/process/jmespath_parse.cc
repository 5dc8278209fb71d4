// SPDX-License-Identifier: Apache-2.0
// The parser of JMESPath: a Pratt parser by hand, for the language is one expression grammar with
// binding powers, which is a table and two functions.

#include "base/utf8.h"
#include "components/loki/process/jmespath_node.h"

#include <algorithm>
#include <charconv>

namespace weir::loki {
namespace {

using codec::JsonValue;
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
  if (op == "+" || op == "-") return 6;
  if (op == "/" || op == "//" || op == "%" || op == "\u00d7") return 7;
  if (op == "[]") return 9;
  if (op == "*") return 20;  // also where it multiplies
  if (op == "[?") return 21;
  if (op == ".") return 40;
  if (op == "!") return 45;
  if (op == "{") return 50;
  if (op == "[") return 55;
  if (op == "(") return 60;
  return 0;
}
/// A projection takes what follows it, up to an operator weaker than this.
constexpr int kProjectionStop = 10;

struct JmesToken {
  enum class Kind {
    kEnd,
    kName,
    kVariable,
    kQuoted,
    kRaw,
    kLiteral,
    kNumber,
    kOperator
  } kind = Kind::kEnd;
  std::string text;
  JsonValue literal;
  std::size_t column = 0;
};

class JmesLexer {
 public:
  explicit JmesLexer(std::string_view text) : text_(text) {}

  Result<JmesToken> next() {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != npos) ++at_;
    JmesToken token;
    token.column = at_ + 1;
    if (at_ >= text_.size()) return token;
    const char c = text_[at_];
    std::size_t end = at_ + 1;
    if (is_letter(c) || c == '$') {
      while (end < text_.size() && (is_letter(text_[end]) || is_jmes_digit(text_[end]))) ++end;
      return take(token, c == '$' ? JmesToken::Kind::kVariable : JmesToken::Kind::kName, end);
    }
    // A minus before a digit is the number's, wherever it stands.
    if (is_jmes_digit(c) || (c == '-' && end < text_.size() && is_jmes_digit(text_[end]))) {
      while (end < text_.size() && is_jmes_digit(text_[end])) ++end;
      return take(token, JmesToken::Kind::kNumber, end);
    }
    if (c == '"' || c == '\'' || c == '`') return quoted(std::move(token), c);
    static constexpr std::pair<std::string_view, std::string_view> kOtherSpellings[] = {
        {"\u2212", "-"}, {"\u00f7", "/"}};
    for (const auto& [spelling, op] : kOtherSpellings) {
      if (!text_.substr(at_).starts_with(spelling)) continue;
      token = take(token, JmesToken::Kind::kOperator, at_ + spelling.size());
      token.text = op;
      return token;
    }
    static constexpr std::string_view kOperators[] = {
        "||", "&&", "==", "!=", "<=", ">=", "//", "[]", "[?", "|", "<", ">", "!", "=", ".",     "*",
        "+",  "-",  "/",  "%",  "[",  "]",  "{",  "}",  "(",  ")", ",", ":", "@", "&", "\u00d7"};
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
        // In "..." escapes are JSON's; elsewhere the quote itself is escaped, in '...' also the
        // backslash.
        const char next = text_[end + 1];
        if (quote == '"' || (next != quote && (quote != '\'' || next != '\\'))) inside += '\\';
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

  static constexpr std::size_t npos = std::string_view::npos;
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
  const JmesToken& ahead(std::size_t n = 1) const {
    return tokens_[std::min(at_ + n, tokens_.size() - 1)];
  }
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
        if (token.text == "let" && now().kind == JmesToken::Kind::kVariable) return let();
        return field(token.text);
      case JmesToken::Kind::kVariable: ++at_; return variable(token);
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
    if (is("+") || is("-")) {
      ++at_;
      WEIR_TRY(JmesPtr inner, expression(binding_power(token.text)));
      return make(token.text == "-" ? JmesKind::kMinus : JmesKind::kPlus, std::move(inner));
    }
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
    if (is("[") && (ahead().kind == JmesToken::Kind::kNumber || ahead().text == ":" ||
                    (ahead().text == "*" && ahead(2).text == "]")))
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
    const bool compares = binding_power(op) == binding_power("==");
    if (compares || op == "*" || binding_power(op) == binding_power("+") ||
        binding_power(op) == binding_power("/")) {
      WEIR_TRY(JmesPtr right, expression(binding_power(op)));
      auto node = std::make_shared<JmesNode>();
      node->kind = compares ? JmesKind::kCompare : JmesKind::kCalculate;
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
    } while (take(",") || !is("}"));
    WEIR_TRY_STATUS(expect("}"));
    return JmesPtr(node);
  }

  Result<JmesPtr> call(const JmesToken& name) {
    auto node = std::make_shared<JmesNode>();
    node->kind = JmesKind::kCall;
    node->function = jmespath::find_function(name.text);
    if (node->function == nullptr)
      return invalid("column {}: there is no function {}()", name.column, name.text);
    WEIR_TRY_STATUS(expect("("));
    while (!is(")")) {
      const bool is_reference = take("&");
      WEIR_TRY(JmesPtr part, expression(0));
      if (is_reference) part = make(JmesKind::kReference, std::move(part));
      node->parts.emplace_back(std::string(), std::move(part));
      take(",");  // the reference does without
    }
    WEIR_TRY_STATUS(expect(")"));
    if (node->parts.size() < node->function->least || node->parts.size() > node->function->most) {
      return invalid("column {}: {}() does not take {} arguments", name.column, name.text,
                     node->parts.size());
    }
    return JmesPtr(node);
  }

  /// Behind "let": `$a = expression, $b = expression in expression`.
  Result<JmesPtr> let() {
    auto node = std::make_shared<JmesNode>();
    node->kind = JmesKind::kLet;
    const auto is_in = [this] {
      return now().kind == JmesToken::Kind::kName && now().text == "in";
    };
    while (!is_in()) {
      if (now().kind != JmesToken::Kind::kVariable || now().text == "$") return unexpected();
      std::string name = now().text;
      ++at_;
      WEIR_TRY_STATUS(expect("="));
      WEIR_TRY(JmesPtr part, expression(0));
      node->parts.emplace_back(std::move(name), std::move(part));
      take(",");
    }
    ++at_;
    const std::size_t outside = variables_.size();
    for (const auto& [name, part] : node->parts) variables_.push_back(name);
    WEIR_TRY(node->right, expression(0));
    variables_.resize(outside);
    return JmesPtr(node);
  }
  Result<JmesPtr> variable(const JmesToken& token) {
    if (token.text == "$") return make(JmesKind::kRoot);
    if (std::find(variables_.begin(), variables_.end(), token.text) == variables_.end())
      return invalid("column {}: there is no variable {}", token.column, token.text);
    auto node = std::make_shared<JmesNode>();
    node->kind = JmesKind::kVariable;
    node->text = token.text;
    return JmesPtr(node);
  }

  std::vector<JmesToken> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<std::string> variables_;  ///< of the lets around
};

}  // namespace

Result<JmesPtr> jmespath::parse(std::string_view text) {
  if (text.size() > kMaxExpression) return invalid("longer than {} bytes", kMaxExpression);
  return JmesParser::parse(text);
}

}  // namespace weir::loki
