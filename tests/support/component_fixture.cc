// SPDX-License-Identifier: Apache-2.0
#include "tests/support/component_fixture.h"

#include "interpreter/eval/evaluate.h"
#include "interpreter/syntax/parse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <thread>

namespace weir::test {

std::ostream& operator<<(std::ostream& out, const LogRecord& record) {
  out << record.time.ns << " {";
  for (const auto& [name, value] : record.labels) out << name << "=" << value << ",";
  out << "} " << record.line;
  for (const auto& [name, value] : record.metadata) out << " " << name << "=" << value;
  return out;
}

LogBatch log_batch(const std::vector<LogRecord>& records, Receipt receipt) {
  LogBatch batch;
  for (const LogRecord& record : records) {
    std::vector<Label> labels, metadata;
    for (const auto& [name, value] : record.labels) labels.push_back({name, value});
    for (const auto& [name, value] : record.metadata)
      metadata.push_back({batch.text(name), batch.text(value)});
    const std::uint32_t index = batch.label_index(Labels::of(std::move(labels)));
    batch.add(record.time, batch.text(record.line), index, batch.metadata(metadata));
  }
  batch.receipt = std::move(receipt);
  return batch;
}

std::vector<LogRecord> records(const LogBatch& batch) {
  std::vector<LogRecord> out;
  for (const Entry& entry : batch.entries()) {
    LogRecord& record = out.emplace_back();
    record.time = entry.time;
    record.line = entry.line;
    for (const Label& label : batch.labels(entry)) record.labels.emplace(label.name, label.value);
    for (const Label& label : entry.metadata) record.metadata.emplace_back(label.name, label.value);
  }
  return out;
}

CaptureLogs::CaptureLogs() {
  port_->open(*this);
}

CaptureLogs::~CaptureLogs() {
  port_->close();
}

value::Value CaptureLogs::receiver() const {
  return schema::Codec<LogReceiver>::encode({port_});
}

std::vector<LogRecord> CaptureLogs::records() const {
  MutexLock lock(mutex_);
  return records_;
}

std::vector<std::string> CaptureLogs::lines() const {
  MutexLock lock(mutex_);
  std::vector<std::string> out;
  for (const LogRecord& record : records_) out.push_back(record.line);
  return out;
}

std::size_t CaptureLogs::batches() const {
  MutexLock lock(mutex_);
  return batches_;
}

void CaptureLogs::clear() {
  MutexLock lock(mutex_);
  records_.clear();
  batches_ = 0;
}

void CaptureLogs::answer(std::optional<Outcome> outcome) {
  MutexLock lock(mutex_);
  outcome_ = outcome;
}

void CaptureLogs::settle_held(Outcome outcome) {
  std::vector<LogBatch> held;
  {
    MutexLock lock(mutex_);
    held.swap(held_);
  }
  for (LogBatch& batch : held) batch.receipt.settle(outcome);
}

void CaptureLogs::consume(LogBatch batch) {
  std::optional<Outcome> outcome;
  {
    MutexLock lock(mutex_);
    for (LogRecord& record : test::records(batch)) records_.push_back(std::move(record));
    ++batches_;
    outcome = outcome_;
    if (!outcome) held_.push_back(std::move(batch));
  }
  if (outcome) batch.receipt.settle(*outcome);
}

Receipt Outcomes::receipt() {
  return Receipt::make([state = state_](Outcome outcome) {
    MutexLock lock(state->mutex);
    state->all.push_back(outcome);
  });
}

std::vector<Outcome> Outcomes::all() const {
  MutexLock lock(state_->mutex);
  return state_->all;
}

std::size_t Outcomes::count(Verdict verdict) const {
  const std::vector<Outcome> outcomes = all();
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(),
                    [verdict](const Outcome& outcome) { return outcome.verdict == verdict; }));
}

DecodedArgs decode_args(const catalog::ComponentDef& def, std::string_view body,
                        const Names& names) {
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(text::Source::make("test", std::string(body)), sink);
  eval::Variables scope;
  for (const auto& [name, value] : names) scope.set(name, eval::Known::of(value));
  const catalog::FunctionTable functions;
  const catalog::CallContext call_context;
  eval::Evaluator evaluator(scope, functions, call_context, eval::Mode::kRun, sink);
  const schema::EvaluatedBody evaluated = evaluator.body(file->body);
  DecodedArgs out;
  out.args = def.args().make();
  schema::DecodeContext context;
  context.name = def.name;
  if (!sink.has_errors()) schema::decode(def.args(), evaluated, context, out.args.get(), sink);
  for (const text::Diagnostic& d : sink.all()) {
    const text::Position at = d.span.start();
    if (d.severity != text::Severity::kError) {
      out.warnings +=
          format("{} {}:{}: {}\n", text::info(d.code).number, at.line, at.column, d.message);
      continue;
    }
    out.errors +=
        format("{}{}:{}: {}", out.errors.empty() ? "" : "\n", at.line, at.column, d.message);
  }
  if (out.errors.empty() && def.lint != nullptr) {
    catalog::Lint lint(evaluated, {});
    def.lint(out.args.get(), lint);
    out.lint = lint.statements();
  }
  return out;
}

bool soon(const std::function<bool()>& ready, std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!ready()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

TestComponent::TestComponent(const catalog::ComponentDef& def, Names names, Clock& clock)
    : def_(def),
      names_(std::move(names)),
      clock_(clock),
      id_(format("{}.test", def.name)),
      output_(clock),
      logger_(output_, {{"component_id", id_}}),
      scope_(MetricScope(registry_).with("component_id", id_)) {
  output_.configure(LogLevel::kDebug, LogFormat::kLogfmt);
  output_.redirect([this](std::string_view line, LogLevel) {
    MutexLock lock(mutex_);
    lines_.emplace_back(line);
  });
  component_ = def_.make(*this);
}

TestComponent::~TestComponent() {
  if (running_) stop(std::chrono::seconds(1));
  component_.reset();
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

std::string TestComponent::update(std::string_view body) {
  const DecodedArgs decoded = decode_args(def_, body, names_);
  if (!decoded.errors.empty()) return decoded.errors;
  const Status status = def_.update(*component_, decoded.args.get());
  return status ? "" : status.error().message;
}

Status TestComponent::start() {
  Status status = component_->start();
  running_ = status.has_value();
  return status;
}

void TestComponent::stop(Duration deadline) {
  if (running_) component_->wind_down();
  component_->stop(deadline);
  running_ = false;
}

void TestComponent::renew() {
  component_.reset();
  component_ = def_.make(*this);
}

value::Value TestComponent::exports() const {
  MutexLock lock(mutex_);
  return exports_;
}

std::shared_ptr<LogPort> TestComponent::logs(std::string_view name) const {
  const value::Value all = exports();
  const value::Value* one = all.is_null() ? nullptr : all.as_object().find(name);
  LogReceiver receiver;
  schema::Decoder decoder;
  if (one != nullptr) schema::Codec<LogReceiver>::decode(*one, receiver, decoder);
  return receiver.port;
}

double TestComponent::metric(std::string_view series) const {
  const std::string all = "\n" + registry_.text();
  const std::size_t at = all.find(format("\n{} ", series));
  return at == std::string::npos ? 0 : std::strtod(all.c_str() + at + series.size() + 2, nullptr);
}

std::vector<std::string> TestComponent::log_lines() const {
  MutexLock lock(mutex_);
  return lines_;
}

bool TestComponent::logged(std::string_view part) const {
  const std::vector<std::string> lines = log_lines();
  return std::any_of(lines.begin(), lines.end(), [part](const std::string& line) {
    return line.find(part) != std::string::npos;
  });
}

std::pair<graph::Health, std::string> TestComponent::health() const {
  MutexLock lock(mutex_);
  return health_;
}

bool TestComponent::has_exited() const {
  MutexLock lock(mutex_);
  return exited_;
}

Result<std::string> TestComponent::data_dir() const {
  MutexLock lock(mutex_);
  if (folder_.empty()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "weir-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return system_error(errno, pattern);
    folder_ = pattern;
  }
  return folder_;
}

void TestComponent::publish(value::Value exports) {
  MutexLock lock(mutex_);
  exports_ = std::move(exports);
}

void TestComponent::report_health(graph::Health health, std::string message) {
  MutexLock lock(mutex_);
  health_ = {health, std::move(message)};
}

void TestComponent::exited(Status) {
  MutexLock lock(mutex_);
  exited_ = true;
}

std::unique_ptr<TestComponent> make_component(const catalog::ComponentDef& def,
                                              std::string_view body, Names names, Clock& clock) {
  auto made = std::make_unique<TestComponent>(def, std::move(names), clock);
  const std::string errors = made->update(body);
  EXPECT_EQ(errors, "");
  if (!errors.empty()) return nullptr;
  const Status started = made->start();
  EXPECT_TRUE(started) << started.error().message;
  return started ? std::move(made) : nullptr;
}

}  // namespace weir::test
