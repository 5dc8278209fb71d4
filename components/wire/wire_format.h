// SPDX-License-Identifier: Apache-2.0
// The protobuf wire format by hand, for the hot paths of pushes, where building message objects
// would show in a profile. Everything else uses the generated classes, and so do the tests of what
// is written with these. Source: protobuf.dev/programming-guides/encoding.

#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::wire {

constexpr std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

/// Field numbers up to 15: tags of one byte.
enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
constexpr char tag(unsigned field, WireType type) {
  return static_cast<char>(field << 3 | static_cast<unsigned>(type));
}
/// The size of a field of bytes, its tag included.
constexpr std::size_t bytes_field_size(std::size_t length) {
  return 1 + varint_size(length) + length;
}

inline char* write_varint(char* out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
  *out++ = static_cast<char>(value);
  return out;
}
inline char* write_raw(char* out, std::string_view bytes) {
  if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}
/// Tag and length of a field whose `length` bytes follow.
inline char* write_bytes_head(char* out, unsigned field, std::size_t length) {
  *out++ = tag(field, WireType::kBytes);
  return write_varint(out, length);
}
inline char* write_bytes_field(char* out, unsigned field, std::string_view bytes) {
  return write_raw(write_bytes_head(out, field, bytes.size()), bytes);
}

/// One field of a message.
struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t varint = 0;  ///< kVarint, kFixed64, kFixed32
  std::string_view bytes;    ///< kBytes: a view into the message
  [[nodiscard]] bool is_bytes(std::uint32_t wanted) const {
    return number == wanted && type == WireType::kBytes;
  }
  [[nodiscard]] bool is_varint(std::uint32_t wanted) const {
    return number == wanted && type == WireType::kVarint;
  }
};

/// Reads the fields of one message, in order. Any bytes are safe to read.
class WireReader {
 public:
  explicit WireReader(std::string_view message) : at_(message.data()), end_(at_ + message.size()) {}

  /// The next field; false at the end and at the first byte that is no field.
  bool next(WireField& field) {
    if (at_ == end_) return false;
    std::uint64_t key = 0;
    if (!varint(key) || key >> 3 == 0 || key >> 35 != 0) return fail();
    field.number = static_cast<std::uint32_t>(key >> 3);
    field.type = static_cast<WireType>(key & 7);
    switch (field.type) {
      case WireType::kVarint: return varint(field.varint) || fail();
      case WireType::kFixed64: return fixed(8, field) || fail();
      case WireType::kFixed32: return fixed(4, field) || fail();
      case WireType::kBytes: {
        std::uint64_t length = 0;
        if (!varint(length) || length > static_cast<std::uint64_t>(end_ - at_)) return fail();
        field.bytes = {at_, static_cast<std::size_t>(length)};
        at_ += length;
        return true;
      }
    }
    return fail();
  }
  /// Whether something in the message was no field.
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(*at_++);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool fixed(std::size_t size, WireField& field) {
    if (static_cast<std::size_t>(end_ - at_) < size) return false;
    field.varint = 0;
    for (std::size_t i = size; i-- > 0;)
      field.varint = field.varint << 8 | static_cast<std::uint8_t>(at_[i]);
    at_ += size;
    return true;
  }
  bool fail() {
    failed_ = true;
    at_ = end_;
    return false;
  }

  const char* at_;
  const char* end_;
  bool failed_ = false;
};

}  // namespace weir::wire
