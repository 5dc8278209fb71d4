// SPDX-License-Identifier: Apache-2.0
// The JSON form of a push: {"streams": [{"stream": {"k": "v"}, "values": [["<ns>", "<line>", {"k":
// "v"}?]]}]}.

#include "base/codec/json_reader.h"
#include "components/core/codecs.h"
#include "components/wire/loki/push_decode.h"
#include "components/wire/loki/selector.h"

#include <charconv>
#include <utility>
#include <vector>

namespace weir::wire {
namespace {

using Kind = codec::JsonValue::Kind;

/// Reads a push value by value; texts are copied to the batch. The first thing that is wrong ends
/// it.
class JsonPushReader {
 public:
  explicit JsonPushReader(const StreamLabels& labels) : labels_(labels) {}

  Status read(const codec::JsonView& document) {
    if (document.kind() != Kind::kObject) return invalid("a push is an object, got something else");
    if (const auto streams = document.find("streams"); streams && streams->kind() != Kind::kNull) {
      if (streams->kind() != Kind::kArray) fail("streams: malformed array");
      streams->for_each_item([this](codec::JsonView stream) { read_stream(stream); });
    }
    return status_;
  }
  LokiPush push;

 private:
  void read_stream(const codec::JsonView& stream) {
    if (!go_on()) return;
    if (stream.kind() != Kind::kObject) return fail("a stream: malformed object");
    builder_.reset({});
    bad_name_.clear();
    const Status labels = read_labels(stream);
    if (!status_) return;
    if (!labels) push.bad_labels = labels.error();
    // The entries of a stream that goes no further have to be entries, too.
    std::optional<std::uint32_t> index;
    if (const std::optional<Labels> set = labels ? labels_(builder_) : std::nullopt)
      index = push.batch.label_index(*set);
    const auto values = stream.find("values");
    if (!values || values->kind() == Kind::kNull) return;
    if (values->kind() != Kind::kArray) return fail("values: malformed array");
    values->for_each_item([this, index](codec::JsonView entry) { read_entry(entry, index); });
  }

  /// Why the labels are none that a stream may have. A value that is no text counts as its JSON.
  Status read_labels(const codec::JsonView& stream) {
    const auto labels = stream.find("stream");
    if (!labels) return invalid("a stream: has no \"stream\"");
    if (labels->kind() != Kind::kObject) {
      fail("stream: malformed object");
      return {};
    }
    std::size_t count = 0;
    labels->for_each_member([&](std::string_view name, codec::JsonView value) {
      if (++count > kMaxSelectorLabels) return;
      if (!is_plain_label_name(name)) bad_name_ = name;
      if (value.kind() == Kind::kString) return builder_.set(name, value.text());
      builder_.set(name, codec::write_json(value.value()));
    });
    if (count > kMaxSelectorLabels)
      return invalid("stream: more than {} labels", kMaxSelectorLabels);
    if (!bad_name_.empty()) return invalid("stream: \"{}\" cannot name a label", bad_name_);
    return {};
  }

  void read_entry(const codec::JsonView& entry, std::optional<std::uint32_t> labels) {
    if (!go_on()) return;
    if (entry.kind() == Kind::kNull) return;
    if (entry.kind() != Kind::kArray) return fail("an entry: malformed array");
    Time time;
    std::string_view line;
    metadata_.clear();
    int place = 0;
    entry.for_each_item([&](codec::JsonView item) {
      switch (place++) {
        case 0: return read_time(item, time);
        case 1:
          if (item.kind() != Kind::kString) return fail("an entry's line: malformed string");
          line = push.batch.text(item.text());
          return;
        case 2: return read_metadata(item);
        default: return;
      }
    });
    if (status_ && labels) push.batch.add(time, line, *labels, push.batch.metadata(metadata_));
  }

  void read_time(const codec::JsonView& item, Time& time) {
    if (item.kind() != Kind::kString) return fail("an entry's timestamp: malformed string");
    const std::string_view text = item.text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time.ns);
    if (error != std::errc() || end != text.data() + text.size()) {
      fail("an entry's timestamp is not a number of nanoseconds");
    }
  }

  void read_metadata(const codec::JsonView& item) {
    if (item.kind() != Kind::kObject)
      return fail("an entry's structured metadata: malformed object");
    item.for_each_member([this](std::string_view name, codec::JsonView value) {
      if (!go_on()) return;
      if (value.kind() != Kind::kString)
        return fail("an entry's structured metadata: malformed string");
      metadata_.push_back({push.batch.text(name), push.batch.text(value.text())});
    });
  }

  /// Counts one more part.
  bool go_on() {
    if (++parts_ > kMaxPushParts) fail("too many streams and entries");
    return status_.has_value();
  }
  void fail(std::string_view message) {
    if (status_) status_ = invalid("{}", message);
  }

  const StreamLabels& labels_;
  LabelsBuilder builder_;
  std::vector<Label> metadata_;
  std::string bad_name_;
  std::size_t parts_ = 0;
  Status status_;
};

}  // namespace

Result<LokiPush> decode_loki_push_json(std::string_view body, const StreamLabels& labels) {
  codec::JsonReader json;
  WEIR_TRY(const codec::JsonView document, json.read(body));
  JsonPushReader reader(labels);
  WEIR_TRY_STATUS(reader.read(document));
  return std::move(reader.push);
}

}  // namespace weir::wire
