// SPDX-License-Identifier: Apache-2.0
#include "components/wire/loki/push_decode.h"

#include "components/wire/loki/selector.h"
#include "components/wire/wire_format.h"

#include <utility>
#include <vector>

namespace weir::wire {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

/// Reads a push field by field; lines and metadata stay where they are.
class PushReader {
 public:
  explicit PushReader(const StreamLabels& labels) : labels_(labels) {}

  Status read(std::string_view message) {
    WireReader reader(message);
    for (WireField field; reader.next(field);) {
      if (field.is_bytes(1)) WEIR_TRY_STATUS(read_stream(field.bytes));
    }
    return whole(reader);
  }
  LokiPush push;

 private:
  Status read_stream(std::string_view message) {
    WEIR_TRY_STATUS(count());
    std::string_view selector;  // the last counts, and may stand behind the entries
    WireReader reader(message);
    for (WireField field; reader.next(field);) {
      if (field.is_bytes(1)) selector = field.bytes;
    }
    WEIR_TRY_STATUS(whole(reader));
    builder_.reset({});
    if (Status read = parse_selector(selector, builder_); !read) {
      push.bad_labels = read.error();
      return {};
    }
    const std::optional<Labels> set = labels_(builder_);
    if (!set) return {};
    const std::uint32_t index = push.batch.label_index(*set);
    WireReader entries(message);
    for (WireField field; entries.next(field);) {
      if (field.is_bytes(2)) WEIR_TRY_STATUS(read_entry(field.bytes, index));
    }
    return {};
  }

  Status read_entry(std::string_view message, std::uint32_t labels) {
    WEIR_TRY_STATUS(count());
    Time time;
    std::string_view line;
    metadata_.clear();
    WireReader reader(message);
    for (WireField field; reader.next(field);) {
      if (field.is_bytes(1)) WEIR_TRY_STATUS(read_time(field.bytes, time));
      if (field.is_bytes(2)) line = field.bytes;
      if (field.is_bytes(3)) WEIR_TRY_STATUS(read_pair(field.bytes));
    }
    push.batch.add(time, line, labels, push.batch.metadata(metadata_));
    return whole(reader);
  }

  Status read_time(std::string_view message, Time& time) {
    std::int64_t seconds = 0, nanos = 0;
    WireReader reader(message);
    for (WireField field; reader.next(field);) {
      if (field.is_varint(1)) seconds = static_cast<std::int64_t>(field.varint);
      if (field.is_varint(2)) nanos = static_cast<std::int32_t>(field.varint);
    }
    const bool is_nanos = nanos >= 0 && nanos < kNsPerSecond;
    if (seconds <
        0) {  // counted from the second nearer to zero, so that no step of what fits overflows
      ++seconds;
      nanos -= kNsPerSecond;
    }
    if (!is_nanos || __builtin_mul_overflow(seconds, kNsPerSecond, &time.ns) ||
        __builtin_add_overflow(time.ns, nanos, &time.ns)) {
      return invalid("a timestamp beyond what nanoseconds can hold");
    }
    return whole(reader);
  }

  Status read_pair(std::string_view message) {
    WEIR_TRY_STATUS(count());
    Label& pair = metadata_.emplace_back();
    WireReader reader(message);
    for (WireField field; reader.next(field);) {
      if (field.is_bytes(1)) pair.name = field.bytes;
      if (field.is_bytes(2)) pair.value = field.bytes;
    }
    return whole(reader);
  }

  Status count() {
    if (++parts_ > kMaxPushParts)
      return invalid("a push of more than {} streams and entries", kMaxPushParts);
    return {};
  }
  static Status whole(const WireReader& reader) {
    if (reader.failed()) return invalid("not a push request: malformed protobuf");
    return {};
  }

  const StreamLabels& labels_;
  LabelsBuilder builder_;
  std::vector<Label> metadata_;
  std::size_t parts_ = 0;
};

}  // namespace

Result<LokiPush> decode_loki_push(std::shared_ptr<const std::string> body,
                                  const StreamLabels& labels) {
  PushReader reader(labels);
  WEIR_TRY_STATUS(reader.read(*body));
  reader.push.batch.hold(std::move(body));
  return std::move(reader.push);
}

LogBatch decode_raw_lines(std::shared_ptr<const std::string> body, const Labels& labels,
                          Time time) {
  LogBatch batch;
  const std::uint32_t index = batch.label_index(labels);
  for (std::string_view rest = *body; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    while (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) batch.add(time, line, index);
  }
  batch.hold(std::move(body));
  return batch;
}

}  // namespace weir::wire
