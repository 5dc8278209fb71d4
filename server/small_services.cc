// SPDX-License-Identifier: Apache-2.0
// Service blocks that only take their arguments: what they configure is small, or not built yet.

#include "interpreter/graph/component.h"
#include "server/live_debugging.h"

namespace weir::server {
namespace {

constexpr catalog::ComponentDef singleton(catalog::ComponentDef def) {
  def.singleton = true;
  return def;
}

/// `livedebugging`: whether components may show the data that flows through them.
struct LiveDebuggingService final : graph::Component {
  struct Args {
    bool enabled = false;
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          schema::attr<&Args::enabled>(
              "enabled", "Whether components may show the data that flows through them."),
      });
      return kTable;
    }
  };
  explicit LiveDebuggingService(graph::Context& context)
      : state_(context.service<LiveDebugging>()) {}
  Status update(Args args) {
    if (state_ != nullptr) state_->enabled = args.enabled;
    return {};
  }

 private:
  LiveDebugging* state_;
};

/// `tracing`: Weir makes no traces of itself yet; sampling is taken, sending refused.
struct TracingService final : graph::Component {
  struct JaegerRemote {
    std::string url = "http://127.0.0.1:5778/sampling";
    double max_operations = 256;
    Duration refresh_interval = std::chrono::minutes(1);
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          schema::attr<&JaegerRemote::url>("url", "Where sampling strategies are fetched."),
          schema::attr<&JaegerRemote::max_operations>("max_operations",
                                                      "The most operations sampled apart."),
          schema::attr<&JaegerRemote::refresh_interval>("refresh_interval",
                                                        "How often strategies are fetched."),
      });
      return kTable;
    }
  };
  struct Sampler {
    std::optional<JaegerRemote> jaeger_remote;
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({schema::block<&Sampler::jaeger_remote>(
          "jaeger_remote", "Sampling as a Jaeger server says.")});
      return kTable;
    }
  };
  struct Args {
    double sampling_fraction = 0.1;
    std::vector<value::Value> write_to;
    bool send_traceparent = false;
    std::optional<Sampler> sampler;
    static schema::Schema schema() {
      static constexpr auto kTable = schema::table({
          schema::attr<&Args::sampling_fraction>("sampling_fraction",
                                                 "The share of traces that is kept."),
          schema::attr<&Args::write_to>("write_to", "Receivers of traces of the daemon itself.")
              .not_built("traces of Weir itself are not built yet: remove write_to, the rest of "
                         "the configuration works without it"),
          schema::attr<&Args::send_traceparent>("send_traceparent",
                                                "Whether requests carry a traceparent header."),
          schema::block<&Args::sampler>("sampler", "Another way of choosing traces."),
      });
      return kTable;
    }
  };
  explicit TracingService(graph::Context&) {}
  Status update(const Args&) { return {}; }
};

}  // namespace

extern constexpr catalog::ComponentDef service_livedebugging = singleton(
    graph::define<LiveDebuggingService>("livedebugging", schema::Stability::kGenerallyAvailable,
                                        "Lets components show the data that flows through them."));
extern constexpr catalog::ComponentDef service_tracing = singleton(graph::define<TracingService>(
    "tracing", schema::Stability::kGenerallyAvailable, "Configures traces of the daemon itself."));

}  // namespace weir::server
