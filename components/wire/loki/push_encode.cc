// SPDX-License-Identifier: Apache-2.0
#include "components/wire/loki/push_encode.h"

#include "base/check.h"
#include "components/wire/loki/selector.h"
#include "components/wire/wire_format.h"

namespace weir::wire {
namespace {

constexpr std::int64_t kPushNsPerSecond = 1'000'000'000;

/// A google.protobuf.Timestamp.
struct WireTimestamp {
  std::uint64_t seconds;
  std::uint64_t nanos;

  explicit WireTimestamp(Time time) {
    std::int64_t s = time.ns / kPushNsPerSecond, n = time.ns % kPushNsPerSecond;
    if (n < 0) {
      n += kPushNsPerSecond;
      --s;
    }
    seconds = static_cast<std::uint64_t>(s);
    nanos = static_cast<std::uint64_t>(n);
  }
  [[nodiscard]] std::size_t size() const {
    return (seconds != 0 ? 1 + varint_size(seconds) : 0) +
           (nanos != 0 ? 1 + varint_size(nanos) : 0);
  }
  char* write(char* out) const {
    out = write_bytes_head(out, 1, size());
    if (seconds != 0) {
      *out++ = tag(1, WireType::kVarint);
      out = write_varint(out, seconds);
    }
    if (nanos != 0) {
      *out++ = tag(2, WireType::kVarint);
      out = write_varint(out, nanos);
    }
    return out;
  }
};

std::size_t pair_size(const Label& pair) {
  return (pair.name.empty() ? 0 : bytes_field_size(pair.name.size())) +
         (pair.value.empty() ? 0 : bytes_field_size(pair.value.size()));
}

std::size_t entry_size(const Entry& entry) {
  std::size_t size = bytes_field_size(WireTimestamp(entry.time).size());
  if (!entry.line.empty()) size += bytes_field_size(entry.line.size());
  for (const Label& pair : entry.metadata) size += bytes_field_size(pair_size(pair));
  return size;
}

char* write_entry(char* out, const Entry& entry) {
  out = WireTimestamp(entry.time).write(out);
  if (!entry.line.empty()) out = write_bytes_field(out, 2, entry.line);
  for (const Label& pair : entry.metadata) {
    out = write_bytes_head(out, 3, pair_size(pair));
    if (!pair.name.empty()) out = write_bytes_field(out, 1, pair.name);
    if (!pair.value.empty()) out = write_bytes_field(out, 2, pair.value);
  }
  return out;
}

}  // namespace

void LokiPushEncoder::add(const Labels& stream, const Entry& entry) {
  const auto node = static_cast<std::uint32_t>(nodes_.size());
  const std::size_t size = entry_size(entry);
  nodes_.push_back({&entry, static_cast<std::uint32_t>(size)});
  if (last_stream_ == kNone || streams_[last_stream_].labels != stream) {
    const auto [at, is_new] =
        by_labels_.try_emplace(stream, static_cast<std::uint32_t>(streams_.size()));
    last_stream_ = at->second;
    if (is_new) {
      Stream& made = streams_.emplace_back(Stream{stream, node, node});
      made.selector_begin = selectors_.size();
      append_selector(selectors_, stream);
      made.selector_size = selectors_.size() - made.selector_begin;
      made.entries_size = bytes_field_size(size);
      return;
    }
  }
  Stream& known = streams_[last_stream_];
  known.entries_size += bytes_field_size(size);
  nodes_[known.last].next = node;
  known.last = node;
}

std::string_view LokiPushEncoder::encode() {
  const auto stream_size = [](const Stream& s) {
    return bytes_field_size(s.selector_size) + s.entries_size;
  };
  std::size_t total = 0;
  for (const Stream& stream : streams_) total += bytes_field_size(stream_size(stream));
  if (buffer_.size() < total) buffer_.resize(total);
  char* out = buffer_.data();
  for (const Stream& stream : streams_) {
    out = write_bytes_head(out, 1, stream_size(stream));
    out = write_bytes_field(
        out, 1, std::string_view(selectors_).substr(stream.selector_begin, stream.selector_size));
    for (std::uint32_t i = stream.first; i != kNone; i = nodes_[i].next) {
      out = write_entry(write_bytes_head(out, 2, nodes_[i].size), *nodes_[i].entry);
    }
  }
  WEIR_CHECK(out == buffer_.data() + total, "sizes and bytes agree");
  return std::string_view(buffer_).substr(0, total);
}

void LokiPushEncoder::clear() {
  nodes_.clear();
  streams_.clear();
  by_labels_.clear();
  last_stream_ = kNone;
  selectors_.clear();
}

}  // namespace weir::wire
