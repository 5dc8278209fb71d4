// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "components/loki/process/go_string.h"
#include "components/loki/process/go_template.h"

#include <algorithm>

namespace weir::loki {
namespace {

constexpr std::size_t kMaxTemplate = 64u << 10;
constexpr int kMaxNesting = 50;
constexpr int kMaxChained = 100;

using TemplateNode = GoTemplate::Node;

bool is_template_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_number_start(std::string_view text) {
  const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  return text.size() > sign && ((text[sign] >= '0' && text[sign] <= '9') ||
                                (text[sign] == '.' && text.size() > sign + 1 &&
                                 text[sign + 1] >= '0' && text[sign + 1] <= '9'));
}

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : text_(text) {}

  Result<GoTemplate::Tree> parse() {
    std::string end;
    WEIR_TRY(tree_.nodes, list(end));
    if (!end.empty()) return wrong(format("{{{{{}}}}} without a beginning", end));
    return std::move(tree_);
  }

 private:
  Error wrong(std::string_view what) const {
    const auto before = text_.substr(0, at_);
    return invalid("line {}: {}", 1 + std::count(before.begin(), before.end(), '\n'), what);
  }

  /// Nodes up to {{end}}, {{else ...}} or the end of the text; `end` is the word that ended them.
  /// What follows the word is not read yet.
  Result<std::vector<TemplateNode>> list(std::string& end) {
    if (++nesting_ > kMaxNesting) return wrong(format("nested deeper than {}", kMaxNesting));
    std::vector<TemplateNode> out;
    for (;;) {
      if (!text_until_action(out)) break;
      skip_space();
      if (at_ >= text_.size()) return wrong("an action is not closed by }}");
      if (text_.substr(at_).starts_with("/*")) {
        WEIR_TRY_STATUS(comment());
        continue;
      }
      const std::string word = keyword();
      if (word == "end" || word == "else") {
        end = word;
        break;
      }
      if (word == "define") {
        if (nesting_ > 1) return wrong("{{define}} stands at the top alone");
        WEIR_TRY_STATUS(define());
        continue;
      }
      WEIR_TRY(TemplateNode node, action(word));
      out.push_back(std::move(node));
    }
    --nesting_;
    return out;
  }

  /// False at the end of the text.
  bool text_until_action(std::vector<TemplateNode>& out) {
    const std::size_t open = std::min(text_.find("{{", at_), text_.size());
    std::string_view piece = text_.substr(at_, open - at_);
    if (trims_left_) {
      while (!piece.empty() && is_template_space(piece.front())) piece.remove_prefix(1);
    }
    at_ = std::min(open + 2, text_.size());
    const bool trims_right = open < text_.size() && text_.substr(at_).starts_with('-') &&
                             at_ + 1 < text_.size() && is_template_space(text_[at_ + 1]);
    if (trims_right) {
      ++at_;
      while (!piece.empty() && is_template_space(piece.back())) piece.remove_suffix(1);
    }
    trims_left_ = false;
    if (!piece.empty()) out.push_back({TemplateNode::Kind::kText, std::string(piece), {}, {}, {}});
    return open < text_.size();
  }

  void skip_space() {
    while (at_ < text_.size() && is_template_space(text_[at_])) ++at_;
  }
  bool take(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  /// Takes "}}" or " -}}".
  bool close() {
    skip_space();
    if (is_template_space(text_[at_ - 1]) &&
        take("-}}")) {  // something stands before, at least "{{"
      trims_left_ = true;
      return true;
    }
    return take("}}");
  }
  bool closes_here() {
    const std::size_t before = at_;
    const bool trims = trims_left_;
    const bool out = close();
    at_ = before;
    trims_left_ = trims;
    return out;
  }
  Status comment() {
    const std::size_t end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) return wrong("the comment is not closed");
    at_ = end + 2;
    if (!close()) return wrong("a comment stands alone in its braces");
    return {};
  }
  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word_char(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  /// Takes a word that controls, if one is here.
  std::string keyword() {
    static constexpr std::string_view kKeywords[] = {
        "if", "else", "end", "range", "with", "break", "continue", "define", "template", "block"};
    const std::size_t before = at_;
    std::string out = word();
    if (std::find(std::begin(kKeywords), std::end(kKeywords), out) == std::end(kKeywords)) {
      at_ = before;
      out.clear();
    }
    return out;
  }

  Result<TemplateNode> action(const std::string& word) {
    TemplateNode node;
    if (word.empty()) {
      node.kind = TemplateNode::Kind::kPipe;
      WEIR_TRY(node.pipe, pipe(false));
      if (!close()) return wrong("an action ends in }}");
      return node;
    }
    if (word == "if" || word == "with")
      return control(word == "if" ? TemplateNode::Kind::kIf : TemplateNode::Kind::kWith);
    if (word == "range") {
      ++ranges_;
      auto out = control(TemplateNode::Kind::kRange);
      --ranges_;
      return out;
    }
    if (word == "break" || word == "continue") {
      if (ranges_ == 0) return wrong(format("{{{{{}}}}} outside a range", word));
      node.kind = word == "break" ? TemplateNode::Kind::kBreak : TemplateNode::Kind::kContinue;
      if (!close()) return wrong("an action ends in }}");
      return node;
    }
    return named_template(word == "block");
  }

  /// A quoted name.
  Result<std::string> name() {
    skip_space();
    if (at_ >= text_.size() || (text_[at_] != '"' && text_[at_] != '`'))
      return wrong("the name of a template is missing");
    GoString string = read_go_string(text_.substr(at_));
    if (!string.problem.empty()) return wrong(string.problem);
    at_ += string.size;
    return std::move(string.text);
  }

  /// What stands between {{define "name"}} and its {{end}}; it sees nothing of what is around it.
  Status body(const std::string& name) {
    if (!close()) return wrong("an action ends in }}");
    std::vector<std::string> outer = std::exchange(variables_, {});
    const int ranges = std::exchange(ranges_, 0);
    std::string end;
    WEIR_TRY(auto nodes, list(end));
    if (end != "end" || !close()) return wrong("a define or block is not closed by {{end}}");
    variables_ = std::move(outer);
    ranges_ = ranges;
    tree_.defined.insert_or_assign(name, std::move(nodes));
    return {};
  }
  Status define() {
    WEIR_TRY(const std::string called, name());
    return body(called);
  }
  /// {{template "name" pipe}}, or {{block "name" pipe}}, which is defined where it is used.
  Result<TemplateNode> named_template(bool is_block) {
    TemplateNode node;
    node.kind = TemplateNode::Kind::kTemplate;
    WEIR_TRY(node.text, name());
    if (is_block || !closes_here()) {
      WEIR_TRY(node.pipe, pipe(false));
    }
    if (is_block) {
      WEIR_TRY_STATUS(body(node.text));
    } else if (!close()) {
      return wrong("an action ends in }}");
    }
    return node;
  }

  Result<TemplateNode> control(TemplateNode::Kind kind) {
    TemplateNode node;
    node.kind = kind;
    skip_space();
    const std::size_t outer = variables_.size();
    WEIR_TRY(node.pipe, pipe(kind == TemplateNode::Kind::kRange));
    if (!close()) return wrong("an action ends in }}");
    std::string end;
    WEIR_TRY(node.then, list(end));
    if (end == "else") {
      skip_space();
      const std::string next = keyword();
      if (next == "if" || next == "with") {  // closed by the same {{end}}
        if (++chained_ > kMaxChained) return wrong(format("more than {} else ifs", kMaxChained));
        WEIR_TRY(TemplateNode inner,
                 control(next == "if" ? TemplateNode::Kind::kIf : TemplateNode::Kind::kWith));
        node.otherwise.push_back(std::move(inner));
        --chained_;
        variables_.resize(outer);
        return node;
      }
      if (!close()) return wrong("{{else}} ends in }}");
      WEIR_TRY(node.otherwise, list(end));
    }
    if (end != "end" || !close()) return wrong("an if, with or range is not closed by {{end}}");
    variables_.resize(outer);
    return node;
  }

  Result<TemplatePipe> pipe(bool is_range) {
    TemplatePipe out;
    skip_space();
    WEIR_TRY_STATUS(declaration(out, is_range));
    do {
      WEIR_TRY(auto operands, command());
      if (out.commands.empty()) as_fields(operands);
      out.commands.push_back(std::move(operands));
      skip_space();
    } while (take("|"));
    for (const std::string& name : out.variables) {
      if (out.declares) variables_.push_back(name);
    }
    return out;
  }

  /// `$x :=`, `$x =`, `$i, $x :=`, if one is here.
  Status declaration(TemplatePipe& out, bool is_range) {
    const std::size_t before = at_;
    std::vector<std::string> names;
    do {
      skip_space();
      if (!take("$")) break;
      names.push_back("$" + word());
      skip_space();
    } while (is_range && names.size() < 2 && take(","));
    const bool declares = !names.empty() && take(":=");
    if (!declares && (names.empty() || !take("="))) {
      at_ = before;
      return {};
    }
    out.declares = declares;
    for (const std::string& name : names) {
      if (!declares && std::find(variables_.begin(), variables_.end(), name) == variables_.end()) {
        return wrong(format("the variable {} is not declared", name));
      }
    }
    out.variables = std::move(names);
    return {};
  }

  Result<std::vector<TemplateOperand>> command() {
    std::vector<TemplateOperand> out;
    for (;;) {
      const std::size_t before = at_;
      skip_space();
      if (closes_here() || text_.substr(at_).starts_with('|') ||
          text_.substr(at_).starts_with(')') || at_ >= text_.size()) {
        at_ = before;
        break;
      }
      if (!out.empty() && before == at_) return wrong("arguments are parted by spaces");
      WEIR_TRY(TemplateOperand one, operand());
      out.push_back(std::move(one));
    }
    if (out.empty()) return wrong("a command is missing");
    const bool is_nil =
        out[0].kind == TemplateOperand::Kind::kLiteral && out[0].literal.is_nothing();
    if (is_nil) return wrong("nil is not a command");
    return out;
  }

  /// `index . "a" "b"` is `.a.b` with names of any letters: so it costs as little.
  static void as_fields(std::vector<TemplateOperand>& command) {
    if (command.size() < 3 || command[0].function == nullptr ||
        command[0].function->name != "index" || !command[0].fields.empty())
      return;
    const auto is_name = [](const TemplateOperand& operand) {
      return operand.kind == TemplateOperand::Kind::kLiteral &&
             std::holds_alternative<std::string>(operand.literal.data);
    };
    const bool is_plain = (command[1].kind == TemplateOperand::Kind::kDot ||
                           command[1].kind == TemplateOperand::Kind::kVariable);
    if (!is_plain || !std::all_of(command.begin() + 2, command.end(), is_name)) return;
    TemplateOperand out = std::move(command[1]);
    for (std::size_t i = 2; i < command.size(); ++i)
      out.fields.push_back(std::get<std::string>(command[i].literal.data));
    command.clear();
    command.push_back(std::move(out));
  }

  Result<TemplateOperand> operand() {
    TemplateOperand out;
    const char c = text_[at_];
    if (c == '.' && !is_number_start(text_.substr(at_))) {
      ++at_;
      std::string name = word();
      if (!name.empty()) out.fields.push_back(std::move(name));
    } else if (take("$")) {
      out.kind = TemplateOperand::Kind::kVariable;
      out.variable = "$" + word();
      if (out.variable != "$" &&
          std::find(variables_.begin(), variables_.end(), out.variable) == variables_.end()) {
        return wrong(format("the variable {} is not declared", out.variable));
      }
    } else if (take("(")) {
      if (++nesting_ > kMaxNesting) return wrong(format("nested deeper than {}", kMaxNesting));
      out.kind = TemplateOperand::Kind::kPipe;
      WEIR_TRY(TemplatePipe inner, pipe(false));
      skip_space();
      if (!take(")")) return wrong("a parenthesis is not closed");
      out.pipe = std::make_shared<const TemplatePipe>(std::move(inner));
      --nesting_;
    } else if (c == '"' || c == '`' || c == '\'' || is_number_start(text_.substr(at_))) {
      WEIR_TRY(out.literal, literal());
      out.kind = TemplateOperand::Kind::kLiteral;
      return out;
    } else if (is_word_char(c)) {
      WEIR_TRY(out, named());
      if (out.kind == TemplateOperand::Kind::kLiteral) return out;
    } else {
      return wrong(format("\"{}\" has no meaning here",
                          text_.substr(at_, decode_rune(text_.substr(at_)).size)));
    }
    while (take(".")) {
      std::string name = word();
      if (name.empty()) return wrong("a name is missing behind a dot");
      out.fields.push_back(std::move(name));
    }
    return out;
  }

  /// true, false, nil, or a function.
  Result<TemplateOperand> named() {
    TemplateOperand out;
    const std::string name = word();
    out.kind = TemplateOperand::Kind::kLiteral;
    if (name == "true" || name == "false") {
      out.literal.data = name == "true";
    } else if (name != "nil") {
      out.kind = TemplateOperand::Kind::kFunction;
      out.function = find_template_function(name);
      if (out.function == nullptr && is_foreign_template_function(name))
        return wrong(format("the function \"{}\" is not built", name));
      if (out.function == nullptr) return wrong(format("there is no function \"{}\"", name));
      if (name == "and" || name == "or") out.ends_at = name == "or";
    }
    return out;
  }

  Result<GoValue> literal() {
    const char quote = text_[at_];
    if (quote == '"' || quote == '`') {
      GoString string = read_go_string(text_.substr(at_));
      if (!string.problem.empty()) return wrong(string.problem);
      at_ += string.size;
      return GoValue{std::move(string.text)};
    }
    if (quote == '\'') {
      const GoChar one = read_go_char(text_.substr(at_));
      if (one.size == 0) return wrong("not a character");
      at_ += one.size;
      return GoValue{one.code};
    }
    const std::size_t begin = at_++;
    const auto continues = [&] {
      const char c = text_[at_];
      const bool is_hex = text_.substr(begin, at_ - begin).find_first_of("xX") != std::string::npos;
      const char before = static_cast<char>(text_[at_ - 1] | 0x20);
      return is_word_char(c) || c == '.' ||
             ((c == '+' || c == '-') && before == (is_hex ? 'p' : 'e'));
    };
    while (at_ < text_.size() && continues()) ++at_;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    if (const auto whole = read_go_integer(digits)) return GoValue{*whole};
    const auto real = read_go_real(digits);
    const bool is_real = digits.find_first_of(".eEpP") != std::string_view::npos;
    if (real && is_real) return GoValue{*real};
    return wrong(format("\"{}\" is not a number", digits));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool trims_left_ = false;
  int nesting_ = 0;
  int chained_ = 0;
  int ranges_ = 0;
  std::vector<std::string> variables_;
  GoTemplate::Tree tree_;
};

}  // namespace

Result<GoTemplate> GoTemplate::parse(std::string_view text) {
  if (text.size() > kMaxTemplate) return invalid("longer than {} bytes", kMaxTemplate);
  GoTemplate out;
  WEIR_TRY(Tree tree, TemplateParser(text).parse());
  out.tree_ = std::make_shared<const Tree>(std::move(tree));
  out.text_ = text;
  return out;
}

}  // namespace weir::loki
