// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/settled.h"

#include "base/check.h"

namespace weir::loki {

void SettledRanges::sent(ByteRange range) {
  const bool fresh = parts_.emplace(range.begin, Part{range.end, State::kSent}).second;
  WEIR_CHECK(fresh, "a range goes out for the first time once");
  ++open_;
}

void SettledRanges::divide(ByteRange range, std::uint64_t at) {
  const auto part = parts_.find(range.begin);
  WEIR_CHECK(part != parts_.end() && part->second.state == State::kSent,
             "only what was sent is divided");
  WEIR_CHECK(range.begin < at && at < range.end, "a range is divided inside");
  part->second.end = at;
  parts_.emplace(at, Part{range.end, State::kSent});
  ++open_;
}

void SettledRanges::settled(ByteRange range) {
  const auto part = parts_.find(range.begin);
  WEIR_CHECK(part != parts_.end() && part->second.state == State::kSent,
             "only what was sent settles");
  part->second.state = State::kSettled;
  --open_;
  while (!parts_.empty() && parts_.begin()->second.state == State::kSettled) {
    prefix_ = parts_.begin()->second.end;
    parts_.erase(parts_.begin());
  }
}

void SettledRanges::abandoned(ByteRange range) {
  const auto part = parts_.find(range.begin);
  WEIR_CHECK(part != parts_.end() && part->second.state == State::kSent,
             "only what was sent is abandoned");
  part->second.state = State::kAbandoned;
  ++abandoned_;
}

std::optional<ByteRange> SettledRanges::take_abandoned() {
  if (abandoned_ == 0) return std::nullopt;
  for (auto& [begin, part] : parts_) {
    if (part.state != State::kAbandoned) continue;
    part.state = State::kSent;
    --abandoned_;
    return ByteRange{begin, part.end};
  }
  WEIR_CHECK(false, "what was counted is there");
}

}  // namespace weir::loki
