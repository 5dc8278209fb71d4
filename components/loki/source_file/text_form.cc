// SPDX-License-Identifier: Apache-2.0
#include "components/loki/source_file/text_form.h"

#include "base/case.h"
#include "components/loki/source_file/identity.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir::loki {
namespace {

class PlainFeed final : public TextFeed {
 public:
  explicit PlainFeed(int fd) : fd_(fd) {}
  Result<std::uint64_t> extent(std::uint64_t) override {
    WEIR_TRY(const FileFacts facts, file_facts(fd_));
    return facts.size;
  }
  Result<std::size_t> read(char* out, std::size_t size, std::uint64_t offset) override {
    return read_at(fd_, out, size, offset);
  }

 private:
  int fd_;
};

/// Keeps what came out last, so that reading on is reading on; reading back starts over.
class PackedFeed final : public TextFeed {
 public:
  PackedFeed(codec::Compression kind, int fd) : kind_(kind), fd_(fd) { start_over(); }

  Result<std::uint64_t> extent(std::uint64_t wanted) override {
    keep_from_ = std::max(keep_from_, wanted - std::min(wanted, kKeptBytes));
    WEIR_TRY_STATUS(unpack_to(wanted));
    return begin_ + text_.size();
  }
  Result<std::size_t> read(char* out, std::size_t size, std::uint64_t offset) override {
    if (offset < begin_) start_over();
    keep_from_ = offset;
    WEIR_TRY_STATUS(unpack_to(offset + size));
    if (offset >= begin_ + text_.size()) return std::size_t{0};
    const std::string_view there = std::string_view(text_).substr(offset - begin_, size);
    std::memcpy(out, there.data(), there.size());
    return there.size();
  }

 private:
  static constexpr std::size_t kPieceBytes = 16u << 10;  // a thousand times as much may come out

  static constexpr std::uint64_t kKeptBytes = 1u << 20;  // before what was last asked for

  void start_over() {
    unpacker_ = std::make_unique<codec::Decompressor>(kind_);
    text_.clear();
    begin_ = taken_ = keep_from_ = 0;
  }

  Status unpack_to(std::uint64_t wanted) {
    char piece[kPieceBytes];
    while (begin_ + text_.size() < wanted) {
      WEIR_TRY(const std::size_t size, read_at(fd_, piece, sizeof piece, taken_));
      if (size == 0) return {};
      taken_ += size;
      forget();
      WEIR_TRY_STATUS(unpacker_->feed({piece, size}, [this](std::string_view text) {
        text_.append(text);
        return true;
      }));
    }
    return {};
  }
  void forget() {
    const std::uint64_t gone =
        std::min<std::uint64_t>(keep_from_ > begin_ ? keep_from_ - begin_ : 0, text_.size());
    if (gone < (1u << 20) && gone < text_.size()) return;
    text_.erase(0, gone);
    begin_ += gone;
  }

  codec::Compression kind_;
  int fd_;
  std::unique_ptr<codec::Decompressor> unpacker_;
  std::string text_;  // what came out, from begin_
  std::uint64_t begin_ = 0;
  std::uint64_t keep_from_ = 0;
  std::uint64_t taken_ = 0;  // of the packed bytes
};

}  // namespace

TextForm TextForm::of(const TextRules& rules, std::string_view first_bytes) {
  using namespace std::string_view_literals;
  struct Mark {
    std::string_view bytes, encoding;
  };
  static constexpr Mark kMarks[] = {{"\xff\xfe\0\0"sv, "utf-32le"},
                                    {"\0\0\xfe\xff"sv, "utf-32be"},
                                    {"\xef\xbb\xbf", "utf-8"},
                                    {"\xff\xfe", "utf-16le"},
                                    {"\xfe\xff", "utf-16be"}};
  TextForm form;
  std::string encoding = to_lower(rules.encoding);
  for (const Mark& mark : kMarks) {
    if (!first_bytes.starts_with(mark.bytes)) continue;
    encoding = mark.encoding;
    form.mark_bytes = mark.bytes.size();
    break;
  }
  if (encoding == "utf-16" || encoding == "utf-32") encoding += "be";  // without a mark
  if (encoding.empty() || encoding == "utf-8" || encoding == "utf8" || encoding == "us-ascii")
    return form;
  static constexpr std::pair<std::string_view, TextUnit> kWide[] = {
      {"utf-16le", TextUnit::kUtf16Le},
      {"utf-16be", TextUnit::kUtf16Be},
      {"utf-32le", TextUnit::kUtf32Le},
      {"utf-32be", TextUnit::kUtf32Be}};
  for (const auto& [name, unit] : kWide) {
    if (encoding == name) form.unit = unit;
  }
  auto decoder = codec::CharsetDecoder::open(encoding);
  if (decoder) form.decoder.emplace(std::move(*decoder));
  return form;
}

std::string_view TextForm::text(std::string_view line, LogBatch& batch) {
  if (!decoder) return trim_line(line);
  std::string decoded;
  decoder->decode(line, decoded);
  decoder->finish(decoded);
  return batch.text(trim_line(decoded));
}

std::unique_ptr<TextFeed> make_feed(const TextRules& rules, int fd) {
  if (rules.compression) return std::make_unique<PackedFeed>(*rules.compression, fd);
  return std::make_unique<PlainFeed>(fd);
}

}  // namespace weir::loki
