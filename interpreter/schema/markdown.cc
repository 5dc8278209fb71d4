// SPDX-License-Identifier: Apache-2.0
// The reference page's tables of one block and of every block inside it.

#include "base/format.h"
#include "interpreter/schema/schema.h"

#include <algorithm>
#include <utility>

namespace weir::schema {
namespace {

/// A block with its path from the top: "endpoint > basic_auth".
struct Section {
  std::string path;
  const BlockOps* ops;
};

class Page {
 public:
  std::string write(const BlockOps& top) {
    write_section({"", &top});
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      const Section section = sections_[i];  // a copy: the list grows while it is read
      out_ += format("\n### `{}`\n\n", section.path);
      write_section(section);
    }
    return std::move(out_);
  }

 private:
  void write_section(const Section& section) {
    const std::shared_ptr<void> defaults = section.ops->make();
    std::vector<Member> attributes;
    std::vector<Member> blocks;
    for (const Member& member : members(section.ops->schema(), defaults.get())) {
      if (member.field->kind == FieldKind::kLabel) continue;
      (member.field->kind == FieldKind::kAttribute ? attributes : blocks).push_back(member);
    }
    if (attributes.empty() && blocks.empty()) out_ += "Takes no arguments.\n";
    write_attributes(attributes);
    if (!attributes.empty() && !blocks.empty()) out_ += '\n';
    write_blocks(section.path, blocks);
  }

  void write_attributes(const std::vector<Member>& attributes) {
    if (attributes.empty()) return;
    out_ += "| Attribute | Type | Default | What it is |\n| --- | --- | --- | --- |\n";
    for (const Member& member : attributes) {
      out_ += format("| `{}` | {} | {} | {} |\n", member.field->name,
                     member.field->type().type().text(), default_of(member),
                     cell(description(*member.field)));
    }
  }

  void write_blocks(const std::string& path, const std::vector<Member>& blocks) {
    if (blocks.empty()) return;
    out_ += "| Block | How often | What it is |\n| --- | --- | --- |\n";
    for (const Member& member : blocks) write_block(path, *member.field);
  }

  void write_block(const std::string& path, const Field& field) {
    if (field.kind == FieldKind::kChoice) {
      if (std::exchange(listed_, field.choices) == field.choices) {
        out_ += format("| `{}.NAME` | any number, in order | {} Those of the block around it. |\n",
                       field.name, cell(std::string(field.doc)));
        return;
      }
      for (const Choice& choice : field.choices()) {
        const std::string name = format("{}.{}", field.name, choice.name);
        const std::string doc = choice.ops == nullptr ? format("Not built yet. {}", choice.doc)
                                                      : std::string(choice.doc);
        const std::string where = choice.ops == nullptr ? "" : section_of(path, name, choice.ops());
        out_ += format("| `{}` | any number, in order | {}{} |\n", name, cell(doc), where);
      }
      return;
    }
    const bool repeated = field.kind == FieldKind::kBlock && field.block()->repeated;
    const std::string_view often = repeated ? (field.is_required ? "one or more" : "any number")
                                            : (field.is_required ? "once" : "at most once");
    const std::string where = field.kind == FieldKind::kBlock
                                  ? section_of(path, std::string(field.name), field.block()->ops())
                                  : std::string();
    out_ += format("| `{}` | {} | {}{} |\n", field.name, often, cell(description(field)), where);
  }

  /// A block is described once, also one that appears again below itself (`stage.match`): elsewhere the sentence
  /// that is returned says where.
  std::string section_of(const std::string& path, const std::string& name, const BlockOps& ops) {
    const std::string own = path.empty() ? name : format("{} > {}", path, name);
    const auto known = std::find_if(sections_.begin(), sections_.end(),
                                    [&](const Section& s) { return s.ops == &ops; });
    if (known == sections_.end()) {
      sections_.push_back({own, &ops});
    } else if (known->path != own) {
      return format(" As `{}`.", known->path);
    }
    return {};
  }

  static std::string default_of(const Member& member) {
    if (member.field->is_required) return "*required*";
    const value::Value value = member.field->type().encode(member.at);
    if (value.is_null() || value.as_secret() != nullptr || value.as_optional_secret() != nullptr)
      return "";
    return format("`{}`", value::print(value));
  }

  static std::string description(const Field& field) {
    std::string out(field.doc);
    if (field.allowed[0].data() != nullptr) {
      out += " One of";
      for (const std::string_view text : field.allowed) {
        if (text.data() != nullptr) out += format(" `\"{}\"`", text);
      }
      out += '.';
    }
    if (!field.unbuilt_hint.empty()) out += format(" Not built yet: {}", field.unbuilt_hint);
    if (field.is_deprecated) out += " Deprecated.";
    if (field.stability != Stability::kGenerallyAvailable)
      out += format(" ({})", to_string(field.stability));
    return out;
  }

  /// A text that stays inside one cell of a table.
  static std::string cell(const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '|') out += '\\';
      out += c == '\n' ? ' ' : c;
    }
    return out;
  }

  std::string out_;
  std::vector<Section> sections_;
  std::span<const Choice> (*listed_)() = nullptr;  ///< the alternatives that have been listed
};

}  // namespace

std::string markdown(const BlockOps& ops) {
  return Page().write(ops);
}

}  // namespace weir::schema
