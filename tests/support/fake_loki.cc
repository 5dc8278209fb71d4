// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_loki.h"

#include "base/codec/snappy.h"
#include "components/wire/loki/push_decode.h"
#include "components/wire/loki/selector.h"

#include <gtest/gtest.h>

namespace weir::test {
namespace {

std::vector<FakeLoki::Stream> decode_streams(const std::string& body) {
  std::vector<FakeLoki::Stream> out;
  const auto message = codec::snappy_decode(body, 64u << 20);
  EXPECT_TRUE(message) << message.error().message;
  if (!message) return out;
  const auto push = wire::decode_loki_push(
      std::make_shared<const std::string>(*message),
      [](LabelsBuilder& labels) -> std::optional<Labels> { return labels.build(); });
  EXPECT_TRUE(push) << push.error().message;
  if (!push) return out;
  EXPECT_FALSE(push->bad_labels);
  const std::vector<LogRecord> all = records(push->batch);
  std::uint32_t last = 0xffffffff;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Entry& entry = push->batch.entries()[i];
    if (entry.labels != last)
      wire::append_selector(out.emplace_back().selector, push->batch.labels(entry));
    last = entry.labels;
    out.back().entries.push_back(all[i]);
  }
  return out;
}

}  // namespace

std::vector<std::string> FakeLoki::Push::lines() const {
  std::vector<std::string> out;
  for (const Stream& stream : streams) {
    for (const LogRecord& entry : stream.entries) out.push_back(entry.line);
  }
  return out;
}

FakeLoki::FakeLoki(const net::ServerTls* tls) {
  const auto handler = [this](net::ServerRequest request, net::Responder responder) {
    handle(std::move(request), std::move(responder));
  };
  auto server = tls != nullptr ? net::HttpServer::listen(pool_, {}, *tls, handler)
                               : net::HttpServer::listen(pool_, {}, handler);
  EXPECT_TRUE(server) << server.error().message;
  server_ = std::move(*server);
}

std::string FakeLoki::url() const {
  return format("http://127.0.0.1:{}/loki/api/v1/push", port());
}

void FakeLoki::answer(std::deque<net::ServerResponse> responses) {
  MutexLock lock(mutex_);
  answers_ = std::move(responses);
}

void FakeLoki::hold() {
  MutexLock lock(mutex_);
  holds_ = true;
}

void FakeLoki::release() {
  std::vector<net::Responder> held;
  std::vector<net::ServerResponse> responses;
  {
    MutexLock lock(mutex_);
    holds_ = false;
    held.swap(held_);
    for (std::size_t i = 0; i < held.size(); ++i) responses.push_back(next_answer());
  }
  for (std::size_t i = 0; i < held.size(); ++i) held[i].send(std::move(responses[i]));
}

std::vector<FakeLoki::Push> FakeLoki::pushes() const {
  MutexLock lock(mutex_);
  return pushes_;
}

std::vector<std::string> FakeLoki::lines() const {
  std::vector<std::string> out;
  for (const Push& push : pushes()) {
    for (std::string& line : push.lines()) out.push_back(std::move(line));
  }
  return out;
}

net::ServerResponse FakeLoki::next_answer() {
  if (answers_.empty()) return {204, "", "text/plain", {}};
  net::ServerResponse response = answers_.front();
  if (answers_.size() > 1) answers_.pop_front();
  return response;
}

void FakeLoki::handle(net::ServerRequest request, net::Responder responder) {
  Push push;
  push.tenant = request.header("X-Scope-OrgID");
  push.streams = decode_streams(request.body);
  request.body.clear();
  push.request = std::move(request);
  net::ServerResponse response;
  {
    MutexLock lock(mutex_);
    pushes_.push_back(std::move(push));
    if (holds_) return held_.push_back(std::move(responder));
    response = next_answer();
  }
  responder.send(std::move(response));
}

}  // namespace weir::test
