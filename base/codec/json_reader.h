// SPDX-License-Identifier: Apache-2.0
// Reads JSON documents one after another, keeping its memory: what hot paths use.

#pragma once

#include "base/codec/json.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace weir::codec {

/// A value inside the document a JsonReader read last; it and its texts are gone with the next one.
/// Two words.
class JsonView {
 public:
  [[nodiscard]] JsonValue::Kind kind() const;
  /// The text of a string, escapes resolved; empty for others.
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] bool boolean() const;
  /// Any number as a double; 0 for what is none.
  [[nodiscard]] double number() const;
  /// The member of that name, the last if there are several; nothing if there is none or this is no
  /// object.
  [[nodiscard]] std::optional<JsonView> find(std::string_view key) const;
  /// Calls `visit(std::string_view key, JsonView value)` for each member of an object, in order.
  template <class Visit>
  void for_each_member(Visit&& visit) const {
    visit_members(
        [](void* v, std::string_view key, JsonView value) {
          (*static_cast<std::remove_reference_t<Visit>*>(v))(key, value);
        },
        const_cast<void*>(static_cast<const void*>(std::addressof(visit))));
  }
  /// Calls `visit(JsonView item)` for each item of an array, in order.
  template <class Visit>
  void for_each_item(Visit&& visit) const {
    visit_items(
        [](void* v, JsonView item) { (*static_cast<std::remove_reference_t<Visit>*>(v))(item); },
        const_cast<void*>(static_cast<const void*>(std::addressof(visit))));
  }
  /// A copy that lasts.
  [[nodiscard]] JsonValue value() const;

 private:
  friend class JsonReader;
  friend struct JsonViewAccess;
  void visit_members(void (*call)(void*, std::string_view, JsonView), void* visit) const;
  void visit_items(void (*call)(void*, JsonView), void* visit) const;
  const void* document_ = nullptr;
  std::size_t place_ = 0;
};

/// Threads: one at a time; each thread has a reader of its own.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  /// Reads one document as parse_json() does.
  /// Errors: kInvalid; the text of the error is constant, so that a stream of bad lines costs
  /// little.
  Result<JsonView> read(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::codec
