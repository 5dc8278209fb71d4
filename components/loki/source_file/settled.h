// SPDX-License-Identifier: Apache-2.0
// Which bytes of a file are settled: receipts come back in any order, the cursor moves to the end
// of the longest prefix that is settled throughout, and what was abandoned is offered again.

#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace weir::loki {

/// Bytes of a file, from a line's beginning to behind a line's end.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  [[nodiscard]] std::uint64_t size() const { return end - begin; }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// Threads: one at a time; its owner locks.
class SettledRanges {
 public:
  explicit SettledRanges(std::uint64_t start = 0) : prefix_(start) {}

  /// `range` goes out for the first time; ranges go out in the order of the file, without gaps.
  void sent(ByteRange range);
  /// What was sent becomes two ranges, each of which settles on its own.
  void divide(ByteRange range, std::uint64_t at);
  /// It was delivered or refused for good.
  void settled(ByteRange range);
  /// Nobody spoke for it: take_abandoned() will give it back.
  void abandoned(ByteRange range);
  /// The first range to send again; it counts as sent from now on.
  std::optional<ByteRange> take_abandoned();

  /// The end of the longest settled prefix: where a restart reads on.
  [[nodiscard]] std::uint64_t prefix() const { return prefix_; }
  [[nodiscard]] bool has_abandoned() const { return abandoned_ != 0; }
  /// How many ranges are out, abandoned ones included.
  [[nodiscard]] std::size_t open() const { return open_; }

 private:
  enum class State : std::uint8_t { kSent, kSettled, kAbandoned };
  struct Part {
    std::uint64_t end;
    State state;
  };
  std::map<std::uint64_t, Part> parts_;  // behind the prefix, by where they begin
  std::uint64_t prefix_;
  std::size_t open_ = 0;
  std::size_t abandoned_ = 0;
};

}  // namespace weir::loki
