// SPDX-License-Identifier: Apache-2.0
// weir run: keeps a configuration running until a signal ends it. Flags are the reference's.

#include "base/format.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/program.h"
#include "cli/report.h"
#include "server/daemon.h"

#include <filesystem>

namespace weir::cli {
namespace {

constexpr std::string_view kNoClustering = "clustering is not built yet";
constexpr std::string_view kNoConversion = "converting configurations is not built yet";

struct Run {
  struct Flags {
    std::vector<std::string> paths;
    std::string listen_addr = "127.0.0.1:12345";
    std::string memory_addr = "alloy.internal:12345";
    std::string ui_path_prefix = "/";
    bool enable_pprof = true;
    bool disable_support_bundle = false;
    bool enable_graphql = false;
    bool enable_graphql_playground = false;
    std::string storage_path = "data-alloy/";
    bool disable_reporting = false;
    std::string stability_level = "generally-available";
    bool community = false;
    Duration shutdown_deadline = std::chrono::minutes(10);
    bool direct_fanout = false;
    std::string metric_validation_scheme;
    std::string config_format = "alloy";
    bool bypass_conversion_errors = false;
    std::string extra_args;
    bool cluster_enabled = false;
    std::string cluster_text;
    bool cluster_flag = false;
    std::string windows_priority;
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };
  static ExitCode run(const Flags& flags, World& world);
};

schema::Schema Run::Flags::schema() {
  using schema::attr;
  static constexpr auto kTable = schema::table({
      attr<&Flags::paths>(
          "paths", "The configuration: a file, or a directory whose `*.alloy` files are one unit.")
          .required(),
      attr<&Flags::listen_addr>("server.http.listen_addr",
                                "Where the HTTP server listens; port 0 takes any free one."),
      attr<&Flags::memory_addr>("server.http.memory_addr",
                                "The address for traffic inside the process.")
          .not_built("traffic inside the process is not built yet"),
      attr<&Flags::ui_path_prefix>("server.http.ui_path_prefix", "Where the UI and its API are."),
      attr<&Flags::enable_pprof>(
          "server.http.enable_pprof",
          "Answer below /debug/pprof; profiles of the daemon itself are not built yet."),
      attr<&Flags::disable_support_bundle>(
          "server.http.disable_support_bundle",
          "Refuse /-/support; the support bundle is not built yet."),
      attr<&Flags::enable_graphql>("server.http.enable_graphql", "Serve GraphQL.")
          .not_built("GraphQL is not built yet"),
      attr<&Flags::enable_graphql_playground>("server.http.enable_graphql_playground",
                                              "Serve a page for GraphQL.")
          .not_built("GraphQL is not built yet"),
      attr<&Flags::storage_path>("storage.path",
                                 "The folder where components keep what survives a restart."),
      attr<&Flags::disable_reporting>("disable_reporting",
                                      "Accepted; Weir never reports its use to anybody."),
      attr<&Flags::stability_level>("stability.level",
                                    "The least stable features that are admitted.")
          .one_of("experimental", "public-preview", "generally-available"),
      attr<&Flags::community>("feature.community_components.enabled",
                              "Admit community components."),
      attr<&Flags::shutdown_deadline>("feature.component_shutdown_deadline",
                                      "How long components may take to stop."),
      attr<&Flags::direct_fanout>("feature.prometheus.direct_fanout.enabled",
                                  "Another way of passing samples on.")
          .not_built("metrics are not built yet"),
      attr<&Flags::metric_validation_scheme>("feature.prometheus.metric_validation_scheme",
                                             "Accepted for old command lines; it does nothing."),
      attr<&Flags::config_format>(
          "config.format", "The configuration's format; others than `alloy` are not built yet."),
      attr<&Flags::bypass_conversion_errors>("config.bypass_conversion_errors",
                                             "Go on after errors of conversion.")
          .not_built(kNoConversion),
      attr<&Flags::extra_args>("config.extra_args", "Arguments for the converter.")
          .not_built(kNoConversion),
      attr<&Flags::cluster_enabled>("cluster.enabled", "Join a cluster; only false is built."),
      attr<&Flags::cluster_text>("cluster.node_name", "This node's name in a cluster.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.advertise_address", "The address other nodes are told.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.advertise_interfaces",
                                 "The interfaces to find that address on.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.join_addresses", "Nodes to join.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.discover_peers", "How nodes are discovered.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.rejoin_interval", "How often lost nodes are sought.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.max_join_peers", "The most nodes to join.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.name", "The cluster's name.").not_built(kNoClustering),
      attr<&Flags::cluster_flag>("cluster.enable_tls", "Speak TLS with other nodes.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.tls_ca_path", "Authorities of other nodes.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.tls_cert_path", "This node's certificate.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.tls_key_path", "The certificate's key.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.tls_server_name", "The name other nodes show.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.wait_for_size", "How many nodes to wait for.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_text>("cluster.wait_timeout", "How long to wait for them.")
          .not_built(kNoClustering),
      attr<&Flags::cluster_flag>("cluster.use_discovery_v1",
                                 "Accepted for old command lines; it does nothing."),
      attr<&Flags::windows_priority>("windows.priority", "The process's priority on Windows.")
          .not_built("Weir does not run on Windows yet"),
  });
  return kTable;
}

void Run::Flags::validate(schema::Problems& problems) const {
  if (paths.size() > 1) problems.add("paths", "one configuration is needed, a file or a directory");
  if (cluster_enabled)
    problems.add("cluster.enabled", weir::format("--cluster.enabled=true: {}", kNoClustering));
  if (config_format != "alloy")
    problems.add("config.format",
                 weir::format("--config.format={}: {}", config_format, kNoConversion));
  if (!ui_path_prefix.starts_with('/'))
    problems.add("server.http.ui_path_prefix",
                 "--server.http.ui-path-prefix must begin with a slash");
}

/// "host:port"; the host may be empty or a bracketed IPv6 address.
Status read_address(const std::string& text, server::DaemonOptions& options) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos)
    return invalid("--server.http.listen-addr={}: host:port is needed", text);
  options.listen_host = text.substr(0, colon);
  if (options.listen_host.starts_with('[') && options.listen_host.ends_with(']')) {
    options.listen_host = options.listen_host.substr(1, options.listen_host.size() - 2);
  }
  unsigned port = 0;
  const std::string digits = text.substr(colon + 1);
  for (const char c : digits) {
    if (c < '0' || c > '9' || port > 65535)
      return invalid("--server.http.listen-addr={}: wrong port", text);
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  if (digits.empty() || port > 65535)
    return invalid("--server.http.listen-addr={}: wrong port", text);
  options.listen_port = static_cast<std::uint16_t>(port);
  return {};
}

std::string module_path_of(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  return is_directory(path) ? absolute.string() : absolute.parent_path().string();
}

ExitCode Run::run(const Flags& flags, World& world) {
  server::DaemonOptions options;
  if (const Status address = read_address(flags.listen_addr, options); !address) {
    world.err(weir::format("error: {}\n", address.error().message));
    return ExitCode::kUsage;
  }
  if (const auto readable = read_config(flags.paths[0]); !readable) {
    world.err(weir::format("error: {}\n", readable.error().message));
    return ExitCode::kFailed;
  }
  options.api.prefix =
      flags.ui_path_prefix.ends_with('/') ? flags.ui_path_prefix : flags.ui_path_prefix + "/";
  options.api.profiling = flags.enable_pprof;
  options.api.support_bundle = !flags.disable_support_bundle;
  options.storage_path = flags.storage_path;
  options.minimum_stability = *schema::parse_stability(flags.stability_level);
  options.community = flags.community;
  options.shutdown_deadline = flags.shutdown_deadline;
  options.module_path = module_path_of(flags.paths[0]);
  options.read = [path = flags.paths[0]]() -> Result<graph::Controller::Files> {
    WEIR_TRY(const std::vector<NamedText> texts, read_config(path));
    graph::Controller::Files files;
    for (const NamedText& text : texts) files.push_back(text::Source::make(text.name, text.text));
    return files;
  };
  catalog::CallContext context;
  context.env = [](const std::string& name, void* self) {
    return static_cast<World*>(self)->env(name);
  };
  context.env_self = &world;
  server::DaemonExit ended =
      server::run_daemon(options, program_catalog(), program_functions(), context);
  switch (ended.reason) {
    case server::DaemonExit::Reason::kStopped: return ExitCode::kOk;
    case server::DaemonExit::Reason::kFailed:
      world.err(weir::format("error: {}\n", ended.message));
      return ExitCode::kFailed;
    case server::DaemonExit::Reason::kBadConfiguration: break;
  }
  report(ended.diagnostics, world);
  world.err("error: could not perform the initial load successfully\n");
  return ExitCode::kConfiguration;
}

}  // namespace

extern constexpr CommandDef cmd_run = command<Run>("run", "Runs a configuration.", "FILE|DIR");

}  // namespace weir::cli
