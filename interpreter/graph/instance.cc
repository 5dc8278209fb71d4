// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/instance.h"

#include "base/format.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace weir::graph {
namespace {

std::string path_of(const Address& address) {
  return "/" + address.module_id;
}

MetricScope scope_of(const Environment& environment, const Address& address, std::string_view noun,
                     bool shown) {
  const std::string what = noun == "import" ? "config" : "component";
  return MetricScope(shown ? environment.metrics : MetricRegistry::null(),
                     {{what + "_id", address.local_id}, {what + "_path", path_of(address)}});
}

/// One name of a folder for any id: '/' and what else is special becomes %XX.
std::string escape_id(std::string_view id) {
  std::string out;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-' || (c == '.' && !out.empty());
    if (plain) {
      out += c;
    } else {
      out += format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

std::string Address::full() const {
  return module_id.empty() ? local_id : module_id + "/" + local_id;
}

Instance::Instance(const Environment& environment, Inbox& inbox, Address address,
                   std::string_view noun, const catalog::ComponentDef* def, bool metrics)
    : environment_(environment),
      inbox_(inbox),
      address_(std::move(address)),
      id_(address_.full()),
      noun_(noun),
      def_(def),
      log_(environment.log,
           {{"component_path", path_of(address_)}, {"component_id", address_.local_id}}),
      metrics_(scope_of(environment, address_, noun, metrics)),
      health_(environment.clock, format("{} created", noun)) {}

Instance::~Instance() = default;

Status Instance::update(void* args) {
  std::shared_ptr<Component> component = this->component();
  if (component == nullptr) {
    component = def_->make(*this);
    MutexLock lock(mutex_);
    component_ = component;
  }
  Status status = def_->update(*component, args);
  if (status) {
    made_ = true;
  } else if (!made_) {  // half built: the next try begins anew
    MutexLock lock(mutex_);
    component_.swap(component);
    component_.reset();
    published_ = false;
  }
  return status;
}

void Instance::start() {
  if (running_) return;
  running_ = true;
  if (const auto component = this->component()) {
    if (Status status = component->start(); !status) return exited(std::move(status));
  }
  if (!exited_) health_.set_run(Health::kHealthy, format("started {}", noun_));
}

void Instance::wind_down() {
  if (!running_) return;
  if (const auto component = this->component()) component->wind_down();
}

void Instance::stop(Duration deadline) {
  if (!running_) return;
  running_ = false;
  if (const auto component = this->component()) component->stop(deadline);
  if (!exited_) health_.set_run(Health::kExited, "component shut down cleanly");
}

value::Value Instance::exports() const {
  MutexLock lock(mutex_);
  if (!published_ && def_ != nullptr && def_->initial_exports != nullptr)
    return def_->initial_exports();
  return exports_;
}

void Instance::show_exports(value::Value exports) {
  MutexLock lock(mutex_);
  exports_ = std::move(exports);
  published_ = true;
}

std::shared_ptr<const Evaluated> Instance::evaluated() const {
  MutexLock lock(mutex_);
  return evaluated_;
}

void Instance::set_evaluated(std::shared_ptr<const Evaluated> evaluated) {
  MutexLock lock(mutex_);
  evaluated_.swap(evaluated);
}

void Instance::evaluation_failed(const std::string& why) {
  failing_ = true;
  log_.error("evaluation failed", {{"err", why}});
  health_.set_evaluation(Health::kUnhealthy, format("{} evaluation failed: {}", noun_, why));
}

void Instance::evaluated_well(std::string_view what) {
  if (std::exchange(failing_, false)) log_.info("evaluation succeeds again");
  health_.set_evaluation(Health::kHealthy, format("{} evaluated", what));
}

std::shared_ptr<Component> Instance::component() const {
  MutexLock lock(mutex_);
  return component_;
}

void Instance::notify() {
  if (!told_.exchange(true)) inbox_.changed(weak_from_this());
}

Result<std::string> Instance::data_dir() const {
  if (environment_.storage_path.empty())
    return make_error(Code::kNotFound, "there is no storage path");
  const std::filesystem::path path =
      std::filesystem::path(environment_.storage_path) / escape_id(id_);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return system_error(error.value(), path.string());
  return path.string();
}

void Instance::publish(value::Value exports) {
  {
    MutexLock lock(mutex_);
    exports_ = std::move(exports);
    published_ = true;
  }
  notify();
}

void Instance::report_health(Health health, std::string message) {
  health_.set_own(health, std::move(message));
  notify();
}

void Instance::exited(Status why) {
  exited_ = true;
  if (why) {
    log_.info("node exited without error");
    health_.set_run(Health::kExited, "component shut down cleanly");
  } else {
    log_.error("node exited with error", {{"err", why.error().message}});
    health_.set_run(Health::kExited,
                    format("component shut down with error: {}", why.error().message));
  }
  notify();
}

void* Instance::service(const void* key) const {
  return environment_.services == nullptr ? nullptr : environment_.services->find(key);
}

}  // namespace weir::graph
