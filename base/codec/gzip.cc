// SPDX-License-Identifier: Apache-2.0
#include "base/codec/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <bzlib.h>

namespace weir::codec {
namespace {

constexpr std::size_t kPiece = 256u << 10;
constexpr std::size_t kMaxFeed = 1u << 30;  // the libraries count in 32 bits

/// zlib's code for which wrapper to expect.
int window_bits(Compression kind) {
  if (kind == Compression::kGzip) return MAX_WBITS + 16;
  return kind == Compression::kRawDeflate ? -MAX_WBITS : MAX_WBITS;
}

/// A zlib stream begins with two bytes whose value is divisible by 31 and names method 8.
bool looks_like_zlib(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  return (first & 15) == 8 && (first * 256 + second) % 31 == 0;
}

enum class Step { kMore, kMemberEnd, kCorrupt };

/// One library's stream: moves bytes from `in` to the output buffer.
class Engine {
 public:
  virtual ~Engine() = default;
  /// Consumes from `in` (shortened) into `out`; `written` gets how much.
  virtual Step step(std::string_view& in, char* out, std::size_t room, std::size_t& written) = 0;
  virtual void next_member() = 0;
};

class ZlibEngine final : public Engine {
 public:
  explicit ZlibEngine(int bits) : bits_(bits) {
    WEIR_CHECK(inflateInit2(&stream_, bits_) == Z_OK, "inflateInit2 fails only for lack of memory");
  }
  ~ZlibEngine() override { inflateEnd(&stream_); }

  Step step(std::string_view& in, char* out, std::size_t room, std::size_t& written) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(room);
    const int answer = inflate(&stream_, Z_NO_FLUSH);
    in.remove_prefix(in.size() - stream_.avail_in);
    written = room - stream_.avail_out;
    if (answer == Z_STREAM_END) return Step::kMemberEnd;
    return answer == Z_OK || answer == Z_BUF_ERROR ? Step::kMore : Step::kCorrupt;
  }
  void next_member() override { inflateReset2(&stream_, bits_); }

 private:
  z_stream stream_{};
  int bits_;
};

class Bzip2Engine final : public Engine {
 public:
  Bzip2Engine() { begin(); }
  ~Bzip2Engine() override { BZ2_bzDecompressEnd(&stream_); }

  Step step(std::string_view& in, char* out, std::size_t room, std::size_t& written) override {
    stream_.next_in = const_cast<char*>(in.data());
    stream_.avail_in = static_cast<unsigned>(in.size());
    stream_.next_out = out;
    stream_.avail_out = static_cast<unsigned>(room);
    const int answer = BZ2_bzDecompress(&stream_);
    in.remove_prefix(in.size() - stream_.avail_in);
    written = room - stream_.avail_out;
    if (answer == BZ_STREAM_END) return Step::kMemberEnd;
    return answer == BZ_OK ? Step::kMore : Step::kCorrupt;
  }
  void next_member() override {
    BZ2_bzDecompressEnd(&stream_);
    stream_ = {};
    begin();
  }

 private:
  void begin() {
    WEIR_CHECK(BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK, "bzip2 starts unless memory is out");
  }
  bz_stream stream_{};
};

std::unique_ptr<Engine> make_engine(Compression kind) {
  if (kind == Compression::kBzip2) return std::make_unique<Bzip2Engine>();
  return std::make_unique<ZlibEngine>(window_bits(kind));
}

}  // namespace

struct Decompressor::State {
  Compression kind;
  std::unique_ptr<Engine> engine;
  std::string piece = std::string(kPiece, '\0');
  bool member_ended = false;
};

Decompressor::Decompressor(Compression kind) : state_(std::make_unique<State>()) {
  state_->kind = kind;
}
Decompressor::~Decompressor() = default;

bool Decompressor::at_end() const {
  return state_->member_ended;
}

Status Decompressor::feed(std::string_view bytes,
                          const std::function<bool(std::string_view)>& take) {
  WEIR_CHECK(bytes.size() <= kMaxFeed, "callers feed at most 1 GiB at once");
  State& state = *state_;
  while (!bytes.empty()) {
    if (state.engine == nullptr) {
      if (state.kind == Compression::kDeflate) {
        state.kind = looks_like_zlib(bytes) ? Compression::kZlib : Compression::kRawDeflate;
      }
      state.engine = make_engine(state.kind);
    } else if (state.member_ended) {
      state.engine->next_member();
    }
    state.member_ended = false;
    // Until everything is consumed and a piece comes out short: what is left inside follows with more input.
    for (bool more = true; more;) {
      std::size_t written = 0;
      const Step step = state.engine->step(bytes, state.piece.data(), state.piece.size(), written);
      if (step == Step::kCorrupt) return invalid("corrupt compressed data");
      if (written > 0 && !take(std::string_view(state.piece).substr(0, written))) return {};
      state.member_ended = step == Step::kMemberEnd;
      more = !state.member_ended && (!bytes.empty() || written == state.piece.size());
    }
  }
  return {};
}

Result<std::string> decompress(Compression kind, std::string_view bytes, std::size_t max_bytes) {
  if (bytes.size() > kMaxFeed)
    return invalid("{} bytes compressed, more than is read", bytes.size());
  std::string out;
  bool too_large = false;
  Decompressor decompressor(kind);
  WEIR_TRY_STATUS(decompressor.feed(bytes, [&](std::string_view piece) {
    too_large = out.size() + piece.size() > max_bytes;
    if (!too_large) out += piece;
    return !too_large;
  }));
  if (too_large) return invalid("more than the {} bytes allowed after decompression", max_bytes);
  if (!decompressor.at_end()) return invalid("compressed data ends early");
  return out;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  WEIR_CHECK(bytes.size() <= kMaxFeed, "callers compress at most 1 GiB at once");
  WEIR_CHECK(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8,
                          Z_DEFAULT_STRATEGY) == Z_OK,
             "deflateInit2 fails only for lack of memory");
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int answer = deflate(&stream, Z_FINISH);
  WEIR_CHECK(answer == Z_STREAM_END, "the output buffer is as large as zlib says it may need");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace weir::codec
