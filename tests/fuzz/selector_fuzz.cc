// SPDX-License-Identifier: Apache-2.0
// Selectors, JMESPath expressions, templates and layouts of any text: each is refused or works.

#include "components/loki/process/go_template.h"
#include "components/loki/process/go_time.h"
#include "components/loki/process/jmespath.h"
#include "components/loki/process/selector.h"

#include <cstddef>
#include <cstdint>

namespace {

class NoData final : public weir::loki::TemplateData {
 public:
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const override {
    return name == "a" ? std::optional<std::string>("text") : std::nullopt;
  }
  void put_all(const weir::loki::GoValue::Dict&) const override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto selector = weir::loki::Selector::parse(text)) {
    (void)selector->matches(weir::Labels());
    (void)selector->matches(text);
  }
  static const auto kDocument = weir::codec::parse_json(R"({"a":{"b":[1,2,{"c":"x"}]}})").value();
  if (const auto path = weir::loki::JmesPath::compile(text)) (void)path->search(kDocument);
  std::string out;
  if (const auto made = weir::loki::GoTemplate::parse(text)) (void)made->render(NoData(), out);
  (void)weir::loki::GoLayout(text.substr(0, size / 2)).parse(text.substr(size / 2));
  (void)weir::loki::TimeZone::parse(text);
  return 0;
}
