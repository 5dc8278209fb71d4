// SPDX-License-Identifier: Apache-2.0
// Both ways of reading JSON give the same values, and what we write reads back as what it was.

#include "base/check.h"
#include "base/codec/json.h"
#include "base/codec/json_reader.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  constexpr codec::JsonStyle kExact{.mark_doubles = true};
  static codec::JsonReader reader;
  const auto value = codec::parse_json(input);
  const auto view = reader.read(input);
  WEIR_CHECK(value || !view, "the quick reader takes nothing that the other refuses");
  if (!value) return 0;
  const auto again = codec::parse_json(codec::write_json(*value, kExact));
  WEIR_CHECK(again && *again == *value, "written and read again");
  const auto pretty = codec::parse_json(
      codec::write_json(*value, {.escape_html = true, .mark_doubles = true, .indent = 2}));
  WEIR_CHECK(pretty && *pretty == *value, "however it is written");
  if (!view) return 0;  // one level less deep
  const auto same = codec::parse_json(codec::write_json(view->value(), kExact));
  WEIR_CHECK(same && *same == *value, "both readers agree");
  return 0;
}
