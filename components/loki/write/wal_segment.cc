// SPDX-License-Identifier: Apache-2.0
#include "components/loki/write/wal_segment.h"

#include "base/codec/crc.h"
#include "base/codec/snappy.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::loki {
namespace {

constexpr std::size_t kRecordHead = 8;
constexpr std::size_t kMaxMessageBytes = 4 * kMaxRecordBytes;  // of a record, uncompressed
constexpr std::string_view kSegmentEnding = ".wal";

void append_u32(std::string& out, std::size_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

std::uint32_t read_u32(const char* bytes) {
  std::uint32_t out = 0;
  for (int i = 3; i >= 0; --i) out = out << 8 | static_cast<unsigned char>(bytes[i]);
  return out;
}

using WalRead = WalFile::Read;

/// kRecord: all is there; kDamaged: the file ends before.
WalRead read_exactly(int descriptor, std::uint64_t offset, char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::pread(descriptor, out, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return WalRead::kFailed;
    if (got == 0) return WalRead::kDamaged;
    out += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return WalRead::kRecord;
}

}  // namespace

std::string segment_path(const std::string& folder, std::uint64_t number) {
  return format("{}/{:010}{}", folder, number, kSegmentEnding);
}

std::vector<std::string> list_files(const std::string& folder, std::string_view ending) {
  std::vector<std::string> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> opened(::opendir(folder.c_str()), &::closedir);
  if (opened == nullptr) return out;
  while (const dirent* entry = ::readdir(opened.get())) {
    std::string_view name = entry->d_name;
    if (!name.ends_with(ending)) continue;
    name.remove_suffix(ending.size());
    out.emplace_back(name);
  }
  return out;
}

std::vector<std::uint64_t> list_segments(const std::string& folder) {
  std::vector<std::uint64_t> out;
  for (const std::string& digits : list_files(folder, kSegmentEnding)) {
    std::uint64_t number = 0;
    const char* const last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, number);
    if (error == std::errc() && end == last) out.push_back(number);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<WalFile> WalFile::create(const std::string& folder, std::uint64_t number) {
  const std::string path = segment_path(folder, number);
  WalFile file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
  if (!file.is_open()) return system_error(errno, path);
  if (Status begun = file.begin(folder); !begun) {
    ::unlink(path.c_str());  // or it would be in the way of the next try
    return begun.error().within(path);
  }
  return file;
}

Status WalFile::begin(const std::string& folder) {
  WEIR_TRY_STATUS(append(0, kWalMagic));
  const WalFile holder(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!holder.is_open() || ::fsync(holder.descriptor_.get()) != 0)
    return system_error(errno, folder);
  return {};
}

Result<WalFile> WalFile::open(const std::string& folder, std::uint64_t number) {
  const std::string path = segment_path(folder, number);
  WalFile file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.is_open()) return system_error(errno, path);
  return file;
}

Result<std::uint64_t> WalFile::size() const {
  struct stat info {};
  if (::fstat(descriptor_.get(), &info) != 0) return system_error(errno, "size");
  return static_cast<std::uint64_t>(info.st_size);
}

Status WalFile::append(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put =
        ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error(errno, "write");
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  if (::fdatasync(descriptor_.get()) != 0) return system_error(errno, "sync");
  return {};
}

Status WalFile::cut(std::uint64_t size) {
  if (::ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0)
    return system_error(errno, "cut");
  return {};
}

WalFile::Read WalFile::read(std::uint64_t& offset, std::uint64_t limit,
                            std::string& payload) const {
  if (offset >= limit) return Read::kEnd;
  if (offset < kWalMagic.size()) {
    char magic[kWalMagic.size()];
    if (limit < kWalMagic.size()) return Read::kDamaged;
    const Read whole = read_exactly(descriptor_.get(), 0, magic, sizeof magic);
    if (whole != Read::kRecord) return whole;
    if (std::string_view(magic, sizeof magic) != kWalMagic) return Read::kDamaged;
    offset = kWalMagic.size();
    if (offset >= limit) return Read::kEnd;
  }
  char head[kRecordHead];
  if (limit - offset < kRecordHead) return Read::kDamaged;
  const Read has_head = read_exactly(descriptor_.get(), offset, head, kRecordHead);
  if (has_head != Read::kRecord) return has_head;
  const std::size_t length = read_u32(head);
  if (length > kMaxRecordBytes || length > limit - offset - kRecordHead) return Read::kDamaged;
  payload.resize(length);
  const Read whole = read_exactly(descriptor_.get(), offset + kRecordHead, payload.data(), length);
  if (whole != Read::kRecord) return whole;
  if (codec::crc32(payload) != read_u32(head + 4)) return Read::kDamaged;
  offset += kRecordHead + length;
  return Read::kRecord;
}

Status WalEncoder::append(const TenantBatch& part, std::string& out) {
  encoder_.clear();
  for (const Entry& entry : part.batch.entries()) encoder_.add(part.batch.labels(entry), entry);
  const std::string_view message = encoder_.encode();
  const std::size_t bytes = message.size();
  const std::string_view push =
      bytes <= kMaxMessageBytes ? codec::snappy_encode(message, compressed_) : message;
  encoder_.clear();
  if (bytes > kMaxMessageBytes || 4 + part.tenant.size() + push.size() > max_record_bytes_)
    return invalid("{} bytes are more than a record of the write-ahead log may be", bytes);
  const std::size_t head = out.size();
  out.resize(head + kRecordHead);
  append_u32(out, part.tenant.size());
  out += part.tenant;
  out += push;
  const std::string_view payload = std::string_view(out).substr(head + kRecordHead);
  std::string filled;
  append_u32(filled, payload.size());
  append_u32(filled, codec::crc32(payload));
  out.replace(head, kRecordHead, filled);
  return {};
}

Result<WalRecord> decode_record(std::string_view payload) {
  const auto wrong = [] { return invalid("a record of the write-ahead log that is none"); };
  if (payload.size() < 4) return wrong();
  const std::size_t tenant = read_u32(payload.data());
  payload.remove_prefix(4);
  if (tenant > payload.size()) return wrong();
  WalRecord out;
  out.tenant = payload.substr(0, tenant);
  WEIR_TRY(std::string message, codec::snappy_decode(payload.substr(tenant), kMaxMessageBytes));
  const auto keep = [](LabelsBuilder& labels) { return std::optional(labels.build()); };
  WEIR_TRY(out.push,
           wire::decode_loki_push(std::make_shared<const std::string>(std::move(message)), keep));
  return out;
}

}  // namespace weir::loki
