// SPDX-License-Identifier: Apache-2.0
#include "components/loki/process/go_template_functions.h"

#include <algorithm>

namespace weir::loki {

std::optional<std::string_view> TemplateLanguage::read(const GoValue& v, As<std::string_view>) {
  const auto* text = std::get_if<std::string>(&v.data);
  return text == nullptr ? std::nullopt : std::optional<std::string_view>(*text);
}
std::optional<double> TemplateLanguage::read(const GoValue& v, As<double>) {
  if (const auto* whole = std::get_if<std::int64_t>(&v.data)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&v.data)) return *real;
  return std::nullopt;
}

const TemplateFunction* find_template_function(std::string_view name) {
  static constexpr TemplateFunctions (*kFamilies[])() = {
      builtin_functions, text_functions, letter_functions, number_functions,
      list_functions,    dict_functions, kind_functions,   regex_functions,
      json_functions,    code_functions, date_functions,   path_functions};
  for (const auto family : kFamilies) {
    for (const TemplateFunction& one : family()) {
      if (one.name == name) return &one;
    }
  }
  return nullptr;
}

bool is_foreign_template_function(std::string_view name) {
  // Keys, certificates and slow digests are nothing for a log line, nor is asking the network.
  static constexpr std::string_view kNames[] = {"bcrypt",
                                                "buildCustomCert",
                                                "decryptAES",
                                                "derivePassword",
                                                "encryptAES",
                                                "genCA",
                                                "genCAWithKey",
                                                "genPrivateKey",
                                                "genSelfSignedCert",
                                                "genSelfSignedCertWithKey",
                                                "genSignedCert",
                                                "genSignedCertWithKey",
                                                "getHostByName",
                                                "htpasswd"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace weir::loki
