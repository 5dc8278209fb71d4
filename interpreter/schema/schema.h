// SPDX-License-Identifier: Apache-2.0
// The schema: what a block accepts, declared once beside the struct that holds it.
//
//   struct Args {
//     std::string separator = ";";                      // types and defaults: the struct
//     std::vector<Rule> rules;
//     static schema::Schema schema();                    // names, documentation, marks: the table
//     void validate(schema::Problems& problems) const;   // rules across fields: pure; optional
//   };
//   schema::Schema Args::schema() {
//     static constexpr auto kTable = schema::table({
//         schema::attr<&Args::separator>("separator", "Text put between the joined values."),
//         schema::block<&Args::rules>("rule", "A rule, applied in order."),
//     });
//     return kTable;
//   }
//
// The row takes the member pointer as a template argument, so a type error is a compile error; the
// engine behind it is ordinary code (schema.cc). Read by: check, eval, completion, help, reference
// pages, redaction, the graph's picture.

#pragma once

#include "interpreter/schema/body.h"
#include "interpreter/schema/codecs.h"
#include "interpreter/schema/problems.h"
#include "interpreter/schema/stability.h"

#include <concepts>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace weir::schema {

struct Field;
struct BlockOps;

/// The rows of one table. A view: cheap to copy.
struct Schema {
  const Field* rows = nullptr;
  std::size_t count = 0;
  [[nodiscard]] std::span<const Field> fields() const;
};

/// The object's fields as an ordered object of the language: what exports look like to expressions.
value::Value encode(Schema schema, const void* object);
/// The static type of encode().
value::Type type_of(Schema schema);
/// Fills `out` (default-constructed) from an object of the language, for structs that are the value
/// of an attribute: decode() of a block is the model.
bool decode_object(const BlockOps& ops, const value::Value& in, void* out, Decoder& decoder);

/// What the engine needs of a struct that a block decodes into.
struct BlockOps {
  Schema (*schema)();
  std::shared_ptr<void> (*make)();                           ///< a default-constructed one
  void (*validate)(const void* object, Problems& problems);  ///< null if it has none
};

/// A member that holds blocks: T, std::optional<T> or std::vector<T>.
struct BlockMember {
  const BlockOps& (*ops)();
  void* (*add)(void* member);  ///< a fresh default object to decode one more block into
  std::size_t (*count)(const void* member);
  const void* (*get)(const void* member, std::size_t index);
  bool repeated;
};

/// One alternative of a choice such as `stage.*`: rows of a registry.
struct Choice {
  std::string_view name;  ///< "json" of `stage.json`
  std::string_view doc;
  Stability stability;
  const BlockOps& (*ops)();  ///< null: the reference has it, Weir not yet: using it is E0303
  const void* definition;    ///< what the owner of the registry wants back: its StageDef
};
/// One decoded alternative, in source order.
struct Chosen {
  const Choice* choice = nullptr;
  std::shared_ptr<void> args;
};

enum class FieldKind : std::uint8_t {
  kAttribute,
  kBlock,     ///< `name { }`, once or repeated
  kChoice,    ///< `name.alternative { }`, repeated, kept in one list in source order
  kInline,    ///< a struct whose fields count as this one's
  kMapBlock,  ///< `name { any = 1 }`: attributes of any name, into std::map<std::string,
              ///< value::Value>
  kLabel,     ///< the block's label, into a string
};

/// One row. A literal type: lives in read-only data, no start-up code.
struct Field {
  std::string_view name;
  std::string_view doc;
  FieldKind kind = FieldKind::kAttribute;
  void* (*at)(void* object) = nullptr;
  const TypeOps& (*type)() = nullptr;              ///< kAttribute, kLabel
  const BlockMember* (*block)() = nullptr;         ///< kBlock
  const BlockOps& (*inlined)() = nullptr;          ///< kInline
  std::span<const Choice> (*choices)() = nullptr;  ///< kChoice
  bool is_required = false;
  bool is_secret = false;
  bool is_deprecated = false;
  Stability stability = Stability::kGenerallyAvailable;
  std::string_view allowed[8] = {};    ///< one_of: the only texts allowed
  std::string_view unbuilt_hint = {};  ///< accepted name whose feature is missing: says so
  std::size_t exact_count = 0;         ///< repeated blocks: how many there must be; 0: any number

  [[nodiscard]] constexpr Field required() const {
    Field f = *this;
    f.is_required = true;
    return f;
  }
  [[nodiscard]] constexpr Field secret() const {
    Field f = *this;
    f.is_secret = true;
    return f;
  }
  [[nodiscard]] constexpr Field deprecated() const {
    Field f = *this;
    f.is_deprecated = true;
    return f;
  }
  [[nodiscard]] constexpr Field since(Stability level) const {
    Field f = *this;
    f.stability = level;
    return f;
  }
  /// Only these texts; checked statically and completed in the REPL.
  template <class... Texts>
  [[nodiscard]] constexpr Field one_of(Texts... texts) const {
    static_assert(sizeof...(texts) <= 8, "one_of takes at most eight texts");
    Field f = *this;
    std::size_t i = 0;
    ((f.allowed[i++] = texts), ...);
    return f;
  }
  /// A repeated block that must be given exactly `n` times if at all.
  [[nodiscard]] constexpr Field exactly(std::size_t n) const {
    Field f = *this;
    f.exact_count = n;
    return f;
  }
  /// The reference has it, Weir not yet: using it is E0303 with this sentence, never silence.
  [[nodiscard]] constexpr Field not_built(std::string_view sentence) const {
    Field f = *this;
    f.unbuilt_hint = sentence;
    return f;
  }
};

namespace detail {
template <class T>
struct MemberOf;
template <class C, class M>
struct MemberOf<M C::*> {
  using Class = C;
  using Member = M;
};

template <class T>
concept Validated = requires(const T& t, Problems& p) {
  t.validate(p);
};

template <class T>
const BlockOps& block_ops() {
  static constexpr BlockOps kOps = [] {
    BlockOps ops{};
    ops.schema = &T::schema;
    ops.make = []() -> std::shared_ptr<void> { return std::make_shared<T>(); };
    if constexpr (Validated<T>) {
      ops.validate = [](const void* object, Problems& p) {
        static_cast<const T*>(object)->validate(p);
      };
    }
    return ops;
  }();
  return kOps;
}

template <class M>
struct BlockAccess {
  using Block = M;
  static constexpr BlockMember kMember = {
      &block_ops<M>,
      [](void* m) -> void* {
        *static_cast<M*>(m) = M{};
        return m;
      },
      [](const void*) -> std::size_t { return 1; },
      [](const void* m, std::size_t) -> const void* { return m; }, false};
};
template <class T>
struct BlockAccess<std::optional<T>> {
  using Block = T;
  static constexpr BlockMember kMember = {
      &block_ops<T>,
      // Assigned, not emplaced: inside the class that holds T clang takes T for not yet constructible.
      [](void* m) -> void* { return &static_cast<std::optional<T>*>(m)->operator=(T{}).value(); },
      [](const void* m) -> std::size_t {
        return static_cast<const std::optional<T>*>(m)->has_value() ? 1 : 0;
      },
      [](const void* m, std::size_t) -> const void* {
        return &**static_cast<const std::optional<T>*>(m);
      },
      false};
};
template <class T>
struct BlockAccess<std::vector<T>> {
  using Block = T;
  static constexpr BlockMember kMember = {
      &block_ops<T>,
      [](void* m) -> void* { return &static_cast<std::vector<T>*>(m)->emplace_back(); },
      [](const void* m) -> std::size_t { return static_cast<const std::vector<T>*>(m)->size(); },
      [](const void* m, std::size_t i) -> const void* {
        return &(*static_cast<const std::vector<T>*>(m))[i];
      },
      true};
};

template <auto Member>
constexpr Field row(FieldKind kind, std::string_view name, std::string_view doc) {
  using C = typename MemberOf<decltype(Member)>::Class;
  Field f{};
  f.name = name;
  f.doc = doc;
  f.kind = kind;
  f.at = [](void* object) -> void* { return &(static_cast<C*>(object)->*Member); };
  return f;
}
template <auto Member>
using MemberType = typename MemberOf<decltype(Member)>::Member;
}  // namespace detail

/// `name = value`.
template <auto Member>
constexpr Field attr(std::string_view name, std::string_view doc) {
  Field f = detail::row<Member>(FieldKind::kAttribute, name, doc);
  f.type = &type_ops<detail::MemberType<Member>>;
  return f;
}
/// `name { ... }`: member T (once; absent = as the outer struct has it), optional<T> or vector<T>
/// (repeated).
template <auto Member>
constexpr Field block(std::string_view name, std::string_view doc) {
  Field f = detail::row<Member>(FieldKind::kBlock, name, doc);
  f.block = []() -> const BlockMember* {
    return &detail::BlockAccess<detail::MemberType<Member>>::kMember;
  };
  return f;
}
/// `prefix.alternative { ... }`: member std::vector<Chosen>; the alternatives come from a registry.
template <auto Member>
constexpr Field choice(std::string_view prefix, std::string_view doc,
                       std::span<const Choice> (*choices)()) {
  static_assert(std::is_same_v<detail::MemberType<Member>, std::vector<Chosen>>,
                "a choice decodes into std::vector<Chosen>");
  Field f = detail::row<Member>(FieldKind::kChoice, prefix, doc);
  f.choices = choices;
  return f;
}
/// All fields of a struct member, as if they were written here; its validate() runs with the
/// block's.
template <auto Member>
constexpr Field inlined() {
  Field f = detail::row<Member>(FieldKind::kInline, "inline", "Fields of a shared group.");
  f.inlined = &detail::block_ops<detail::MemberType<Member>>;
  return f;
}
/// `name { anything = 1 }`: member std::map<std::string, value::Value>.
template <auto Member>
constexpr Field map_block(std::string_view name, std::string_view doc) {
  static_assert(std::is_same_v<detail::MemberType<Member>, std::map<std::string, value::Value>>,
                "a map block decodes into std::map<std::string, Value>");
  return detail::row<Member>(FieldKind::kMapBlock, name, doc);
}
/// The block's label; `.required()` if it must have one.
template <auto Member>
constexpr Field label(std::string_view doc) {
  Field f = detail::row<Member>(FieldKind::kLabel, "label", doc);
  f.type = &type_ops<detail::MemberType<Member>>;
  return f;
}

/// The checked rows of one block.
template <std::size_t N>
struct Table {
  Field rows[N];
  constexpr operator Schema() const { return {rows, N}; }  // NOLINT(google-explicit-constructor)
};

namespace detail {
constexpr bool snake(std::string_view name) {
  if (name.empty() || name.front() < 'a' || name.front() > 'z') return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.')) return false;
  }
  return true;
}
constexpr bool sentence(std::string_view doc) {
  return doc.size() > 3 && doc.front() >= 'A' && doc.front() <= 'Z' &&
         (doc.back() == '.' || doc.back() == '`');
}
}  // namespace detail

/// A struct with a schema as the value of an attribute: an object with those members.
template <class T>
requires requires {
  { T::schema() } -> std::same_as<Schema>;
}
struct Codec<T> {
  static value::Type type() { return type_of(T::schema()); }
  static bool decode(const value::Value& in, T& out, Decoder& decoder) {
    out = T{};
    return decode_object(detail::block_ops<T>(), in, &out, decoder);
  }
  static value::Value encode(const T& in) { return schema::encode(T::schema(), &in); }
};

/// Makes a table; the house rules run in the compiler: a field without documentation does not
/// compile.
template <std::size_t N>
consteval auto table(const Field (&rows)[N]) {
  Table<N> out{};
  for (std::size_t i = 0; i < N; ++i) {
    if (!detail::snake(rows[i].name)) throw "a field's name is snake_case";
    if (!detail::sentence(rows[i].doc)) throw "a field's doc is a sentence";
    for (std::size_t j = 0; j < i; ++j) {
      if (rows[i].kind != FieldKind::kInline && rows[i].name == rows[j].name)
        throw "a field's name is unique";
    }
    out.rows[i] = rows[i];
  }
  return out;
}

inline std::span<const Field> Schema::fields() const {
  return {rows, count};
}

/// A field and where its value lies in one object.
struct Member {
  const Field* field;
  void* at;
};
/// The members of `object` in declared order, those of inlined groups in their place.
std::vector<Member> members(Schema schema, void* object);

/// Where the block stands that a body belongs to, and which features a run admits.
struct DecodeContext {
  std::string_view name;  ///< for messages
  text::Span head;        ///< where problems of the block as a whole show
  text::Span whole;       ///< where missing members show
  std::string_view label;
  text::Span label_span;
  Stability minimum_stability = Stability::kExperimental;
};

/// Fills `out` (default-constructed) from a body, reporting everything that is wrong with its
/// place: names, types, values, what is missing, what is below the minimum stability, what is not
/// built yet, and then, if all is well and known, what validate() says. Attributes of which only
/// the type is known are judged by type and leave their default. False if anything was reported as
/// an error.
bool decode(const BlockOps& ops, const EvaluatedBody& body, const DecodeContext& context, void* out,
            text::DiagnosticSink& sink);

/// The web API's body: [{"name","type":"attr"|"block","value"|"body"}...]; members that may be left
/// out and equal those of `defaults` are left out; secrets as "(secret)".
std::string to_api_json(Schema schema, const void* object, const void* defaults);
/// The same for arguments without a schema: those of a custom component.
std::string to_api_json(const value::Object& attributes);
/// The reference page's tables; the default column is rendered from a default-constructed object.
std::string markdown(const BlockOps& ops);

}  // namespace weir::schema
