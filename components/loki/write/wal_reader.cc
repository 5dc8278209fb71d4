// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/wal_reader.h"

#include "base/codec/crc.h"
#include "base/fs.h"
#include "base/redact.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace weir::loki {
namespace {

constexpr std::chrono::seconds kMarkerWait(1);
constexpr Duration kShortestWait = std::chrono::milliseconds(1);
constexpr int kRecordsATurn = 64;  // then others on the pool have theirs
constexpr std::size_t kMaxMarkerBytes = 4096;
constexpr std::string_view kMarkerEnding = ".marker";

std::string marker_path(const Wal& wal, const std::string& name) {
  return format("{}/{}{}", wal.folder(), name, kMarkerEnding);
}

std::string print_marker(WalPosition position) {
  const std::string text = format("weir-wal-marker 1 {} {}", position.segment, position.offset);
  return format("{} {:08x}\n", text, codec::crc32(text));
}

std::string shown(const EndpointConfig& config) {
  return config.name.empty() ? redact_url(config.url) : config.name;
}

std::optional<WalPosition> parse_marker(const std::string& text) {
  unsigned long long segment = 0, offset = 0;
  if (std::sscanf(text.c_str(), "weir-wal-marker 1 %llu %llu", &segment, &offset) != 2)
    return std::nullopt;
  const WalPosition position{segment, offset};
  if (print_marker(position) != text) return std::nullopt;
  return position;
}

}  // namespace

WalReader::WalReader(std::shared_ptr<Wal> wal, std::string name, std::shared_ptr<Endpoint> endpoint)
    : wal_(std::move(wal)),
      name_(std::move(name)),
      endpoint_(std::move(endpoint)),
      reading_("reading for " + shown(endpoint_->config)),
      marking_("marker of " + shown(endpoint_->config)),
      rare_(wal_->world().log, wal_->world().clock),
      strand_(wal_->world().pool.strand()),
      wait_(wal_->config().min_read_wait) {}

std::shared_ptr<WalReader> WalReader::open(std::shared_ptr<Wal> wal, std::string name,
                                           std::shared_ptr<Endpoint> endpoint) {
  auto reader = std::make_shared<WalReader>(std::move(wal), std::move(name), std::move(endpoint));
  reader->load_marker();
  return reader;
}

void WalReader::leave_others(Wal& wal, const std::set<std::string>& names) {
  for (const std::string& name : list_files(wal.folder(), kMarkerEnding)) {
    if (names.contains(name)) continue;
    const std::string path = marker_path(wal, name);
    const auto text = fs::read_file(path, kMaxMarkerBytes);
    const auto marker = text ? parse_marker(*text) : std::nullopt;
    ::unlink(path.c_str());
    wal.left(name, marker.value_or(wal.begin()));
  }
}

void WalReader::load_marker() {
  const std::string path = marker_path(*wal_, name_);
  const auto text = fs::read_file(path, kMaxMarkerBytes);
  if (!text && text.error().code == Code::kNotFound) {
    position_ = wal_->end();  // a new endpoint gets what comes from now on
  } else {
    const auto marker = text ? parse_marker(*text) : std::nullopt;
    const bool is_good = marker && *marker <= wal_->end();
    if (!is_good) {
      wal_->world().log.warn(
          marker
              ? "a marker of the write-ahead log stands behind its end, all there is will be sent "
                "again"
              : "a marker of the write-ahead log cannot be read, all there is will be sent again",
          {{"file", path}});
    }
    position_ = is_good ? *marker : wal_->begin();
  }
  wal_->joined(name_, position_);
  MutexLock lock(mutex_);
  marker_ = position_;
}

void WalReader::save_marker() {
  WalPosition marker;
  bool is_new = false;
  {
    MutexLock lock(mutex_);
    marker = marker_;
    is_new = marker != saved_;
  }
  if (is_new) {
    const Status saved =
        fs::write_file_atomic(marker_path(*wal_, name_), print_marker(marker), 0640);
    wal_->trouble(marking_, saved ? std::nullopt : std::optional(saved.error().message));
    if (!saved) return;
  }
  {
    MutexLock lock(mutex_);
    saved_ = marker;
  }
  wal_->passed(name_, marker);
}

void WalReader::start() {
  save_marker();
  wake();
}

void WalReader::wake() {
  strand_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->tick();
  });
}

void WalReader::tick() {
  {
    MutexLock lock(mutex_);
    if (stopped_) return;
  }
  int read = 0;
  while (read < kRecordsATurn && read_one()) ++read;
  {
    MutexLock lock(mutex_);
    if (flights_.empty()) marker_ = position_;  // behind what holds no records, too
  }
  const Duration now = wal_->world().clock.steady();
  if (now - saved_at_ >= kMarkerWait) {
    saved_at_ = now;
    save_marker();
  }
  if (read == kRecordsATurn) return wake();
  const WalConfig config = wal_->config();
  wait_ = read > 0 ? config.min_read_wait : std::min(2 * wait_, config.max_read_wait);
  wait_ = std::max(wait_, kShortestWait);
  timer_ = strand_.after(wait_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->tick();
  });
}

bool WalReader::read_one() {
  const WalPosition end = wal_->end();
  if (!window_->try_charge(0)) return false;
  if (const WalPosition begin = wal_->begin(); position_ < begin) {  // it became too old
    file_ = WalFile();
    position_ = begin;
  }
  while (position_ < end) {
    const auto limit = wal_->bytes_of(position_.segment);
    if (!limit) {  // it became too old, or never was
      skip_segment();
      continue;
    }
    if (!open_segment()) return false;
    const bool grows = position_.segment == end.segment;
    const std::uint64_t begins = position_.offset;
    switch (file_.read(position_.offset, *limit, payload_)) {
      case WalFile::Read::kRecord:
        tell(std::nullopt);
        if (auto record = decode(begins)) {
          send(*std::move(record));
          return true;
        }
        break;
      case WalFile::Read::kDamaged:
        wal_->damaged(position_, *limit - position_.offset);
        if (!grows) {
          skip_segment();
          break;
        }
        position_.offset = *limit;
        return false;
      case WalFile::Read::kEnd:
        if (grows) return false;
        skip_segment();
        break;
      case WalFile::Read::kFailed:
        tell(system_error(errno, segment_path(wal_->folder(), position_.segment)).message);
        file_ = WalFile();
        return false;
    }
  }
  return false;
}

bool WalReader::open_segment() {
  if (file_.is_open()) return true;
  auto opened = WalFile::open(wal_->folder(), position_.segment);
  if (opened) {
    file_ = *std::move(opened);
    return true;
  }
  if (wal_->bytes_of(position_.segment))
    tell(opened.error().message);  // else it just became too old
  return false;
}

std::optional<WalRecord> WalReader::decode(std::uint64_t begins) {
  auto record = decode_record(payload_);
  if (record) return *std::move(record);
  const std::uint64_t from = std::max<std::uint64_t>(begins, kWalMagic.size());
  wal_->damaged({position_.segment, from}, position_.offset - from);
  return std::nullopt;
}

void WalReader::tell(std::optional<std::string> error) {
  if (!error && !is_in_trouble_) return;
  is_in_trouble_ = error.has_value();
  wal_->trouble(reading_, std::move(error));
}

void WalReader::skip_segment() {
  file_ = WalFile();
  position_ = {position_.segment + 1, 0};
}

void WalReader::send(WalRecord record) {
  if (record.push.bad_labels) {
    rare_.error("a stream in the write-ahead log has labels that cannot be sent",
                {{"error", record.push.bad_labels->message}});
  }
  LogBatch batch = std::move(record.push.batch);
  const std::size_t bytes = std::max<std::size_t>(batch.bytes(), 1);
  (void)window_->try_charge(bytes);
  {
    MutexLock lock(mutex_);
    flights_.push_back({position_});
  }
  batch.receipt = Receipt::make(
      [weak = weak_from_this(), window = window_, end = position_, bytes](const Outcome& outcome) {
        window->release(bytes);
        if (const auto self = weak.lock()) self->settled(end, outcome);
      });
  if (batch.empty()) return batch.receipt.deliver();
  endpoint_->consume({std::move(record.tenant), std::move(batch)});
}

void WalReader::settled(WalPosition end, const Outcome& outcome) {
  MutexLock lock(mutex_);
  if (outcome.verdict == Verdict::kAbandoned) return;  // the endpoint ends: sent again next time
  const auto flight = std::find_if(flights_.begin(), flights_.end(),
                                   [&](const Flight& one) { return one.end == end; });
  if (flight != flights_.end()) flight->is_settled = true;
  while (!flights_.empty() && flights_.front().is_settled) {
    marker_ = flights_.front().end;
    flights_.pop_front();
  }
  changed_.notify_all();
}

bool WalReader::is_done() {
  const WalPosition end = wal_->end();
  MutexLock lock(mutex_);
  return ended_ || stopped_ || marker_ >= end;
}

void WalReader::drain(Duration timeout) {
  Clock& clock = wal_->world().clock;
  const Duration until = clock.steady() + timeout;
  constexpr std::chrono::milliseconds kLook(20);
  while (clock.steady() < until && !endpoint_->error() && !is_done()) {
    wake();
    MutexLock lock(mutex_);
    changed_.wait_for(mutex_, kLook, [] { return false; });
  }
}

void WalReader::stop() {
  {
    MutexLock lock(mutex_);
    stopped_ = true;
  }
  strand_.post([self = shared_from_this()] {
    self->timer_.cancel();
    self->file_ = WalFile();
    MutexLock lock(self->mutex_);
    self->ended_ = true;
    self->changed_.notify_all();
  });
  MutexLock lock(mutex_);
  changed_.wait(mutex_, [this]() WEIR_REQUIRES(mutex_) { return ended_; });
}

void WalReader::close(bool for_good) {
  WalPosition marker;
  {
    MutexLock lock(mutex_);
    marker = marker_;
  }
  if (for_good) {
    ::unlink(marker_path(*wal_, name_).c_str());
    wal_->left(name_, marker);
  } else {
    save_marker();
  }
  wal_->trouble(reading_, std::nullopt);
  wal_->trouble(marking_, std::nullopt);
}

}  // namespace weir::loki
