// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/log_file.h"

#include <algorithm>
#include <utility>

namespace weir::loki {
namespace {

/// Bytes that one turn searches for the end of a long line.
constexpr std::uint64_t kSearchBytes = 16u << 20;

}  // namespace

LogFile::LogFile(std::shared_ptr<Flow> flow, std::shared_ptr<const TextRules> rules,
                 FileMetrics metrics, Cursor cursor, FileHandle handle)
    : flow_(std::move(flow)),
      rules_(std::move(rules)),
      metrics_(std::move(metrics)),
      key_(cursor.identity.key),
      handle_(std::move(handle)),
      scanned_(cursor.offset),
      offset_(cursor.offset),
      cursor_(std::move(cursor)),
      ranges_(cursor_.offset) {
  if (handle_) feed_ = make_feed(*rules_, handle_.fd());
  if (handle_) ++flow_->open_files;
  finish_line_ = rules_->compression.has_value();  // a packed file is whole
}

LogFile::Turn LogFile::read(Clock& clock) {
  if (!handle_) {
    if (const Status opened = open_in_place(); !opened) return fail(opened.error());
  }
  if (verify_ || fingerprinted_ < std::min<std::uint64_t>(offset_, Fingerprint::kMaxLength)) {
    if (const Turn turn = verify(); turn != Turn::kMore) return turn;
    verify_ = false;
  }
  next_time_ns_ = std::max(next_time_ns_, clock.now().ns);
  if (!flow_->window.try_charge(0)) return Turn::kBlocked;
  std::optional<ByteRange> again;
  {
    MutexLock lock(mutex_);
    turn_streams_.clear();
    for (const auto& [owner, streams] : streams_)
      turn_streams_.insert(turn_streams_.end(), streams.begin(), streams.end());
    if (turn_streams_.empty()) return Turn::kEnd;  // nobody wants its lines
    again = ranges_.take_abandoned();
  }
  return again ? send_again(*again) : read_forward();
}

LogFile::Turn LogFile::fail(const Error& error) {
  MutexLock lock(mutex_);
  error_ = error;
  flow_->errors.add();
  return Turn::kFailed;
}

/// Whether the file still begins as it did; its fingerprint grows with it.
LogFile::Turn LogFile::verify() {
  const auto bytes = read_first_bytes(handle_.fd());
  if (!bytes) return fail(bytes.error());
  MutexLock lock(mutex_);
  error_.reset();
  Fingerprint& known = cursor_.identity.fingerprint;
  if (!known.begins(*bytes)) return Turn::kReplaced;
  if (bytes->size() > known.length) known = Fingerprint::of(*bytes);
  fingerprinted_ = rules_->compression ? Fingerprint::kMaxLength : bytes->size();
  if (form_known_) return Turn::kMore;
  char first[4];
  const auto size = feed_->read(first, sizeof first, 0);
  if (!size) return Turn::kMore;  // reading on will say why
  form_ = TextForm::of(*rules_, {first, *size});
  form_known_ = *size == sizeof first;
  return Turn::kMore;
}

std::size_t LogFile::chunk_bytes() const {
  const std::size_t lines = LogBatch::kMaxEntries + LogBatch::kMaxEntries / 16;
  return std::clamp<std::size_t>(average_line_ * lines, 16u << 10, kChunkBytes) /
         unit_size(form_.unit) * unit_size(form_.unit);
}

LogFile::Turn LogFile::read_forward() {
  const std::uint64_t offset = offset_;
  const auto extent = feed_->extent(offset + kChunkBytes);
  if (!extent) return fail(extent.error());
  size_ = *extent;
  metrics_.file_bytes.set(static_cast<double>(*extent));
  if (*extent < offset) return Turn::kReplaced;
  if (*extent <= scanned_) return at_end(*extent);
  if (scanned_ - offset >= kChunkBytes) return read_long();

  const std::size_t wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(chunk_bytes(), *extent - offset));
  auto chunk = flow_->chunks->take(wanted);
  const auto size = feed_->read(chunk.get(), wanted, offset);
  if (!size) return fail(size.error());
  LogBatch batch;
  const std::size_t end = fill(batch, {chunk.get(), *size}, offset, false);
  if (end == 0) {
    scanned_ = offset + *size / unit_size(form_.unit) * unit_size(form_.unit);
    return scanned_ < *extent ? read_long() : at_end(*extent);
  }
  batch.hold(std::move(chunk));
  return send(std::move(batch), {offset, offset + end}, false);
}

/// Looks for the end of a line that is longer than a chunk, without keeping its bytes.
LogFile::Turn LogFile::read_long() {
  const auto piece = flow_->chunks->take(kChunkBytes);
  for (std::uint64_t searched = 0; searched < kSearchBytes;) {
    const auto size = feed_->read(piece.get(), kChunkBytes, scanned_);
    if (!size) return fail(size.error());
    const std::size_t end = line_end({piece.get(), *size}, 0, form_.unit);
    if (end != kNoNewline) return send_line({offset_, scanned_ + end}, false);
    const std::size_t whole = *size / unit_size(form_.unit) * unit_size(form_.unit);
    scanned_ += whole;
    searched += whole;
    if (*size < kChunkBytes) return at_end(scanned_ + (*size - whole));
  }
  return Turn::kMore;
}

LogFile::Turn LogFile::at_end(std::uint64_t extent) {
  if (!finish_line_ || extent <= offset_) return Turn::kEnd;
  return send_line({offset_, extent}, false);
}

LogFile::Turn LogFile::send_line(ByteRange range, bool again) {
  const std::size_t wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(range.size(), kMaxLineBytes));
  auto chunk = flow_->chunks->take(wanted);
  const auto size = feed_->read(chunk.get(), wanted, range.begin);
  if (!size) return fail(size.error());
  LogBatch batch;
  fill(batch, {chunk.get(), *size}, range.begin, true);
  batch.hold(std::move(chunk));
  const Turn turn = send(std::move(batch), range, again);
  if (turn == Turn::kMore && !again)
    flow_->too_long.add(static_cast<double>(range.size() - wanted));
  return turn;
}

LogFile::Turn LogFile::send_again(ByteRange range) {
  if (range.size() > kChunkBytes) return send_line(range, true);
  const auto wanted = static_cast<std::size_t>(range.size());
  auto chunk = flow_->chunks->take(wanted);
  const auto size = feed_->read(chunk.get(), wanted, range.begin);
  LogBatch batch;
  if (!size || *size < wanted) {  // it was cut meanwhile: nothing can bring these bytes back
    flow_->gone.add(static_cast<double>(wanted));
    MutexLock lock(mutex_);
    ranges_.settled(range);
    return Turn::kMore;
  }
  fill(batch, {chunk.get(), *size}, range.begin, true);
  batch.hold(std::move(chunk));
  return send(std::move(batch), range, true);
}

std::size_t LogFile::fill(LogBatch& batch, std::string_view bytes, std::uint64_t at, bool whole) {
  std::vector<std::uint32_t> streams;
  for (const Labels& labels : turn_streams_) {
    const std::uint32_t index = batch.label_index(labels);
    if (std::find(streams.begin(), streams.end(), index) == streams.end()) streams.push_back(index);
  }
  batch.entries().reserve(std::min(bytes.size() / average_line_ + 16, LogBatch::kMaxEntries) *
                          streams.size());
  std::size_t begin = 0, lines = 0;
  std::size_t text =
      at == 0 ? std::min(form_.mark_bytes, bytes.size()) : 0;  // behind the byte order mark
  while (begin < bytes.size() && (whole || lines < LogBatch::kMaxEntries)) {
    std::size_t end = line_end(bytes, begin, form_.unit);
    if (end == kNoNewline) {
      if (!whole) break;
      end = bytes.size();
    }
    const std::string_view line = bytes.substr(text, end - text);
    add_line(batch, streams, form_.text(line, batch), begin);
    begin = text = end;
    ++lines;
  }
  if (lines != 0) average_line_ = std::max<std::uint64_t>(begin / lines, 1);
  return begin;
}

void LogFile::add_line(LogBatch& batch, const std::vector<std::uint32_t>& streams,
                       std::string_view line, std::size_t begin) {
  const auto mark = static_cast<std::uint32_t>(begin);
  // Each line a nanosecond after the one before: who sorts by time keeps their order.
  const Time time{next_time_ns_++};
  for (const std::uint32_t stream : streams) batch.add(time, line, stream, {}, mark);
}

LogFile::Turn LogFile::send(LogBatch batch, ByteRange range, bool again) {
  const std::size_t cost =
      static_cast<std::size_t>(std::min<std::uint64_t>(range.size(), kMaxLineBytes)) +
      batch.size() * sizeof(Entry);
  if (!flow_->window.try_charge(cost)) {
    if (again) {
      MutexLock lock(mutex_);
      ranges_.abandoned(range);
    }
    return Turn::kBlocked;
  }
  if (!again) {
    MutexLock lock(mutex_);
    ranges_.sent(range);
  }
  ++flow_->unsettled;
  batch.receipt = Receipt::make(Sent{shared_from_this(), range, cost});
  if (!again) {
    offset_ = scanned_ = range.end;
    metrics_.read_bytes.set(static_cast<double>(range.end));
    metrics_.read_lines.add(static_cast<double>(batch.size()));
  }
  flow_->sent.add(static_cast<double>(batch.size()));
  flow_->next.get()->consume(std::move(batch));
  return Turn::kMore;
}

LogFile::Sent LogFile::Sent::split(std::uint32_t mark) {
  Sent tail{file, {range.begin + mark, range.end}, 0};
  file->divide(range, tail.range.begin);
  range.end = tail.range.begin;
  tail.cost = cost * tail.range.size() / (range.size() + tail.range.size());
  cost -= tail.cost;
  return tail;
}

void LogFile::divide(ByteRange range, std::uint64_t at) {
  ++flow_->unsettled;
  MutexLock lock(mutex_);
  ranges_.divide(range, at);
}

void LogFile::settle(ByteRange range, std::size_t cost, Outcome outcome) {
  {
    MutexLock lock(mutex_);
    if (outcome.verdict == Verdict::kAbandoned && forsaken_)
      flow_->gone.add(static_cast<double>(range.size()));
    if (outcome.verdict == Verdict::kAbandoned)
      ranges_.abandoned(range);
    else
      ranges_.settled(range);
  }
  if (outcome.verdict != Verdict::kAbandoned) flow_->delivered = true;
  if (outcome.verdict == Verdict::kAbandoned)
    flow_->abandoned = true;
  else if (!flow_->moved.exchange(true) && flow_->on_moved)
    flow_->on_moved();
  --flow_->unsettled;
  flow_->window.release(cost);
}

void LogFile::close() {
  feed_.reset();
  if (handle_) --flow_->open_files;
  handle_.close();
}

Status LogFile::open_in_place() {
  const std::string place = cursor().place;
  WEIR_TRY(FileHandle handle, FileHandle::open(place));
  WEIR_TRY(const FileFacts facts, file_facts(handle.fd()));
  if (facts.key != key_)
    return make_error(Code::kNotFound, "{}: another file lies there now", place);
  reopen(std::move(handle));
  return {};
}

void LogFile::reopen(FileHandle handle) {
  close();
  handle_ = std::move(handle);
  feed_ = make_feed(*rules_, handle_.fd());
  ++flow_->open_files;
  verify_ = true;
}

Cursor LogFile::cursor() const {
  MutexLock lock(mutex_);
  Cursor cursor = cursor_;
  cursor.offset = ranges_.prefix();
  cursor.size = std::max({cursor.size, cursor.offset, size_.load()});
  return cursor;
}

void LogFile::saw(const FileFacts& facts) {
  MutexLock lock(mutex_);
  cursor_.modified_ns = facts.modified_ns;
  if (!rules_->compression) cursor_.size = facts.size;
}

std::size_t LogFile::unsettled() const {
  MutexLock lock(mutex_);
  return ranges_.open();
}

bool LogFile::has_abandoned() const {
  MutexLock lock(mutex_);
  return ranges_.has_abandoned();
}

std::optional<Error> LogFile::error() const {
  MutexLock lock(mutex_);
  return error_;
}

void LogFile::set_streams(const void* owner, std::vector<Labels> streams) {
  MutexLock lock(mutex_);
  if (streams.empty())
    streams_.erase(owner);
  else
    streams_[owner] = std::move(streams);
}

void LogFile::drop_streams() {
  MutexLock lock(mutex_);
  streams_.clear();
}

}  // namespace weir::loki
