// SPDX-License-Identifier: Apache-2.0
#include "server/api.h"

#include "base/codec/json.h"
#include "base/format.h"

namespace weir::server {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kComponentPath = "/api/v0/component/";

net::ServerResponse text(int status, std::string body) {
  return {status, std::move(body), "text/plain; charset=utf-8", {}};
}
net::ServerResponse json(std::string body) {
  return {200, std::move(body), std::string(kJson), {}};
}
net::ServerResponse not_built(std::string_view what) {
  return text(501, format("{} is not built yet\n", what));
}

std::string quoted(std::string_view word) {
  std::string out;
  codec::append_json_string(out, word);
  return out;
}

std::string list_of(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ",") + quoted(word);
  return "[" + out + "]";
}

/// What follows `prefix`, or nothing.
std::optional<std::string_view> below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return std::nullopt;
  return path.substr(prefix.size());
}

}  // namespace

net::ServerResponse Api::answer(const net::ServerRequest& request) const {
  if (const auto rest = below(request.path, kComponentPath))
    return component_handler(request, *rest);
  if (request.method == "GET" || request.method == "HEAD") return page(request.path);
  net::ServerResponse response = text(405, "only GET is answered here\n");
  response.headers.emplace_back("Allow", "GET, HEAD");
  return response;
}

net::ServerResponse Api::page(std::string_view path) const {
  if (path == "/-/healthy" || path == "/healthy") return healthy();
  if (path == "/metrics")
    return {200, metrics_.text(), "text/plain; version=0.0.4; charset=utf-8", {}};
  if (const auto rest = below(path, options_.prefix + "api/v0/web/")) return web(*rest);
  if (path == "/-/support") {
    return options_.support_bundle ? not_built("the support bundle")
                                   : text(403, "the support bundle is disabled\n");
  }
  if (options_.profiling && (path == "/debug/pprof" || path.starts_with("/debug/pprof/")))
    return not_built("profiling of the daemon itself");
  if (path == options_.prefix || path == "/") {
    return text(
        404,
        format(
            "the web UI is not built yet; see {}api/v0/web/components, /-/healthy and /metrics\n",
            options_.prefix));
  }
  return text(404, "not found\n");
}

net::ServerResponse Api::healthy() const {
  std::string unhealthy;
  const auto picture = controller_.picture();  // what the loop points into
  for (const graph::NodeView* node : picture->unhealthy())
    unhealthy += (unhealthy.empty() ? "" : ", ") + node->id();
  if (unhealthy.empty()) return text(200, "All Alloy components are healthy.\n");
  return text(500, format("unhealthy components: {}\n", unhealthy));
}

net::ServerResponse Api::web(std::string_view path) const {
  if (path == "components") return list("");
  if (path == "peers") return json("[]");
  if (const auto id = below(path, "components/")) return component(*id);
  if (const auto rest = below(path, "modules/"); rest && rest->ends_with("/components")) {
    return list(rest->substr(0, rest->size() - std::string_view("/components").size()));
  }
  if (path == "graph" || path.starts_with("graph/") || path.starts_with("debug/"))
    return not_built("the stream of live data");
  if (path.starts_with("remotecfg/")) return not_built("remote configuration");
  return text(404, "not found\n");
}

net::ServerResponse Api::list(std::string_view module_id) const {
  const auto picture = controller_.picture();
  if (!picture->has_module(module_id)) return text(500, format("no module \"{}\"\n", module_id));
  std::string body;
  for (const graph::NodeView* node : picture->shown(module_id))
    body += (body.empty() ? "" : ",") + describe(*node, false);
  return json("[" + body + "]");
}

net::ServerResponse Api::component(std::string_view id) const {
  const auto picture = controller_.picture();
  const graph::NodeView* node = picture->find(id);
  if (node == nullptr || node->service) return text(404, format("no component \"{}\"\n", id));
  return json(describe(*node, true));
}

net::ServerResponse Api::component_handler(const net::ServerRequest& request,
                                           std::string_view path) const {
  // An id may hold slashes, of modules: the longest prefix that names a component is it.
  const auto picture = controller_.picture();
  for (std::size_t end = path.size(); end != std::string_view::npos && end > 0;
       end = path.rfind('/', end - 1)) {
    const std::string_view id = path.substr(0, end);
    if (picture->find(id) == nullptr) continue;
    const std::string_view rest = path.substr(end);
    const graph::ComponentResponse response = controller_.handle(
        id, {request.method, rest.empty() ? "/" : std::string(rest), request.query, request.body});
    return {response.status, response.body, response.content_type, {}};
  }
  return text(404, "no such component\n");
}

std::string Api::describe(const graph::NodeView& node, bool whole) const {
  const graph::HealthReport health = node.health();
  std::string out = format(R"({{"name":{},"type":"block","localID":{},"moduleID":{})",
                           quoted(node.name), quoted(node.local_id), quoted(node.module_id));
  if (!node.label.empty()) out += ",\"label\":" + quoted(node.label);
  out +=
      format(R"(,"referencesTo":{},"referencedBy":{},"dataFlowEdgesTo":{})",
             list_of(node.references_to), list_of(node.referenced_by), list_of(node.data_flows_to));
  out += format(R"(,"health":{{"state":"{}","message":{},"updatedTime":"{}"}},"original":"")",
                to_string(health.state), quoted(health.message), print_rfc3339(health.updated));
  out +=
      format(R"(,"arguments":{},"exports":{},"debugInfo":{})", whole ? node.arguments_json() : "[]",
             whole ? node.exports_json() : "[]", whole ? node.debug_info_json() : "[]");
  if (!node.module_ids.empty()) out += ",\"createdModuleIDs\":" + list_of(node.module_ids);
  return out + format(",\"liveDebuggingEnabled\":{}}}", live_.enabled.load());
}

}  // namespace weir::server
