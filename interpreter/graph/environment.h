// SPDX-License-Identifier: Apache-2.0
// What a program gives its graph: what there is to build, and the world to build it in.

#pragma once

#include "base/clock.h"
#include "base/exec/executor.h"
#include "base/exec/file_events.h"
#include "base/log.h"
#include "base/metrics.h"
#include "interpreter/catalog/component_def.h"
#include "interpreter/catalog/function_def.h"
#include "interpreter/graph/component.h"

#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace weir::graph {

/// What components may ask of the program, by type. Filled before the first load, then only read.
class Services {
 public:
  template <class T>
  void provide(T& service) {
    services_[service_key<T>()] = &service;
  }
  [[nodiscard]] void* find(const void* key) const {
    const auto at = services_.find(key);
    return at == services_.end() ? nullptr : at->second;
  }

 private:
  std::map<const void*, void*> services_;
};

/// Outlives the controller.
struct Environment {
  const catalog::Catalog& catalog;
  const catalog::FunctionTable& functions;
  catalog::CallContext call_context{};
  exec::Pool& pool;
  Clock& clock = Clock::system();
  MetricRegistry& metrics = MetricRegistry::null();
  LogOutput& log = LogOutput::null();
  const Services* services = nullptr;
  exec::FileEvents* file_events = nullptr;  ///< null: imported files are looked at now and then
  std::string storage_path = {};            ///< empty: components get no folder
  std::stop_token stopping = {};            ///< what is waited for is not worth it any more
  schema::Stability minimum_stability = schema::Stability::kGenerallyAvailable;
  bool community = false;
  /// Names that expressions at the root see besides the library's.
  std::vector<std::pair<std::string, value::Value>> variables = {};
};

}  // namespace weir::graph
