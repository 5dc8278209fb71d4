// SPDX-License-Identifier: Apache-2.0
// local.file: the content of one file as a value, read again when it changes.

#include "base/codec/charset.h"
#include "base/fs.h"
#include "base/mutex.h"
#include "interpreter/catalog/lint.h"
#include "interpreter/graph/component.h"
#include "interpreter/schema/codecs.h"

#include <sys/stat.h>

namespace weir::local {
namespace {

constexpr std::size_t kMaxBytes = 64u << 20;
/// How often the file is looked at where the reference would be told by the file system.
constexpr Duration kSoon = std::chrono::milliseconds(250);

/// Text behind a byte order mark, made UTF-8; other content as it is.
std::string without_mark(std::string content) {
  if (content.starts_with("\xef\xbb\xbf")) return content.substr(3);
  const bool little = content.starts_with("\xff\xfe");
  if (!little && !content.starts_with("\xfe\xff")) return content;
  auto decoder = codec::CharsetDecoder::open(little ? "utf-16le" : "utf-16be");
  if (!decoder) return content;
  std::string text;
  decoder->decode(std::string_view(content).substr(2), text);
  decoder->finish(text);
  return text;
}

/// Exports the content of a file.
///
/// Threads: update() from the control thread; looks at the file on a strand of its own.
/// Errors:  a file that cannot be read fails the build; later the last content stays and health
/// tells.
class File final : public graph::Component {
 public:
  struct Args {
    std::string filename;
    std::string detector = "fsnotify";
    Duration poll_frequency = std::chrono::minutes(1);
    bool is_secret = false;
    static schema::Schema schema();
    void validate(schema::Problems& problems) const;
    void lint(catalog::Lint& lint) const {
      if (!filename.empty()) lint.reads(lint.place_of("filename"), filename);
    }
  };
  struct Exports {
    value::OptionalSecret content;
    static schema::Schema schema();
    static value::Type type(const Args& args) {
      using Tag = value::Type::Tag;
      return value::Type::object(
          {{"content", value::Type::of(args.is_secret ? Tag::kSecret : Tag::kOptionalSecret)}});
    }
  };

  explicit File(graph::Context& context)
      : watch_(std::make_shared<Watch>(
            context, context.metrics().gauge("local_file_timestamp_last_accessed_unix_seconds",
                                             "When the file was last read."))),
        strand_(context.pool().strand()) {}
  ~File() override { end(); }

  Status update(Args args);
  Status start() override;
  void stop(Duration) override { end(); }

 private:
  /// Size, time and place of the file when it was read: another of any means it changed.
  struct Look {
    std::uint64_t inode = 0;
    std::int64_t size = -1;
    std::int64_t changed_ns = 0;
    friend bool operator==(const Look&, const Look&) = default;
  };
  /// What looking needs; outlives the component in tasks that are still queued.
  struct Watch {
    Watch(graph::Context& c, Gauge g) : context(&c), accessed(std::move(g)) {}
    Status read(const Args& now) WEIR_REQUIRES(mutex);
    void run() WEIR_EXCLUDES(mutex);
    static Look look(const std::string& path);
    Mutex mutex;
    graph::Context* context WEIR_GUARDED_BY(mutex);  // null once stopped
    const Gauge accessed;
    Args args WEIR_GUARDED_BY(mutex);
    Look seen WEIR_GUARDED_BY(mutex);
    bool failing WEIR_GUARDED_BY(mutex) = false;
  };
  void schedule() WEIR_EXCLUDES(watch_->mutex);
  void end();

  const std::shared_ptr<Watch> watch_;
  const exec::Strand strand_;
  exec::Timer timer_;
  bool started_ = false;
};

schema::Schema File::Args::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Args::filename>("filename", "The file to read.").required(),
      schema::attr<&Args::detector>("detector",
                                    "How soon changes are seen: `fsnotify` looks four times a "
                                    "second, `poll` every `poll_frequency`.")
          .one_of("fsnotify", "poll"),
      schema::attr<&Args::poll_frequency>("poll_frequency", "How often the file is looked at."),
      schema::attr<&Args::is_secret>("is_secret", "Whether the content is a secret."),
  });
  return kTable;
}

void File::Args::validate(schema::Problems& problems) const {
  if (poll_frequency <= Duration{})
    problems.add("poll_frequency", "poll_frequency must be greater than 0", {},
                 text::DiagnosticCode::kBadValue);
}

schema::Schema File::Exports::schema() {
  static constexpr auto kTable = schema::table({
      schema::attr<&Exports::content>("content",
                                      "What the file holds; a secret if `is_secret` says so."),
  });
  return kTable;
}

File::Look File::Watch::look(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  return {info.st_ino, info.st_size,
          static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec};
}

Status File::Watch::read(const Args& now) {
  const Look before = look(now.filename);
  WEIR_TRY(std::string content, fs::read_file(now.filename, kMaxBytes));
  accessed.set(static_cast<double>(context->clock().now().ns) / 1e9);
  seen = before;
  context->publish(Exports{{without_mark(std::move(content)), now.is_secret}});
  return {};
}

void File::Watch::run() {
  MutexLock lock(mutex);
  if (context == nullptr) return;
  if (const Look now = look(args.filename); now == seen && now.size >= 0 && !failing) return;
  const Status done = read(args);
  if (done) {
    if (failing) context->report_health(graph::Health::kHealthy, "read file");
  } else if (!failing) {
    context->report_health(graph::Health::kUnhealthy,
                           format("failed to read file: {}", done.error().message));
    context->log().error("file cannot be read, its last content stays",
                         {{"error", done.error().message}});
  }
  failing = !done;
}

Status File::update(Args args) {
  {
    MutexLock lock(watch_->mutex);
    if (const Status done = watch_->read(args); !done)
      return done.error().within("failed to read file");
    if (watch_->failing) watch_->context->report_health(graph::Health::kHealthy, "read file");
    watch_->failing = false;
    watch_->args = std::move(args);
  }
  if (started_) schedule();
  return {};
}

Status File::start() {
  started_ = true;
  schedule();
  return {};
}

void File::schedule() {
  Duration period;
  {
    MutexLock lock(watch_->mutex);
    period = watch_->args.poll_frequency;
    if (watch_->args.detector == "fsnotify") period = std::min(period, kSoon);
  }
  timer_ = strand_.every(period, [watch = watch_] { watch->run(); });
}

void File::end() {
  timer_.cancel();
  MutexLock lock(watch_->mutex);
  watch_->context = nullptr;
}

}  // namespace
}  // namespace weir::local

namespace weir {
extern constexpr catalog::ComponentDef local_file = graph::define<local::File>(
    "local.file", schema::Stability::kGenerallyAvailable, "Reads a file and exports its content.");
}
