// SPDX-License-Identifier: Apache-2.0
// Functions between values and JSON.

#include "base/codec/json.h"
#include "components/loki/process/go_template_functions.h"
#include "components/loki/process/go_text.h"
#include "components/loki/process/go_time.h"

namespace weir::loki {
namespace {

codec::JsonValue json_of(const GoValue& v) {
  static const GoLayout kAsJson("2006-01-02T15:04:05.999999999Z07:00");
  switch (v.data.index()) {
    case 1: return std::get<bool>(v.data);
    case 2: return std::get<std::int64_t>(v.data);
    case 3: return std::get<double>(v.data);
    case 4: return std::get<std::string>(v.data);
    case 5: {
      codec::JsonValue::Array out;
      for (const GoValue& item : std::get<GoValue::List>(v.data)) out.push_back(json_of(item));
      return out;
    }
    case 7: {
      codec::JsonValue::Object out;
      for (const GoDict::Member& member : std::get<GoValue::Dict>(v.data)->members)
        out.emplace_back(member.name, json_of(member.value));
      return out;
    }
    case 8: {
      const auto& moment = std::get<GoMoment>(v.data);
      return kAsJson.print(moment.seconds, moment.ns);
    }
    default: return {};
  }
}
/// All numbers are doubles, as Go's any has them. Nothing if it lies too deep.
GoAnswer value_of(const codec::JsonValue& json, int depth) {
  if (depth > kMaxGoDepth) return std::nullopt;
  if (json.is_number()) return GoValue{json.number()};
  if (const bool* yes = json.as_bool()) return GoValue{*yes};
  if (const std::string* text = json.as_string()) return GoValue{*text};
  if (const auto* array = json.as_array()) {
    GoValue::List out;
    for (const codec::JsonValue& item : *array) {
      GoAnswer one = value_of(item, depth + 1);
      if (!one) return std::nullopt;
      out.push_back(*std::move(one));
    }
    return GoValue{std::move(out)};
  }
  if (const auto* object = json.as_object()) {
    std::vector<GoDict::Member> out;
    for (const auto& [name, member] : *object) {
      GoAnswer one = value_of(member, depth + 1);
      if (!one) return std::nullopt;
      out.push_back({name, *std::move(one)});
    }
    return GoValue{make_dict(std::move(out))};
  }
  return GoValue{};
}

GoAnswer sprig_must_from_json(std::string_view text) {
  const auto json = codec::parse_json(text);
  return json ? value_of(*json, 0) : std::nullopt;
}
GoValue sprig_from_json(std::string_view text) {
  return sprig_must_from_json(text).value_or(GoValue{});
}
std::string sprig_to_json(const GoValue& v) {
  return codec::write_json(json_of(v), {.escape_html = true});
}
GoAnswer sprig_to_pretty_json(const GoValue& v) {
  std::string out = codec::write_json(json_of(v), {.escape_html = true, .indent = 2});
  return out.size() > kMaxMadeText ? std::nullopt : GoAnswer(GoValue{std::move(out)});
}
std::string sprig_to_raw_json(const GoValue& v) {
  return codec::write_json(json_of(v));
}

}  // namespace

TemplateFunctions json_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&sprig_from_json>("fromJson"),
      go_row<&sprig_must_from_json>("mustFromJson"),
      go_row<&sprig_to_json>("toJson"),
      go_row<&sprig_to_json>("mustToJson"),
      go_row<&sprig_to_pretty_json>("toPrettyJson"),
      go_row<&sprig_to_pretty_json>("mustToPrettyJson"),
      go_row<&sprig_to_raw_json>("toRawJson"),
      go_row<&sprig_to_raw_json>("mustToRawJson"),
  };
  return kRows;
}

}  // namespace weir::loki
