// SPDX-License-Identifier: Apache-2.0
// Functions of paths, URLs and versions.

#include "base/format.h"
#include "components/loki/process/go_template_functions.h"
#include "components/loki/process/go_text.h"
#include "components/loki/process/go_version.h"

namespace weir::loki {
namespace {

/// Without `.`, `..` and doubled slashes, as far as they can be taken away.
std::string sprig_clean(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> kept;
  for (const std::string_view part : split_text(path, "/")) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      kept.push_back(part);
    } else if (!kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else if (!rooted) {
      kept.push_back(part);
    }
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i != 0) out += '/';
    out += kept[i];
  }
  return out.empty() ? "." : out;
}
std::string sprig_base(std::string_view path) {
  if (path.empty()) return ".";
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return "/";
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}
std::string sprig_dir(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return sprig_clean(path.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
}
std::string_view sprig_ext(std::string_view path) {
  const std::size_t at = path.find_last_of("./");
  return at == std::string_view::npos || path[at] == '/' ? std::string_view() : path.substr(at);
}
bool sprig_is_abs(std::string_view path) {
  return path.starts_with('/');
}

// --- URLs

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
/// `%41` as the byte it means; nothing where a percent sign means none.
std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}
std::string escaped(std::string_view text, std::string_view kept) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.~").find(c) != std::string_view::npos ||
                       kept.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}
/// What stands before the first colon, if it can be a scheme.
std::string_view scheme_of(std::string_view url) {
  for (std::size_t i = 0; i < url.size(); ++i) {
    const char c = url[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == ':') return url.substr(0, i);
    if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))) break;
  }
  return {};
}
/// Cuts `text` before `mark`; what follows it.
std::string_view cut_at(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + mark.size());
  text = text.substr(0, at);
  return rest;
}
std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (host.starts_with('[')) return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  return colon == std::string_view::npos ? host : host.substr(0, colon);
}

GoAnswer sprig_url_parse(std::string_view url) {
  for (const char c : url) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') return std::nullopt;
  }
  const auto fragment = unescaped(cut_at(url, "#"));
  const std::string_view query = cut_at(url, "?");
  const std::string scheme(scheme_of(url));
  if (scheme.empty() && url.starts_with(':')) return std::nullopt;
  if (!scheme.empty()) url.remove_prefix(scheme.size() + 1);
  const bool opaque = !scheme.empty() && !url.empty() && url[0] != '/';
  std::string_view user;
  std::string_view host;
  if (!opaque && url.starts_with("//") && !(scheme.empty() && url.starts_with("///"))) {
    host = url.substr(2, std::min(url.find('/', 2), url.size()) - 2);
    url.remove_prefix(2 + host.size());
    if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
      user = host.substr(0, at);
      host.remove_prefix(at + 1);
    }
    if (host.find_first_of(" \"<>\\^`{|}") != std::string_view::npos) return std::nullopt;
  }
  const auto path = unescaped(opaque ? std::string_view() : url);
  if (!path || !fragment) return std::nullopt;
  const auto lower_scheme = [&] {
    std::string out = scheme;
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
  };
  return GoValue{make_dict({{"scheme", {lower_scheme()}},
                            {"userinfo", {std::string(user)}},
                            {"host", {std::string(host)}},
                            {"hostname", {std::string(without_port(host))}},
                            {"path", {*path}},
                            {"query", {std::string(query)}},
                            {"opaque", {std::string(opaque ? url : std::string_view())}},
                            {"fragment", {*fragment}}})};
}
/// A URL of the parts that sprig_url_parse() gives.
GoAnswer sprig_url_join(const GoValue::Dict& parts) {
  bool good = true;
  const auto part = [&](std::string_view name) -> std::string {
    const GoValue* v = parts->find(name);
    if (v == nullptr) return {};
    const auto* text = std::get_if<std::string>(&v->data);
    good = good && text != nullptr;
    return text == nullptr ? std::string() : *text;
  };
  const std::string scheme = part("scheme");
  const std::string user = part("userinfo");
  const std::string host = part("host");
  const std::string path = escaped(part("path"), "$&+,/:;=@");
  const std::string query = part("query");
  const std::string opaque = part("opaque");
  const std::string fragment = escaped(part("fragment"), "$&+,/:;=?@!()*");
  if (!good) return std::nullopt;
  std::string out = scheme.empty() ? "" : scheme + ":";
  if (!opaque.empty()) {
    out += opaque;
  } else {
    if (!scheme.empty() || !host.empty() || !user.empty()) {
      if (!host.empty() || !path.empty() || !user.empty()) out += "//";
      if (!user.empty()) out += user + "@";
      out += host;
    }
    if (!path.empty() && path[0] != '/' && !host.empty()) out += '/';
    out += path;
  }
  if (!query.empty()) out += "?" + query;
  if (!fragment.empty()) out += "#" + fragment;
  return GoValue{std::move(out)};
}

// --- versions

GoAnswer sprig_semver(std::string_view text) {
  const auto version = GoVersion::read(text);
  if (!version) return std::nullopt;
  return GoValue{make_dict({{"Major", {version->numbers[0]}},
                            {"Minor", {version->numbers[1]}},
                            {"Patch", {version->numbers[2]}},
                            {"Prerelease", {version->prerelease}},
                            {"Metadata", {version->metadata}},
                            {"Original", {std::string(text)}}})};
}
GoAnswer sprig_semver_compare(std::string_view constraint, std::string_view text) {
  const auto version = GoVersion::read(text);
  if (!version) return std::nullopt;
  const auto holds = satisfies(*version, constraint);
  return holds ? GoAnswer(GoValue{*holds}) : std::nullopt;
}

}  // namespace

TemplateFunctions path_functions() {
  static constexpr TemplateFunction kRows[] = {
      go_row<&sprig_base>("base"),
      go_row<&sprig_base>("osBase"),
      go_row<&sprig_dir>("dir"),
      go_row<&sprig_dir>("osDir"),
      go_row<&sprig_clean>("clean"),
      go_row<&sprig_clean>("osClean"),
      go_row<&sprig_ext>("ext"),
      go_row<&sprig_ext>("osExt"),
      go_row<&sprig_is_abs>("isAbs"),
      go_row<&sprig_is_abs>("osIsAbs"),
      go_row<&sprig_url_parse>("urlParse"),
      go_row<&sprig_url_join>("urlJoin"),
      go_row<&sprig_semver>("semver"),
      go_row<&sprig_semver_compare>("semverCompare"),
  };
  return kRows;
}

}  // namespace weir::loki
