// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/wal_reader.h"

#include "base/codec/crc.h"
#include "base/codec/sha.h"
#include "base/fs.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace weir::loki {
namespace {

constexpr std::chrono::seconds kMarkerWait(1);
constexpr Duration kShortestWait = std::chrono::milliseconds(1);
constexpr int kRecordsATurn = 64;  // then others on the pool have theirs
constexpr std::size_t kMaxMarkerBytes = 4096;

std::string marker_path(const Wal& wal, const std::string& name) {
  return format("{}/{}.marker", wal.folder(), name);
}

std::string print_marker(WalPosition position) {
  const std::string text = format("weir-wal-marker 1 {} {}", position.segment, position.offset);
  return format("{} {:08x}\n", text, codec::crc32(text));
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

std::string marker_name(const EndpointConfig& config) {
  if (!config.name.empty()) return "name-" + fs::escape_file_name(config.name).substr(0, 200);
  return "url-" + codec::sha256_hex(config.url + "\n" + config.tenant_id).substr(0, 32);
}

WalReader::WalReader(std::shared_ptr<Wal> wal, std::string name, std::shared_ptr<Endpoint> endpoint)
    : wal_(std::move(wal)),
      name_(std::move(name)),
      endpoint_(std::move(endpoint)),
      strand_(wal_->world().pool.strand()),
      wait_(wal_->config().min_read_wait) {}

std::shared_ptr<WalReader> WalReader::open(std::shared_ptr<Wal> wal, std::string name,
                                           std::shared_ptr<Endpoint> endpoint) {
  auto reader = std::make_shared<WalReader>(std::move(wal), std::move(name), std::move(endpoint));
  reader->load_marker();
  reader->save_marker();
  return reader;
}

void WalReader::load_marker() {
  const std::string path = marker_path(*wal_, name_);
  const auto text = fs::read_file(path, kMaxMarkerBytes);
  if (!text && text.error().code == Code::kNotFound) {
    position_ = wal_->end();  // a new endpoint gets what comes from now on
  } else {
    const auto marker = text ? parse_marker(*text) : std::nullopt;
    if (!marker) {
      wal_->world().log.warn(
          "a marker of the write-ahead log cannot be read, all there is will be sent again",
          {{"file", path}});
    }
    position_ = marker.value_or(wal_->begin());
  }
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
    const std::string path = marker_path(*wal_, name_);
    if (const Status saved = fs::write_file_atomic(path, print_marker(marker), 0640); !saved) {
      wal_->world().log.warn("a marker of the write-ahead log cannot be written",
                             {{"file", path}, {"error", saved.error().message}});
      return;
    }
  }
  {
    MutexLock lock(mutex_);
    saved_ = marker;
  }
  wal_->passed(name_, marker);
}

void WalReader::start() {
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
  if (read == kRecordsATurn) return start();
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
  while (position_.segment < end.segment || position_.offset < end.offset) {
    if (!file_.is_open()) {
      auto opened = WalFile::open(wal_->folder(), position_.segment);
      if (!opened) {
        skip_segment();
        continue;
      }
      file_ = *std::move(opened);
    }
    const bool grows = position_.segment == end.segment;
    const std::uint64_t limit = grows ? end.offset : file_.size();
    switch (file_.read(position_.offset, limit, payload_)) {
      case WalFile::Read::kRecord: {
        auto record = decode_record(payload_);
        if (!record) {
          wal_->damaged(position_, payload_.size());
          continue;
        }
        send(*std::move(record));
        return true;
      }
      case WalFile::Read::kDamaged:
        wal_->damaged(position_, limit - std::min(limit, position_.offset));
        if (grows) {
          position_.offset = limit;
          return false;
        }
        skip_segment();
        break;
      case WalFile::Read::kEnd:
        if (grows) return false;
        skip_segment();
        break;
    }
  }
  return false;
}

void WalReader::skip_segment() {
  file_ = WalFile();
  position_ = {position_.segment + 1, 0};
}

void WalReader::send(WalRecord record) {
  if (record.push.bad_labels) {
    wal_->world().log.error("a stream in the write-ahead log has labels that cannot be sent",
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
      [weak = weak_from_this(), window = window_, end = position_, bytes](Outcome outcome) {
        window->release(bytes);
        if (const auto self = weak.lock()) self->settled(end, outcome);
      });
  if (batch.empty()) return batch.receipt.deliver();
  endpoint_->consume({std::move(record.tenant), std::move(batch)});
}

void WalReader::settled(WalPosition end, Outcome outcome) {
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
    start();
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
  if (!for_good) return save_marker();
  ::unlink(marker_path(*wal_, name_).c_str());
  wal_->forget(name_);
}

}  // namespace weir::loki
