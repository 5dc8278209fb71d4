// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"

#include "base/format.h"

#include <algorithm>
#include <map>
#include <optional>

namespace weir::cli {
namespace {

constexpr std::string_view kOperands = "paths";

using text::DiagnosticCode;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A flag as it was written: --name, --name=value, -n.
struct WrittenFlag {
  std::string_view name;  ///< without dashes
  std::optional<std::string> value;
};

WrittenFlag split_flag(std::string_view word) {
  const std::size_t equals = word.find('=');
  WrittenFlag flag{word.substr(0, equals), std::nullopt};
  flag.name.remove_prefix(std::min(flag.name.find_first_not_of('-'), flag.name.size()));
  if (equals != std::string_view::npos) flag.value = word.substr(equals + 1);
  return flag;
}

class FlagReader {
 public:
  FlagReader(const CommandDef& def, text::DiagnosticSink& sink)
      : def_(def), flags_(flags_of(def)), sink_(sink) {}

  CommandLine read(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "--help" || word == "-h") return {true, {}};
      if (word == "--") {
        operands_.insert(operands_.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                         words.end());
        break;
      }
      const bool is_flag = word.size() > 1 && word[0] == '-' && !is_digit(word[1]);
      if (!is_flag)
        operands_.push_back(word);
      else if (!read_letters(word))
        read_flag(words, i);
    }
    return {false, body()};
  }

 private:
  schema::EvaluatedBody body() {
    if (operands_.empty()) {
      if (!def_.operands.empty() && !def_.operands.starts_with('['))
        sink_.add(DiagnosticCode::kMissingAttribute, {},
                  format("{} needs {}", def_.name, def_.operands),
                  format("weir {} --help", def_.name));
    } else if (def_.operands.empty()) {
      sink_.add(DiagnosticCode::kUnknownAttribute, {},
                format("{} takes no argument, got \"{}\"", def_.name, operands_.front()));
    } else {
      value::Array paths;
      for (const std::string& operand : operands_) paths.emplace_back(operand);
      add(kOperands, value::Value(std::move(paths)));
    }
    for (auto& [name, texts] : lists_) add(name, value::Value(std::move(texts)));
    return std::move(body_);
  }

  /// `-wt`: switches of one letter together. False if the word is not that.
  bool read_letters(std::string_view word) {
    std::vector<const schema::Field*> fields;
    if (word.starts_with("--")) return false;
    for (const char letter : word.substr(1)) {
      const auto at = std::find_if(def_.shorts.begin(), def_.shorts.end(),
                                   [letter](const ShortFlag& s) { return s.letter == letter; });
      const schema::Field* field = at == def_.shorts.end() ? nullptr : find(flag_name(at->flag));
      if (field == nullptr || !is_switch(*field)) return false;
      fields.push_back(field);
    }
    for (const schema::Field* field : fields) add(field->name, value::Value(true));
    return true;
  }

  void read_flag(const std::vector<std::string>& words, std::size_t& i) {
    WrittenFlag written = split_flag(words[i]);
    const schema::Field* field = find(format("--{}", written.name));
    if (field == nullptr) return unknown(words[i].substr(0, words[i].find('=')));
    const std::string name = flag_name(field->name);
    if (is_switch(*field)) return read_switch(*field, written.value.value_or("true"));
    if (!written.value) {
      if (i + 1 >= words.size())
        return blame(DiagnosticCode::kBadValue, format("{} needs a value", name));
      written.value = words[++i];
    }
    if (!field->unbuilt_hint.empty())
      return blame(DiagnosticCode::kNotBuiltYet, format("{}: {}", name, field->unbuilt_hint));
    if (!is_allowed(*field, *written.value)) return;
    if (field->type().type().tag() == value::Type::Tag::kList)
      return add_list(*field, *written.value);
    add(field->name, value::Value(*std::move(written.value)));
  }

  void read_switch(const schema::Field& field, std::string_view given) {
    const bool on = given == "true" || given == "1";
    if (!on && given != "false" && given != "0") {
      return blame(DiagnosticCode::kBadValue,
                   format("{} takes true or false, got \"{}\"", flag_name(field.name), given));
    }
    if (field.unbuilt_hint.empty()) return add(field.name, value::Value(on));
    if (on)  // what is not there may well be switched off
      blame(DiagnosticCode::kNotBuiltYet,
            format("{}: {}", flag_name(field.name), field.unbuilt_hint));
  }

  bool is_allowed(const schema::Field& field, const std::string& given) {
    std::vector<std::string_view> allowed;
    for (const std::string_view text : field.allowed) {
      if (!text.empty()) allowed.push_back(text);
    }
    if (allowed.empty() || std::find(allowed.begin(), allowed.end(), given) != allowed.end())
      return true;
    std::string all;
    for (const std::string_view text : allowed)
      all += format("{}{}", all.empty() ? "" : ", ", text);
    const std::string meant = text::did_you_mean(given, allowed);
    sink_.add(DiagnosticCode::kBadValue, {},
              format("{} takes one of {}, got \"{}\"", flag_name(field.name), all, given), meant);
    return false;
  }

  void unknown(std::string_view word) {
    std::vector<std::string> names;
    for (const schema::Field& field : flags_) names.push_back(flag_name(field.name));
    std::string meant = text::did_you_mean(word, {names.begin(), names.end()});
    if (meant.empty()) meant = format("weir {} --help lists the flags", def_.name);
    sink_.add(DiagnosticCode::kUnknownAttribute, {},
              format("unknown flag \"{}\" of {}", word, def_.name), std::move(meant));
  }

  void blame(DiagnosticCode code, std::string message) { sink_.add(code, {}, std::move(message)); }

  static bool is_switch(const schema::Field& field) {
    return field.type().type().tag() == value::Type::Tag::kBool;
  }

  [[nodiscard]] const schema::Field* find(std::string_view flag) const {
    for (const schema::Field& field : flags_) {
      if (flag_name(field.name) == flag) return &field;
    }
    return nullptr;
  }

  void add(std::string_view name, value::Value value) {
    std::erase_if(body_.attributes, [&](const auto& attribute) { return attribute.name == name; });
    schema::EvaluatedAttribute attribute;  // the last of one name wins
    attribute.name = name;
    attribute.type = value::Type::of(value);
    attribute.value = std::move(value);
    body_.attributes.push_back(std::move(attribute));
  }

  /// A list flag may be repeated and may hold commas.
  void add_list(const schema::Field& field, std::string_view text) {
    value::Array& list = lists_[std::string(field.name)];
    while (true) {
      const std::size_t comma = text.find(',');
      list.emplace_back(text.substr(0, comma));
      if (comma == std::string_view::npos) return;
      text.remove_prefix(comma + 1);
    }
  }

  const CommandDef& def_;
  const std::vector<schema::Field> flags_;
  text::DiagnosticSink& sink_;
  schema::EvaluatedBody body_;
  std::vector<std::string> operands_;
  std::map<std::string, value::Array> lists_;
};

}  // namespace

std::string flag_name(std::string_view field) {
  std::string name = format("--{}", field);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::vector<schema::Field> flags_of(const CommandDef& def) {
  std::vector<schema::Field> flags;
  for (const schema::Field& field : def.flags().schema().fields()) {
    if (field.name != kOperands) flags.push_back(field);
  }
  return flags;
}

CommandLine read_flags(const CommandDef& def, const std::vector<std::string>& words,
                       text::DiagnosticSink& sink) {
  return FlagReader(def, sink).read(words);
}

}  // namespace weir::cli
