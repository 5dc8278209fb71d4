// SPDX-License-Identifier: Apache-2.0
// The files of a write-ahead log.
//
//   segment = "weirwal1" record*              0000000001.wal, 0000000002.wal ...; only the last one grows
//   record  = length (4 bytes, little-endian), crc32 of the payload (likewise), payload
//   payload = length of the tenant (4 bytes), tenant, a Loki PushRequest in snappy
//
// A record is whole or it is not there: what does not add up ends its segment. A disk that does not answer
// is another thing: nothing is known of the record then, and it is read again later.

#pragma once

#include "base/descriptor.h"
#include "base/result.h"
#include "components/loki/write/route.h"
#include "components/loki/write/wal_config.h"
#include "components/wire/loki/push_decode.h"
#include "components/wire/loki/push_encode.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::loki {

/// A place in the log.
struct WalPosition {
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;
  friend auto operator<=>(const WalPosition&, const WalPosition&) = default;
};

inline constexpr std::string_view kWalMagic = "weirwal1";
inline constexpr std::size_t kMaxRecordBytes = WalConfig().max_record_bytes;  ///< of a payload

std::string segment_path(const std::string& folder, std::uint64_t number);
/// The numbers of the segments in a folder, in order.
std::vector<std::uint64_t> list_segments(const std::string& folder);
/// The names of the files in a folder that end so, without the ending.
std::vector<std::string> list_files(const std::string& folder, std::string_view ending);

/// An open segment.
class WalFile {
 public:
  WalFile() = default;
  /// A new segment with its magic, itself and its folder synced. Errors: those of the system; then there is
  /// no such file.
  static Result<WalFile> create(const std::string& folder, std::uint64_t number);
  static Result<WalFile> open(const std::string& folder, std::uint64_t number);

  [[nodiscard]] bool is_open() const { return static_cast<bool>(descriptor_); }
  [[nodiscard]] Result<std::uint64_t> size() const;
  /// Writes behind `offset` and syncs.
  Status append(std::uint64_t offset, std::string_view bytes);
  Status cut(std::uint64_t size);

  enum class Read { kRecord, kEnd, kDamaged, kFailed };
  /// The record at `offset`, which moves behind it; nothing beyond `limit` is looked at. kFailed: errno says
  /// why the system could not read.
  Read read(std::uint64_t& offset, std::uint64_t limit, std::string& payload) const;

 private:
  explicit WalFile(int descriptor) : descriptor_(descriptor) {}
  Status begin(const std::string& folder);
  Descriptor descriptor_;
};

/// Reusable. Threads: one at a time.
class WalEncoder {
 public:
  explicit WalEncoder(std::size_t max_record_bytes = kMaxRecordBytes)
      : max_record_bytes_(max_record_bytes) {}
  /// Appends a record of `part` to `out`. Errors: kInvalid if it would be larger than is read; `out` stays.
  Status append(const TenantBatch& part, std::string& out);

 private:
  const std::size_t max_record_bytes_;
  wire::LokiPushEncoder encoder_;
  std::string compressed_;
};

struct WalRecord {
  std::string tenant;
  wire::LokiPush push;
};
/// What a record's payload holds. Errors: kInvalid.
Result<WalRecord> decode_record(std::string_view payload);

}  // namespace weir::loki
