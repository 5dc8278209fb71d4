// SPDX-License-Identifier: Apache-2.0
// loki.source.file: log lines from files, each sent until somebody has it.
//
// The parts: Keeper follows paths and saves cursors; Follower orders the generations of one path;
// LogFile reads one file; ReadQueue decides which next. This file makes them from arguments.

#include "base/fs.h"
#include "components/core/file_match.h"
#include "components/loki/source_file/keeper.h"
#include "interpreter/graph/component.h"

#include <optional>

namespace weir::loki {
namespace {

constexpr std::size_t kMaxPositionsBytes = 256u << 20;
constexpr Duration kShortestSync = std::chrono::milliseconds(10);

/// Reads files and sends their lines.
///
/// Data:    LogBatch out; its cursors move when receipts settle, what is abandoned is read again.
/// Threads: update() from the control thread; files are read by tasks on the pool, one task a file
/// at a time. Errors:  a damaged cursor store fails the build; files that cannot be read show in
/// health and are tried again. Source:  data-plane design: receipts, windows, cursors.
class SourceFile final : public graph::Component {
 public:
  struct Decompression {
    bool enabled = false;
    std::string format;
    Duration initial_delay{};
    static schema::Schema schema();
  };
  struct FileWatch {
    Duration min_poll_frequency = std::chrono::milliseconds(250);
    Duration max_poll_frequency = std::chrono::milliseconds(250);
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };
  struct Matching {
    bool enabled = false;
    Duration ignore_older_than{};
    Duration sync_period = std::chrono::seconds(10);
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
  };
  struct Args {
    std::vector<LogReceiver> forward_to;
    std::vector<Target> targets;
    std::string encoding;
    std::string legacy_positions_file;
    std::optional<std::string> on_positions_file_error;
    bool tail_from_end = false;
    std::optional<Decompression> decompression;
    FileWatch file_watch;
    Matching file_match;
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void lint(catalog::Lint& lint) const;
  };

  explicit SourceFile(graph::Context& context);
  ~SourceFile() override {
    end();
    keeper_->halt();
  }

  Status update(Args args);
  Status start() override;
  void wind_down() override;
  void stop(Duration deadline) override;
  [[nodiscard]] value::Value debug_info() const override;

 private:
  /// Which files the targets mean; outlives the component in tasks that are still queued.
  struct Finder {
    [[nodiscard]] FollowedPaths find() const WEIR_REQUIRES(mutex);
    void run() WEIR_EXCLUDES(mutex);
    Mutex mutex;
    graph::Context* context WEIR_GUARDED_BY(mutex) = nullptr;  // null once stopped
    std::shared_ptr<Keeper> keeper WEIR_GUARDED_BY(mutex);
    std::vector<Target> targets WEIR_GUARDED_BY(mutex);
    Matching matching WEIR_GUARDED_BY(mutex);
  };

  Status load(const Args& args, const FollowedPaths& paths);
  Status import_positions(const std::string& file, const Args& args, const FollowedPaths& paths,
                          bool& found);
  void schedule() WEIR_EXCLUDES(finder_->mutex);
  void end() WEIR_EXCLUDES(finder_->mutex);

  graph::Context& context_;
  const std::shared_ptr<Flow> flow_ = std::make_shared<Flow>();
  const std::shared_ptr<Keeper> keeper_;
  const std::shared_ptr<Finder> finder_ = std::make_shared<Finder>();
  const exec::Strand strand_;
  exec::Timer timer_;
  bool loaded_ = false;
  bool started_ = false;
};

schema::Schema SourceFile::Decompression::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Decompression::enabled>("enabled", "Whether files are decompressed.")
          .required(),
      schema::attr<&Decompression::format>("format", "How files are compressed.")
          .required()
          .one_of("gz", "z", "bz2"),
      schema::attr<&Decompression::initial_delay>(
          "initial_delay", "How long a new file has to be unchanged before it is read."),
  });
  return kTable;
}

schema::Schema SourceFile::FileWatch::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&FileWatch::min_poll_frequency>("min_poll_frequency",
                                                   "How often a file that changes is looked at."),
      schema::attr<&FileWatch::max_poll_frequency>(
          "max_poll_frequency",
          "How often a file that does not change is looked at in the end; each look that finds no "
          "change doubles the wait."),
  });
  return kTable;
}

void SourceFile::FileWatch::validate(schema::Problems& problems) const {
  if (min_poll_frequency <= Duration{})
    problems.add("min_poll_frequency", "min_poll_frequency must be greater than 0", {},
                 text::DiagnosticCode::kBadValue);
  if (max_poll_frequency <= Duration{})
    problems.add("max_poll_frequency", "max_poll_frequency must be greater than 0", {},
                 text::DiagnosticCode::kBadValue);
}

schema::Schema SourceFile::Matching::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Matching::enabled>("enabled",
                                       "Whether `__path__` of the targets is a pattern; files that "
                                       "match `__path_exclude__` are left out."),
      schema::attr<&Matching::ignore_older_than>(
          "ignore_older_than",
          "Files that have not changed for so long are left out; `0s` leaves none out."),
      schema::attr<&Matching::sync_period>("sync_period", "How often files are looked up."),
  });
  return kTable;
}

void SourceFile::Matching::validate(schema::Problems& problems) const {
  if (sync_period <= Duration{})
    problems.add("sync_period", "sync_period must be greater than 0", {},
                 text::DiagnosticCode::kBadValue);
}

schema::Schema SourceFile::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Args::forward_to>("forward_to", "Where entries go.").required(),
      schema::attr<&Args::targets>("targets",
                                   "Files to read: `__path__` names them, other labels go with "
                                   "their lines; labels that begin with `__` do not.")
          .required(),
      schema::attr<&Args::encoding>("encoding",
                                    "The files' encoding, by its IANA name; UTF-8 by default. A "
                                    "byte order mark tells UTF-16 by itself."),
      schema::attr<&Args::legacy_positions_file>("legacy_positions_file",
                                                 "A positions file of another program to go on "
                                                 "from; read once, when there are no cursors yet."),
      schema::attr<&Args::on_positions_file_error>(
          "on_positions_file_error",
          "What to do with a file whose position in an old positions file cannot be read.")
          .one_of("skip", "restart_from_end", "restart_from_beginning"),
      schema::attr<&Args::tail_from_end>(
          "tail_from_end", "Whether a file that was never read before is read from its end."),
      schema::block<&Args::decompression>("decompression", "Reads compressed files, each once."),
      schema::block<&Args::file_watch>("file_watch", "How often files are looked at."),
      schema::block<&Args::file_match>("file_match",
                                       "Finds files by patterns, as `local.file_match` does."),
  });
  return kTable;
}

void SourceFile::Args::validate(schema::Problems& problems) const {
  if (encoding.empty()) return;
  if (const auto decoder = codec::CharsetDecoder::open(encoding); !decoder) {
    problems.add("encoding", decoder.error().message,
                 "encodings have IANA names: utf-16le, windows-1252, shift_jis",
                 text::DiagnosticCode::kBadValue);
  }
}

/// Warns of a pattern that nobody will look up.
void lint_patterns(const std::vector<Target>& targets, catalog::Lint& lint) {
  for (const Target& target : targets) {
    const std::string_view path = target.get(kPathLabel);
    if (path.find_first_of("*?{") == std::string_view::npos) continue;
    lint.warn("targets", text::DiagnosticCode::kPatternAsPath,
              format("\"{}\" is a pattern, but is read as the path of one file", path),
              "add file_match { enabled = true }, or find the files with local.file_match");
    return;
  }
}

void SourceFile::Args::lint(catalog::Lint& lint) const {
  lint_paths("targets", lint);
  lint_container_paths(targets, "targets", lint);
  lint.passes(text::DiagnosticCode::kContainerFormat);
  lint_label_names("targets", lint);
  lint.gives(text::DiagnosticCode::kNeverExtracted, "filename");
  bool matches = file_match.enabled;
  for (const schema::EvaluatedBlock* block : lint.blocks("file_match")) {
    for (const auto& attribute : block->body.attributes)
      matches = matches || (attribute.name == "enabled" && !attribute.value);
  }
  if (!matches) lint_patterns(targets, lint);
}

FollowedPaths SourceFile::Finder::find() const {
  const auto trouble = [this](std::string_view pattern, const Error& error) {
    context->log().error("pattern cannot be read",
                         {{"pattern", pattern}, {"error", error.message}});
  };
  const std::vector<Target> files =
      matching.enabled
          ? match_files(targets, matching.ignore_older_than, context->clock().now(), trouble)
          : targets;
  FollowedPaths paths;
  for (const Target& target : files) {
    const std::string path(target.get(kPathLabel));
    if (path.empty()) continue;
    std::vector<Label> labels = target.labels();
    std::erase_if(labels, [](const Label& label) {
      return label.name.starts_with("__") || label.value.empty() || label.name == "filename";
    });
    labels.push_back({"filename", path});
    const Labels stream = Labels::of(std::move(labels));
    std::vector<Labels>& streams = paths[path];
    if (std::find(streams.begin(), streams.end(), stream) == streams.end())
      streams.push_back(stream);
  }
  return paths;
}

void SourceFile::Finder::run() {
  MutexLock lock(mutex);
  if (context != nullptr) keeper->follow(find());
}

SourceFile::SourceFile(graph::Context& context)
    : context_(context),
      keeper_(std::make_shared<Keeper>(
          context.pool(), context.clock(), context.log(), flow_,
          [scope = context.metrics()](const std::string& path) {
            const MetricLabels of = {{"path", path}};
            return FileMetrics{
                scope.gauge("loki_source_file_file_bytes_total", "Size of the file.", of),
                scope.gauge("loki_source_file_read_bytes_total", "How far the file is read.", of),
                scope.counter("loki_source_file_read_lines_total", "Lines read from the file.",
                              of)};
          })),
      strand_(context.pool().strand()) {
  const auto dropped = [&](std::string reason) {
    return context.metrics().counter("loki_source_file_dropped_bytes_total",
                                     "Bytes of files that could not be sent.",
                                     {{"reason", std::move(reason)}});
  };
  flow_->files_active =
      context.metrics().gauge("loki_source_file_files_active_total", "Files that are being read.");
  flow_->sent = context.metrics().counter("loki_source_file_sent_entries_total",
                                          "Log entries sent on, those offered again too.");
  flow_->errors = context.metrics().counter("loki_source_file_errors_total",
                                            "How often a file could not be read.");
  flow_->too_long = dropped("line_too_long");
  flow_->gone = dropped("file_truncated");
  flow_->lost = dropped("file_deleted");
  flow_->next.set(std::make_shared<const Fanout<LogBatch>>());
  MutexLock lock(finder_->mutex);
  finder_->context = &context;
  finder_->keeper = keeper_;
}

Status SourceFile::update(Args args) {
  KeeperOptions options;
  options.min_poll = args.file_watch.min_poll_frequency;
  options.max_poll = std::max(args.file_watch.max_poll_frequency, options.min_poll);
  options.tail_from_end = args.tail_from_end;
  TextRules rules;
  rules.encoding = args.encoding;
  if (args.decompression && args.decompression->enabled) {
    const std::string& named = args.decompression->format;
    rules.compression = named == "gz"  ? codec::Compression::kGzip
                        : named == "z" ? codec::Compression::kZlib
                                       : codec::Compression::kBzip2;
    options.initial_delay = args.decompression->initial_delay;
  }
  FollowedPaths paths;
  {
    MutexLock lock(finder_->mutex);
    std::swap(finder_->targets, args.targets);
    std::swap(finder_->matching, args.file_match);
    paths = finder_->find();
    if (!loaded_) {
      if (const Status loaded = load(args, paths); !loaded) return loaded.error();
      loaded_ = true;
    }
  }
  flow_->next.set(std::make_shared<const Fanout<LogBatch>>(std::move(args.forward_to)));
  keeper_->configure(std::move(options), std::move(rules));
  keeper_->follow(std::move(paths));
  if (started_) schedule();
  return {};
}

Status SourceFile::load(const Args& args, const FollowedPaths& paths) {
  WEIR_TRY(const std::string folder, context_.data_dir());
  WEIR_TRY_STATUS(keeper_->load(folder + "/cursors"));
  if (keeper_->has_store()) return {};
  bool found = false;
  WEIR_TRY_STATUS(import_positions(folder + "/positions.yml", args, paths, found));
  if (found || args.legacy_positions_file.empty()) return {};
  WEIR_TRY_STATUS(import_positions(args.legacy_positions_file, args, paths, found));
  if (!found)
    context_.log().info("there is no old positions file", {{"file", args.legacy_positions_file}});
  return {};
}

/// A file that cannot be read fails, unless the configuration says what is to be done: to read
/// everything again in silence is what nobody wants.
Status SourceFile::import_positions(const std::string& file, const Args& args,
                                    const FollowedPaths& paths, bool& found) {
  const std::string policy = args.on_positions_file_error.value_or("restart_from_beginning");
  const OnBadPosition bad = policy == "skip"               ? OnBadPosition::kSkip
                            : policy == "restart_from_end" ? OnBadPosition::kEnd
                                                           : OnBadPosition::kBeginning;
  auto text = fs::read_file(file, kMaxPositionsBytes);
  if (!text && text.error().code == Code::kNotFound) return {};
  found = true;
  auto positions =
      text ? parse_positions(*text) : Result<std::vector<LegacyPosition>>(text.error());
  if (!positions && !args.on_positions_file_error) {
    return invalid(
        "the old positions file {} cannot be read: {}; mend it, remove it, or set "
        "on_positions_file_error to say where files begin",
        file, positions.error().message);
  }
  if (!positions) {
    context_.log().error("the old positions file cannot be read",
                         {{"file", file}, {"error", positions.error().message}, {"then", policy}});
    positions = std::vector<LegacyPosition>();
    for (const auto& [path, streams] : paths) positions->push_back({path, "", std::nullopt});
  }
  keeper_->import(*positions, paths, bad);
  return {};
}

Status SourceFile::start() {
  started_ = true;
  keeper_->start([context = &context_](const std::string& trouble) {
    context->report_health(trouble.empty() ? graph::Health::kHealthy : graph::Health::kUnhealthy,
                           trouble.empty() ? "reading files" : trouble);
  });
  schedule();
  return {};
}

void SourceFile::schedule() {
  timer_.cancel();
  Duration period;
  {
    MutexLock lock(finder_->mutex);
    if (!finder_->matching.enabled) return;
    period = finder_->matching.sync_period;
  }
  timer_ = strand_.every(std::max(period, kShortestSync), [finder = finder_] { finder->run(); });
}

void SourceFile::end() {
  timer_.cancel();
  MutexLock lock(finder_->mutex);
  finder_->context = nullptr;
}

void SourceFile::wind_down() {
  end();
  keeper_->halt();
}

void SourceFile::stop(Duration deadline) {
  end();
  keeper_->stop(deadline);
}

value::Value SourceFile::debug_info() const {
  value::Array files;
  for (const FileState& state : keeper_->states()) {
    std::string labels;
    for (const Labels& stream : state.streams) {
      labels += labels.empty() ? "{" : " {";
      for (const Label& label : stream)
        labels += format("{}{}=\"{}\"", labels.back() == '{' ? "" : ", ", label.name, label.value);
      labels += "}";
    }
    value::Object object;
    object.ordered = true;
    object.members = {{"path", value::Value(state.path)},
                      {"labels", value::Value(labels)},
                      {"is_running", value::Value(state.running)},
                      {"read_offset", value::Value::natural(state.offset)},
                      {"size", value::Value::natural(state.size)},
                      {"unread", value::Value::natural(state.unread)},
                      {"last_error", value::Value(state.error)}};
    files.emplace_back(std::move(object));
  }
  value::Object info;
  info.ordered = true;
  info.members = {{"targets_info", value::Value(std::move(files))}};
  return value::Value(std::move(info));
}

}  // namespace
}  // namespace weir::loki

namespace weir {
extern constexpr catalog::ComponentDef loki_source_file =
    graph::define<loki::SourceFile>("loki.source.file", schema::Stability::kGenerallyAvailable,
                                    "Reads log files and sends their lines.");
}
