// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/keeper.h"

#include <algorithm>
#include <sys/resource.h>
#include <utility>

namespace weir::loki {
namespace {

constexpr Duration kFirstRetry = std::chrono::milliseconds(250);
constexpr Duration kLastRetry = std::chrono::seconds(10);
constexpr Duration kCleanEvery = std::chrono::minutes(1);
/// How long the cursor of a file that is gone is kept: it may only be out of sight, its disk not
/// mounted.
constexpr Duration kKeepGone = std::chrono::hours(1);

/// A quick save waits so many times as long as the last one took.
constexpr int kSaveShare = 50;

/// A dead destination does not hold up a reload: what it did not take is sent again.
constexpr Duration kDrain = std::chrono::seconds(5);

/// How many files may be open at once: half of what the process may have, at most 4,096.
std::size_t open_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 4096;
  return std::clamp<std::size_t>(limit.rlim_cur / 2, 16, 4096);
}

/// Labels as old positions name them: {a="b", c="d"}, without the one we add.
std::string legacy_labels(const Labels& labels) {
  std::string out = "{";
  for (const Label& label : labels) {
    if (label.name == "filename") continue;
    if (out.size() > 1) out += ", ";
    out.append(label.name).append("=\"");
    for (const char c : label.value) {
      if (c == '"' || c == '\\') out.push_back('\\');
      if (c == '\n')
        out += "\\n";
      else
        out.push_back(c);
    }
    out.push_back('"');
  }
  return out + "}";
}

}  // namespace

Keeper::Keeper(exec::Pool& pool, Clock& clock, Logger log, std::shared_ptr<Flow> flow,
               std::function<FileMetrics(const std::string&)> metrics)
    : pool_(pool),
      clock_(clock),
      log_(std::move(log)),
      flow_(std::move(flow)),
      strand_(pool.strand()) {
  flow_->open_limit = open_limit();
  world_.flow = flow_;
  world_.rules = std::make_shared<const TextRules>();
  world_.metrics = std::move(metrics);
  world_.log = &log_;
  world_.rare_log = &rare_log_;
  world_.clock = &clock_;
}

Status Keeper::load(const std::string& store) {
  WEIR_TRY(auto list, load_cursors(store));
  MutexLock lock(mutex_);
  options_.store = store;
  had_store_ = list.has_value();
  if (!list) return {};
  serial_ = list->serial;
  for (Cursor& cursor : list->cursors) world_.book.put(std::move(cursor));
  return {};
}

bool Keeper::has_store() const {
  MutexLock lock(mutex_);
  return had_store_;
}

void Keeper::import(const std::vector<LegacyPosition>& positions, const FollowedPaths& paths,
                    OnBadPosition bad) {
  // A path may stand there under several label sets: those of today's targets count, else the least
  // advanced.
  std::map<std::string, std::pair<bool, LegacyPosition>> chosen;
  for (const LegacyPosition& position : positions) {
    const auto target = paths.find(position.path);
    const bool ours =
        target != paths.end() &&
        std::any_of(target->second.begin(), target->second.end(),
                    [&](const Labels& labels) { return legacy_labels(labels) == position.labels; });
    const auto [at, fresh] = chosen.try_emplace(position.path, ours, position);
    if (fresh) continue;
    auto& [was_ours, was] = at->second;
    if (ours != was_ours ? ours : position.offset < was.offset) at->second = {ours, position};
  }
  MutexLock lock(mutex_);
  std::size_t taken = 0;
  for (const auto& [path, choice] : chosen) {
    const LegacyPosition& position = choice.second;
    const auto handle = FileHandle::open(path);
    if (!handle) continue;
    const auto facts = file_facts(handle->fd());
    const auto first = read_first_bytes(handle->fd());
    if (!facts || !first || !facts->regular) continue;
    Cursor cursor;
    cursor.identity = {facts->key, Fingerprint::of(*first)};
    cursor.path = path;
    cursor.place = resolved(path);
    cursor.modified_ns = facts->modified_ns;
    cursor.offset = position.offset              ? *position.offset
                    : bad == OnBadPosition::kEnd ? facts->size
                                                 : 0;
    if (!position.offset && bad == OnBadPosition::kSkip) cursor.state = Cursor::State::kSkipped;
    if (!position.offset) log_.warn("an old position cannot be read", {{"path", path}});
    if (!world_.rules->compression && cursor.offset > facts->size)
      cursor.offset = 0;  // it was cut since
    world_.book.put(std::move(cursor));
    ++taken;
  }
  flow_->moved = true;
  log_.info("took over old positions", {{"files", taken}, {"entries", positions.size()}});
}

void Keeper::configure(KeeperOptions options, TextRules rules) {
  MutexLock lock(mutex_);
  options.store = options_.store;
  options_ = std::move(options);
  world_.tail_from_end = options_.tail_from_end;
  world_.initial_delay = options_.initial_delay;
  if (rules.encoding == world_.rules->encoding && rules.compression == world_.rules->compression)
    return;
  world_.rules = std::make_shared<const TextRules>(std::move(rules));
  // Files are made of their rules: read them anew from where they are settled.
  FollowedPaths paths;
  for (const auto& [path, follower] : world_.followers) paths[path] = follower->streams();
  watched_.clear();
  leaving_.clear();
  world_.followers.clear();
  for (auto& [path, streams] : paths)
    world_.followers[path] = std::make_unique<Follower>(world_, path, std::move(streams));
}

void Keeper::follow(FollowedPaths paths) {
  MutexLock lock(mutex_);
  for (auto at = world_.followers.begin(); at != world_.followers.end();) {
    if (paths.contains(at->first)) {
      ++at;
      continue;
    }
    std::unique_ptr<Follower> follower = std::move(at->second);
    at = world_.followers.erase(at);
    watched_.erase(follower.get());
    if (started_ && !stopped_) follower->poll();  // its file may just have been deleted
    if (follower->busy()) leaving_.push_back(std::move(follower));
  }
  for (auto& [path, streams] : paths) {
    std::unique_ptr<Follower>& follower = world_.followers[path];
    if (!follower) {
      const auto back = std::find_if(leaving_.begin(), leaving_.end(),
                                     [&p = path](const auto& one) { return one->path() == p; });
      if (back != leaving_.end()) {
        follower = std::move(*back);
        leaving_.erase(back);
      } else {
        follower = std::make_unique<Follower>(world_, path, streams);
      }
    }
    if (follower->streams() != streams) follower->set_streams(std::move(streams));
  }
}

void Keeper::start(std::function<void(const std::string&)> health) {
  const auto parked = [weak = weak_from_this(),
                       strand = strand_](const std::shared_ptr<LogFile>& file) {
    if (!file->rotated && file->last_turn() == LogFile::Turn::kEnd) return;
    strand.post([weak, path = file->cursor().path] {
      if (const auto self = weak.lock()) self->look_again(path);
    });
  };
  MutexLock lock(mutex_);
  health_ = std::move(health);
  started_ = true;
  flow_->on_moved = [weak = weak_from_this(), strand = strand_] {
    strand.post([weak] {
      if (const auto self = weak.lock()) self->save_soon();
    });
  };
  world_.queue = std::make_shared<ReadQueue>(pool_, clock_, flow_, parked);
  const auto run = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->tick();
  };
  strand_.post(run);
  timer_ = strand_.every(std::clamp<Duration>(options_.min_poll, std::chrono::milliseconds(10),
                                              std::chrono::seconds(1)),
                         run);
}

void Keeper::tick() {
  std::function<void(const std::string&)> health;
  std::string text;
  {
    MutexLock lock(mutex_);
    if (stopped_) return;
    const Duration now = clock_.steady();
    retry_abandoned(now);
    poll_leaving();
    poll_due(now);
    forget_gone(now);
    save_if_moved(now);
    if (flow_->unsettled == 0) flow_->chunks->trim();
    flow_->files_active.set(static_cast<double>(world_.live.size()));
    text = trouble();
    if (text == last_trouble_) return;
    last_trouble_ = text;
    if (!health_) return;
    health = health_;
    speaking_ = true;
  }
  health(text);
  MutexLock lock(mutex_);
  speaking_ = false;
  saved_.notify_all();
}

void Keeper::poll_due(Duration now) {
  for (const auto& [path, follower] : world_.followers) {
    if (now >= watched_[follower.get()].next) poll_one(*follower, now);
  }
}

void Keeper::poll_one(Follower& follower, Duration now) {
  const bool changed = follower.poll();
  Watched& watched = watched_[&follower];
  watched.interval =
      changed || follower.busy()
          ? options_.min_poll
          : std::min(std::max(watched.interval * 2, options_.min_poll), options_.max_poll);
  watched.next = now + watched.interval - options_.min_poll / 8;  // ticks are not exact
}

void Keeper::poll_leaving() {
  for (const auto& follower : leaving_) follower->poll();
  std::erase_if(leaving_, [](const auto& follower) { return !follower->busy(); });
}

void Keeper::look_again(const std::string& path) {
  MutexLock lock(mutex_);
  if (stopped_) return;
  const auto follower = world_.followers.find(path);
  if (follower != world_.followers.end()) poll_one(*follower->second, clock_.steady());
}

/// What was abandoned is offered again after a while, and later each time until something is
/// delivered.
void Keeper::retry_abandoned(Duration now) {
  const bool delivered = flow_->delivered.exchange(false);
  if (!flow_->abandoned) {
    if (delivered) retry_delay_ = {};
    return;
  }
  if (retry_at_ == Duration{}) {
    retry_delay_ = std::clamp(retry_delay_ * 2, kFirstRetry, kLastRetry);
    retry_at_ = now + retry_delay_;
  }
  if (now < retry_at_) return;
  retry_at_ = {};
  for (const auto& [key, file] : world_.live) {
    if (file->has_abandoned()) world_.queue->push(file);
  }
  world_.queue->resume();
}

CursorList Keeper::cursors() {
  CursorList list;
  list.serial = ++serial_;
  std::vector<Cursor>& all = list.cursors;
  for (const auto& [key, cursor] : world_.book.all()) {
    if (!world_.live.contains(key)) all.push_back(cursor);
  }
  for (const auto& [key, file] : world_.live) all.push_back(file->cursor());
  std::sort(all.begin(), all.end(), [](const Cursor& a, const Cursor& b) {
    return a.path != b.path ? a.path < b.path : a.identity.key < b.identity.key;
  });
  return list;
}

void Keeper::forget_gone(Duration now) {
  if (now - cleaned_at_ < kCleanEvery) return;
  if (cleaned_at_ != Duration{}) world_.book.forget_gone((clock_.now() - kKeepGone).ns);
  cleaned_at_ = now;
}

/// A receipt moved a cursor: whoever kills us a moment later shall not make us send it again.
void Keeper::save_soon() {
  MutexLock lock(mutex_);
  if (stopped_ || save_timer_runs_) return;
  save_timer_runs_ = true;
  const Duration now = clock_.steady();
  const auto save = [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    MutexLock relock(self->mutex_);
    self->save_timer_runs_ = false;
    if (!self->stopped_) self->save_if_moved(self->clock_.steady());
  };
  save_timer_ = strand_.after(std::max(quick_after_ - now, Duration{}), save);
}

void Keeper::save_if_moved(Duration now) {
  const bool quickly = now - saved_at_ < options_.save_every;
  if (saving_ || (quickly && now < quick_after_)) return;
  const bool moved = flow_->moved.exchange(false);
  if (!moved && (quickly || !owes_sync_)) return;
  saving_ = true;
  if (!quickly) saved_at_ = now;
  owes_sync_ = quickly;
  pool_.post([self = shared_from_this(), store = options_.store, list = cursors(), quickly] {
    const Duration begun = self->clock_.steady();
    const Status saved = quickly ? save_cursors_quickly(store, list) : save_cursors(store, list);
    self->end_save(saved, quickly, self->clock_.steady() - begun);
  });
}

void Keeper::end_save(const Status& saved, bool quickly, Duration took) {
  MutexLock lock(mutex_);
  saving_ = false;
  const Duration rest = quickly ? took * kSaveShare : Duration{};
  quick_after_ = clock_.steady() + std::max(options_.save_quickly_every, rest);
  if (!quickly) save_error_ = saved ? "" : saved.error().message;
  if (!quickly && !saved) flow_->moved = true;
  saved_.notify_all();
}

std::string Keeper::trouble() const {
  if (!save_error_.empty()) return "cursors cannot be saved: " + save_error_;
  std::size_t count = 0;
  const Follower* first = nullptr;
  for (const auto& [path, follower] : world_.followers) {
    if (follower->trouble().empty()) continue;
    if (count++ == 0) first = follower.get();
  }
  if (first == nullptr) return "";
  return format("{} of {} files cannot be read: {}", count, world_.followers.size(),
                first->trouble());
}

void Keeper::halt() {
  std::shared_ptr<ReadQueue> queue;
  {
    MutexLock lock(mutex_);
    stopped_ = true;
    timer_.cancel();
    save_timer_.cancel();
    queue = world_.queue;
  }
  if (queue) queue->stop();
  MutexLock lock(mutex_);
  saved_.wait(mutex_, [this]() WEIR_REQUIRES(mutex_) { return !saving_ && !speaking_; });
}

void Keeper::stop(Duration deadline) {
  const Duration until = clock_.steady() + std::min(deadline, kDrain);
  halt();
  MutexLock lock(mutex_);
  if (!started_) return;
  while (flow_->unsettled != 0 && clock_.steady() < until) {
    saved_.wait_for(mutex_, std::chrono::milliseconds(10),
                    [this] { return flow_->unsettled == 0; });
  }
  if (flow_->unsettled != 0)
    log_.info("stopped before everything was delivered; it will be sent again",
              {{"batches", flow_->unsettled.load()}});
  if (const Status saved = save_cursors(options_.store, cursors()); !saved)
    log_.error("cursors cannot be saved", {{"error", saved.error().message}});
}

std::vector<FileState> Keeper::states() const {
  MutexLock lock(mutex_);
  std::vector<FileState> states;
  for (const auto& [path, follower] : world_.followers) {
    FileState& state = states.emplace_back();
    state.path = path;
    state.streams = follower->streams();
    state.error = follower->trouble();
    if (const auto file = follower->file()) {
      state.running = follower->trouble().empty();
      state.offset = file->offset();
      state.size = file->size();
    }
    state.unread = follower->unread();
  }
  return states;
}

std::size_t Keeper::active() const {
  MutexLock lock(mutex_);
  return world_.live.size();
}

void Keeper::set_linger(Duration linger) {
  MutexLock lock(mutex_);
  world_.linger = linger;
}

void Keeper::set_idle_close(Duration idle) {
  MutexLock lock(mutex_);
  world_.idle_close = idle;
}

}  // namespace weir::loki
