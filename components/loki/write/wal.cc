// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/wal.h"

#include "base/fs.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace weir::loki {
namespace {

/// Sources whose entries cannot be written come again at once: not faster than this.
constexpr std::chrono::milliseconds kWalPause(500);
constexpr std::uint16_t kTooLarge = 413;  // an HTTP status
constexpr std::uint64_t kWalMagicBytes = kWalMagic.size();

}  // namespace

Wal::Wal(std::string folder, WalConfig config, World world)
    : folder_(std::move(folder)),
      world_(std::move(world)),
      damaged_bytes_(world_.metrics.counter(
          "loki_write_wal_damaged_bytes_total",
          "Bytes of the write-ahead log that were torn or damaged and left out.")),
      expired_bytes_(world_.metrics.counter(
          "loki_write_wal_expired_bytes_total",
          "Bytes of the write-ahead log that became too old before all endpoints had them.")),
      left_bytes_(world_.metrics.counter(
          "loki_write_wal_left_bytes_total",
          "Bytes of the write-ahead log that an endpoint had not got when it was taken out.")),
      refused_(world_.metrics.counter("loki_write_wal_refused_entries_total",
                                      "Entries too large for the write-ahead log.")),
      size_(world_.metrics.gauge("loki_write_wal_size_bytes",
                                 "How large the write-ahead log is on disk.")),
      rare_(world_.log, world_.clock),
      encoder_(config.max_record_bytes),
      config_(config) {}

Result<std::shared_ptr<Wal>> Wal::open(std::string folder, WalConfig config, World world) {
  WEIR_TRY_STATUS(fs::make_folders(folder));
  const auto wal = std::make_shared<Wal>(std::move(folder), config, std::move(world));
  WEIR_TRY_STATUS(wal->recover());
  WEIR_TRY_STATUS(wal->begin_segment());
  wal->thread_ = wal->world_.pool.spawn(
      "weir-wal", [at = wal.get()](const std::stop_token& stop) { at->run(stop); });
  return wal;
}

bool Wal::has_entries(const std::string& folder) {
  const std::vector<std::uint64_t> all = list_segments(folder);
  return std::any_of(all.begin(), all.end(), [&](std::uint64_t number) {
    const auto file = WalFile::open(folder, number);
    const auto bytes = file ? file->size() : Result<std::uint64_t>(0);
    return !file || !bytes || *bytes > kWalMagic.size();  // what cannot be read may hold some
  });
}

Wal::~Wal() {
  close();
}

Status Wal::recover() {
  std::deque<Segment> found;
  for (const std::uint64_t number : list_segments(folder_)) {
    WEIR_TRY(const WalFile file, WalFile::open(folder_, number));
    WEIR_TRY(const std::uint64_t bytes, file.size());
    if (!found.empty() && number != found.back().number + 1) {
      world_.log.error(
          "segments of the write-ahead log are missing",
          {{"folder", folder_}, {"from", found.back().number + 1}, {"to", number - 1}});
    }
    found.push_back({number, bytes, world_.clock.steady()});
  }
  if (!found.empty()) WEIR_TRY_STATUS(cut_torn_end(found.back()));
  MutexLock lock(mutex_);
  segments_ = std::move(found);
  return {};
}

Status Wal::cut_torn_end(Segment& last) {
  WEIR_TRY(WalFile file, WalFile::open(folder_, last.number));
  std::uint64_t whole = 0;
  std::string payload;
  WalFile::Read read;
  while ((read = file.read(whole, last.bytes, payload)) == WalFile::Read::kRecord) continue;
  if (read == WalFile::Read::kFailed)
    return system_error(errno, segment_path(folder_, last.number));
  if (read == WalFile::Read::kEnd) return {};
  damaged({last.number, whole}, last.bytes - whole);
  WEIR_TRY_STATUS(file.cut(whole));
  last.bytes = whole;
  return {};
}

Status Wal::begin_segment() {
  std::uint64_t number = 1;
  {
    MutexLock lock(mutex_);
    if (!segments_.empty()) number = segments_.back().number + 1;
  }
  WEIR_TRY(file_, WalFile::create(folder_, number));
  begun_ = world_.clock.steady();
  MutexLock lock(mutex_);
  segments_.push_back({number, kWalMagic.size(), begun_});
  return {};
}

void Wal::append(TenantBatch part) {
  MutexLock lock(mutex_);
  if (closing_) return;
  queue_.push_back(std::move(part));
  wake_.notify_all();
}

void Wal::close() {
  {
    MutexLock lock(mutex_);
    closing_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Wal::run(const std::stop_token&) {
  for (;;) {
    std::vector<TenantBatch> parts;
    {
      MutexLock lock(mutex_);
      wake_.wait(mutex_, [this]() WEIR_REQUIRES(mutex_) { return closing_ || !queue_.empty(); });
      parts.swap(queue_);
      if (parts.empty()) return;
    }
    const Status written = write(encode(parts));
    trouble("writing", written ? std::nullopt : std::optional(written.error().message));
    if (!written) {
      MutexLock lock(mutex_);
      wake_.wait_for(mutex_, kWalPause, [this]() WEIR_REQUIRES(mutex_) { return closing_; });
    }
    for (TenantBatch& part : parts) {
      if (written) part.batch.receipt.deliver();
    }
  }
}

std::string Wal::encode(std::vector<TenantBatch>& parts) {
  std::string records;
  std::erase_if(parts, [&](TenantBatch& part) {
    const Status fits = encoder_.append(part, records);
    if (fits) return false;
    refused_.add(static_cast<double>(part.batch.size()));
    rare_.error("entries refused",
                {{"entries", part.batch.size()}, {"error", fits.error().message}});
    part.batch.receipt.reject(kTooLarge, fits.error().message);
    return true;
  });
  return records;
}

Status Wal::write(const std::string& records) {
  if (records.empty()) return {};
  const WalPosition at = end();
  const WalConfig limits = config();
  if (bytes() + records.size() > limits.max_bytes)
    return make_error(Code::kUnavailable, "it holds {} bytes, all it may", bytes());
  const bool full =
      at.offset >= limits.segment_bytes || world_.clock.steady() - begun_ >= limits.max_segment_age;
  if (full && at.offset > kWalMagic.size()) WEIR_TRY_STATUS(begin_segment());
  const std::uint64_t offset = end().offset;
  if (Status done = file_.append(offset, records); !done) {
    (void)file_.cut(offset);
    return done;
  }
  std::vector<Segment> expired;
  {
    MutexLock lock(mutex_);
    segments_.back().bytes += records.size();
    segments_.back().touched = world_.clock.steady();
    expired = remove_segments();
  }
  mourn(expired);
  return {};
}

void Wal::trouble(const std::string& what, std::optional<std::string> why) {
  {
    MutexLock lock(mutex_);
    const auto known = troubles_.find(what);
    if (why ? known != troubles_.end() && known->second == *why : known == troubles_.end()) return;
    if (why) {
      troubles_[what] = *why;
    } else {
      troubles_.erase(known);
    }
  }
  if (why) {
    world_.log.error("trouble with the write-ahead log, will try again",
                     {{"folder", folder_}, {"what", what}, {"error", *why}});
  }
  world_.changed();
}

std::optional<std::string> Wal::error() const {
  MutexLock lock(mutex_);
  if (troubles_.empty()) return std::nullopt;
  const auto& [what, why] = *troubles_.begin();
  return format("{}: {}", what, why);
}

WalConfig Wal::config() const {
  MutexLock lock(mutex_);
  return config_;
}

void Wal::configure(WalConfig config) {
  MutexLock lock(mutex_);
  config_ = config;
}

WalPosition Wal::begin() const {
  MutexLock lock(mutex_);
  return {segments_.front().number, 0};
}

WalPosition Wal::end() const {
  MutexLock lock(mutex_);
  return {segments_.back().number, segments_.back().bytes};
}

std::size_t Wal::bytes() const {
  MutexLock lock(mutex_);
  std::size_t total = 0;
  for (const Segment& segment : segments_) total += segment.bytes;
  return total;
}

std::optional<std::uint64_t> Wal::bytes_of(std::uint64_t segment) const {
  MutexLock lock(mutex_);
  for (const Segment& one : segments_) {
    if (one.number == segment) return one.bytes;
  }
  return std::nullopt;
}

std::uint64_t Wal::bytes_behind(WalPosition position) const {
  MutexLock lock(mutex_);
  std::uint64_t total = 0;
  for (const Segment& segment : segments_) {
    if (segment.number < position.segment) continue;
    const std::uint64_t from = segment.number == position.segment ? position.offset : 0;
    total += segment.bytes - std::min(segment.bytes, std::max(from, kWalMagicBytes));
  }
  return total;
}

std::uint64_t Wal::unsent(const std::string& reader) const {
  WalPosition position;
  {
    MutexLock lock(mutex_);
    const auto known = readers_.find(reader);
    if (known == readers_.end()) return 0;
    position = known->second;
  }
  return bytes_behind(position);
}

void Wal::joined(const std::string& reader, WalPosition position) {
  MutexLock lock(mutex_);
  readers_[reader] = position;
}

void Wal::passed(const std::string& reader, WalPosition position) {
  std::vector<Segment> expired;
  {
    MutexLock lock(mutex_);
    readers_[reader] = position;
    expired = remove_segments();
  }
  mourn(expired);
}

void Wal::left(const std::string& reader, WalPosition position) {
  {
    MutexLock lock(mutex_);
    readers_.erase(reader);
  }
  const std::uint64_t bytes = bytes_behind(position);
  if (bytes == 0) return;
  left_bytes_.add(static_cast<double>(bytes));
  world_.log.error("entries in the write-ahead log will not be sent: their endpoint was taken out",
                   {{"reader", reader}, {"bytes", bytes}});
}

void Wal::damaged(WalPosition where, std::uint64_t bytes) {
  damaged_bytes_.add(static_cast<double>(bytes));
  rare_.error("a piece of the write-ahead log is damaged and left out",
              {{"segment", segment_path(folder_, where.segment)},
               {"offset", where.offset},
               {"bytes", bytes}});
}

std::vector<Wal::Segment> Wal::remove_segments() {
  std::vector<Segment> expired;
  WalPosition slowest{~std::uint64_t{0}, 0};
  for (const auto& [name, position] : readers_) slowest = std::min(slowest, position);
  const Duration now = world_.clock.steady();
  while (segments_.size() > 1) {
    const Segment& first = segments_.front();
    const bool is_passed = WalPosition{first.number, first.bytes} <= slowest;
    if (readers_.empty() || !is_passed) {
      if (now - first.touched < config_.max_segment_age) break;
      expired.push_back(first);
    }
    ::unlink(segment_path(folder_, first.number).c_str());
    segments_.pop_front();
  }
  std::size_t total = 0;
  for (const Segment& segment : segments_) total += segment.bytes;
  size_.set(static_cast<double>(total));
  return expired;
}

void Wal::mourn(const std::vector<Segment>& expired) {
  for (const Segment& segment : expired) {
    expired_bytes_.add(static_cast<double>(segment.bytes));
    world_.log.error(
        "entries in the write-ahead log became too old before they could be sent",
        {{"segment", segment_path(folder_, segment.number)}, {"bytes", segment.bytes}});
  }
}

}  // namespace weir::loki
