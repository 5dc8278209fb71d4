// SPDX-License-Identifier: Apache-2.0
// Bodies of pushes as loki.source.api reads them: refused, or entries within their bounds that come back
// the same when they are pushed on.
//
// An input is two letters, then a body. The first says what it is: `p`rotobuf, `j`son, `r`aw lines. The
// second how it is encoded: `-` not, `s`nappy, `g`zip, `d`eflate, `x` unknown; as a capital letter the body
// is plain and compressed here, so that what lies behind the compression is reached too.

#include "base/check.h"
#include "base/codec/gzip.h"
#include "base/codec/snappy.h"
#include "components/loki/source_api/push_intake.h"
#include "components/wire/loki/push_encode.h"

#include <cstddef>
#include <cstdint>

namespace {

using namespace weir;

std::string snappy(std::string_view plain) {
  std::string buffer;
  return std::string(codec::snappy_encode(plain, buffer));
}

net::ServerRequest request_of(char kind, char encoding, std::string_view body) {
  net::ServerRequest request;
  request.body = std::string(body);
  if (kind == 'p') request.headers.emplace_back("Content-Type", "application/x-protobuf");
  if (kind == 'j') request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  const auto encoded = [&](const char* name) {
    request.headers.emplace_back("Content-Encoding", name);
  };
  switch (encoding) {
    case 's': encoded("snappy"); break;
    case 'S': request.body = snappy(body); break;
    case 'g': encoded("gzip"); break;
    case 'G':
      encoded("gzip");
      request.body = codec::gzip(kind == 'p' ? snappy(body) : body);
      break;
    case 'd': encoded("deflate"); break;
    case 'x': encoded("br"); break;
    default: break;
  }
  return request;
}

std::string pushed(const LogBatch& batch) {
  wire::LokiPushEncoder encoder;
  for (const Entry& entry : batch.entries()) encoder.add(batch.labels(entry), entry);
  return std::string(encoder.encode());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  loki::IntakePlan plan;
  plan.use_incoming_timestamp = true;
  plan.max_bytes = 1 << 20;
  plan.labels = {{"from", "fuzz"}};
  net::ServerRequest request = request_of(input[0], input[1], input.substr(2));
  const auto intake = input[0] == 'r' ? loki::read_raw(std::move(request), plan, Time{1})
                                      : loki::read_push(std::move(request), plan, Time{1});
  if (!intake) {
    WEIR_CHECK(!intake.error().message.empty(), "a refusal says why");
    return 0;
  }
  WEIR_CHECK(intake->bytes <= plan.max_bytes, "the bound holds");
  const LogBatch& batch = intake->push.batch;
  WEIR_CHECK(batch.size() <= wire::kMaxPushParts, "so does that of entries");
  for (const Entry& entry : batch.entries())
    WEIR_CHECK(batch.labels(entry).get("from") == "fuzz", "the fixed labels are on every entry");

  const std::string once = pushed(batch);
  plan.max_bytes =
      2 * once.size() + 64;  // what was pushed may have been smaller, and snappy adds to noise
  const auto again = loki::read_push(request_of('p', 'S', once), plan, Time{2});
  WEIR_CHECK(again && pushed(again->push.batch) == once,
             "what was taken can be pushed on unchanged");
  return 0;
}
