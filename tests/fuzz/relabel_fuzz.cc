// SPDX-License-Identifier: Apache-2.0
// Relabelling with rules made of any text: whatever validates also runs.

#include "components/core/relabel.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto take = [&] {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return std::string(line);
  };
  RelabelRule rule;
  const std::string action = take();
  rule.action =
      static_cast<RelabelAction>(action.empty() ? 0 : static_cast<unsigned char>(action[0]) % 11);
  auto regex = Regex::compile(take(), Regex::Anchor::kBoth);
  if (!regex) return 0;
  rule.regex.regex = *regex;
  rule.target_label = take();
  rule.replacement = take();
  rule.source_labels = {take(), take()};
  rule.modulus = action.size();
  schema::Problems problems;
  rule.validate(problems);
  if (!problems.all().empty()) return 0;
  std::vector<std::string> texts;
  while (!text.empty() && texts.size() < 40) texts.push_back(take());
  std::vector<Label> labels;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) labels.push_back({texts[i], texts[i + 1]});
  (void)RelabelRules({rule}).apply(Labels::of(labels));
  return 0;
}
