// SPDX-License-Identifier: Apache-2.0
// loki.source.api over gRPC, as a gRPC client sees it.

#include "components/core/window.h"
#include "components/wire/loki/push.pb.h"
#include "tests/support/certificates.h"
#include "tests/support/component_fixture.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <gtest/gtest.h>

#include <future>

namespace weir::loki {
namespace {

using test::CaptureLogs;
using test::soon;
using testing::ElementsAre;
using testing::HasSubstr;

std::string api_body(const std::string& grpc, const std::string& more = {}) {
  return "forward_to = [next]\nhttp {\n listen_address = \"127.0.0.1\"\n listen_port = 0\n}\n" +
         more + "\n" + grpc;
}
std::string grpc_block(const std::string& more = {}) {
  return "grpc {\n listen_address = \"127.0.0.1\"\n" + more + "\n}\n";
}

struct GrpcApi {
  explicit GrpcApi(const std::string& grpc = grpc_block(), const std::string& more = {},
                   test::Names names = {}) {
    names.emplace("next", out.receiver());
    component = test::make_component(weir::component("loki.source.api"), api_body(grpc, more),
                                     std::move(names));
  }
  [[nodiscard]] std::uint64_t info(std::string_view name) const {
    const value::Value all = component->component().debug_info();
    const value::Value* found = all.as_object().find(name);
    return found == nullptr ? 0 : found->as_number().natural;
  }

  CaptureLogs out;
  std::unique_ptr<test::TestComponent> component;
};

logproto::PushRequest one_line(const std::string& line) {
  logproto::PushRequest request;
  logproto::StreamAdapter& stream = *request.add_streams();
  stream.set_labels(R"({app="a"})");
  logproto::EntryAdapter& entry = *stream.add_entries();
  entry.set_line(line);
  entry.mutable_timestamp()->set_seconds(7);
  return request;
}

/// A client with a connection of its own.
class PushClient {
 public:
  explicit PushClient(std::uint64_t port, const std::shared_ptr<grpc::ChannelCredentials>& as =
                                              grpc::InsecureChannelCredentials())
      : channel_(connect(port, as)), stub_(channel_), raw_(channel_) {}

  /// A call under way.
  struct Call {
    grpc::ClientContext context;
    logproto::PushRequest request;
    logproto::PushResponse response;
    std::promise<grpc::Status> promise;
    std::future<grpc::Status> status = promise.get_future();
    [[nodiscard]] bool is_done() const {
      return status.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }
  };
  std::unique_ptr<Call> start(const std::string& line, const std::string& tenant = {},
                              const std::string& method = "/logproto.Pusher/Push",
                              bool compress = false) {
    auto call = std::make_unique<Call>();
    call->request = one_line(line);
    if (!tenant.empty()) call->context.AddMetadata("x-scope-orgid", tenant);
    if (compress) call->context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    call->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    stub_.UnaryCall(&call->context, method, grpc::StubOptions(), &call->request, &call->response,
                    [at = call.get()](grpc::Status status) { at->promise.set_value(status); });
    return call;
  }
  grpc::Status push(const std::string& line, const std::string& tenant = {}) {
    return start(line, tenant)->status.get();
  }
  grpc::Status push_bytes(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    grpc::ByteBuffer request(&slice, 1), response;
    grpc::ClientContext context;
    std::promise<grpc::Status> done;
    raw_.UnaryCall(&context, "/logproto.Pusher/Push", grpc::StubOptions(), &request, &response,
                   [&](grpc::Status status) { done.set_value(status); });
    return done.get_future().get();
  }

 private:
  static std::shared_ptr<grpc::Channel> connect(
      std::uint64_t port, const std::shared_ptr<grpc::ChannelCredentials>& as) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
    return grpc::CreateCustomChannel(format("ipv4:127.0.0.1:{}", port), as, arguments);
  }
  std::shared_ptr<grpc::Channel> channel_;
  grpc::TemplatedGenericStub<logproto::PushRequest, logproto::PushResponse> stub_;
  grpc::GenericStub raw_;
};

TEST(LokiSourceApiGrpc, TakesPushes) {
  GrpcApi api(grpc_block(), "labels = { fixed = \"1\" }\nuse_incoming_timestamp = true");
  ASSERT_NE(api.component, nullptr);
  PushClient client(api.info("grpc_port"));
  const grpc::Status status = client.push("hello", "team-a");
  ASSERT_TRUE(status.ok()) << status.error_message();
  const auto records = api.out.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].line, "hello");
  EXPECT_EQ(records[0].time.ns, 7'000'000'000);
  EXPECT_EQ(records[0].labels, (std::map<std::string, std::string>{
                                   {"app", "a"}, {"fixed", "1"}, {"__tenant_id__", "team-a"}}));
  EXPECT_THAT(api.component->metrics_text(), HasSubstr("route=\"/logproto.Pusher/Push\""));
}

TEST(LokiSourceApiGrpc, StartsNothingWithoutItsBlock) {
  GrpcApi api("");
  ASSERT_NE(api.component, nullptr);
  EXPECT_EQ(api.info("grpc_port"), 0U);
}

TEST(LokiSourceApiGrpc, AnswersWhatBecameOfAPush) {
  struct Case {
    Outcome outcome;
    grpc::StatusCode code;
  };
  GrpcApi api;
  PushClient client(api.info("grpc_port"));
  for (const Case& c : {Case{{Verdict::kDelivered, 0}, grpc::StatusCode::OK},
                        Case{{Verdict::kRejected, 400}, grpc::StatusCode::INVALID_ARGUMENT},
                        Case{{Verdict::kRejected, 401}, grpc::StatusCode::UNAUTHENTICATED},
                        Case{{Verdict::kRejected, 429}, grpc::StatusCode::RESOURCE_EXHAUSTED},
                        Case{{Verdict::kRejected, 0}, grpc::StatusCode::UNAVAILABLE},
                        Case{{Verdict::kAbandoned, 0}, grpc::StatusCode::UNAVAILABLE}}) {
    api.out.answer(c.outcome);
    EXPECT_EQ(client.push("x").error_code(), c.code);
  }
}

TEST(LokiSourceApiGrpc, AnswersNotBeforeTheReceipt) {
  GrpcApi api;
  api.out.answer(std::nullopt);
  PushClient client(api.info("grpc_port"));
  const auto call = client.start("x");
  ASSERT_TRUE(soon([&] { return api.out.batches() == 1; }));
  EXPECT_FALSE(call->is_done());
  api.out.settle_held({});
  EXPECT_TRUE(call->status.get().ok());
  const auto given_up = client.start("y");
  ASSERT_TRUE(soon([&] { return api.out.batches() == 2; }));
  given_up->context.TryCancel();
  EXPECT_EQ(given_up->status.get().error_code(), grpc::StatusCode::CANCELLED);
  api.out.settle_held({});  // too late: nobody waits
  api.out.answer(Outcome{});
  EXPECT_TRUE(client.push("z").ok());
}

TEST(LokiSourceApiGrpc, RefusesWhatItCannotRead) {
  GrpcApi api(grpc_block("server_max_recv_msg_size = 1000"), "max_send_message_size = \"500B\"");
  PushClient client(api.info("grpc_port"));
  EXPECT_EQ(client.push_bytes("garbage").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(client.push(std::string(600, 'x')).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(client.push(std::string(2000, 'x')).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(client.start("x", "", "/logproto.Querier/Query")->status.get().error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(client.start(std::string(400, 'x'), "", "/logproto.Pusher/Push", true)
                ->status.get()
                .error_code(),
            grpc::StatusCode::UNIMPLEMENTED)
      << "compressed, which might be a bomb";
  EXPECT_TRUE(api.out.records().empty());
  EXPECT_TRUE(client.push("good").ok());
}

TEST(LokiSourceApiGrpc, IsFullWhenItsWindowIs) {
  GrpcApi api(grpc_block("server_max_recv_msg_size = 33554432"));
  api.out.answer(std::nullopt);
  PushClient client(api.info("grpc_port"));
  const auto large = client.start(std::string(Window::kDefaultBytes, 'x'));
  ASSERT_TRUE(soon([&] { return api.out.batches() == 1; }));
  EXPECT_EQ(client.push("x").error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  api.out.settle_held({});
  EXPECT_TRUE(large->status.get().ok());
}

TEST(LokiSourceApiGrpc, LimitsConnectionsAndCalls) {
  GrpcApi api(grpc_block("conn_limit = 1\nserver_max_concurrent_streams = 1"));
  auto first = std::make_unique<PushClient>(api.info("grpc_port"));
  ASSERT_TRUE(first->push("1").ok());
  EXPECT_EQ(api.info("grpc_connections"), 1U);
  PushClient second(api.info("grpc_port"));
  const auto waits = second.start("2");
  api.out.answer(std::nullopt);
  auto begun = first->start("3"), queued = first->start("4");
  ASSERT_TRUE(soon([&] { return api.out.batches() == 2; }));
  EXPECT_FALSE(waits->is_done());
  EXPECT_FALSE(queued->is_done());
  api.out.answer(Outcome{});
  api.out.settle_held({});
  EXPECT_TRUE(begun->status.get().ok());
  EXPECT_TRUE(queued->status.get().ok());
  EXPECT_THAT(api.out.lines(), ElementsAre("1", "3", "4"));
  begun.reset();  // they hold the connection, too
  queued.reset();
  first.reset();
  EXPECT_TRUE(waits->status.get().ok());
}

TEST(LokiSourceApiGrpc, EndsOldAndIdleConnections) {
  for (const std::string name : {"max_connection_age", "max_connection_idle"}) {
    GrpcApi api(grpc_block(name + " = \"100ms\""));
    PushClient client(api.info("grpc_port"));
    ASSERT_TRUE(client.push("x").ok());
    EXPECT_TRUE(soon([&] { return api.info("grpc_connections") == 0; })) << name;
    EXPECT_TRUE(client.push("a new connection").ok()) << name;
  }
}

std::shared_ptr<grpc::ChannelCredentials> client_tls(const test::Authority& authority,
                                                     const test::Certificate& own = {}) {
  return grpc::SslCredentials({authority.cert_pem(), own.key_pem, own.cert_pem});
}

TEST(LokiSourceApiGrpc, SpeaksTls) {
  const test::Authority authority, stranger;
  const test::Certificate certificate = authority.issue("api.test");
  const std::string asks =
      "client_ca_pem = ca\nclient_auth_type = \"RequireAndVerifyClientCert\"\n";
  for (const std::string& more : {std::string(), asks}) {
    GrpcApi api(grpc_block("tls {\ncert_pem = cert\nkey_pem = key\n" + more + "}"), {},
                {{"ca", value::Value(authority.cert_pem())},
                 {"cert", value::Value(certificate.cert_pem)},
                 {"key", value::Value::secret(certificate.key_pem)}});
    ASSERT_NE(api.component, nullptr);
    const std::uint64_t port = api.info("grpc_port");
    const auto push = [port](const std::shared_ptr<grpc::ChannelCredentials>& as) {
      return PushClient(port, as).push("x").ok();
    };
    EXPECT_TRUE(push(client_tls(authority, authority.issue("client.test"))));
    EXPECT_EQ(push(client_tls(authority)), more.empty()) << "without a certificate";
    EXPECT_EQ(push(client_tls(authority, stranger.issue("client.test"))), more.empty());
    EXPECT_FALSE(push(client_tls(stranger))) << "a client that knows another authority";
    EXPECT_FALSE(push(grpc::InsecureChannelCredentials()));
    EXPECT_TRUE(soon([&] { return api.info("grpc_connections") == 0; }));
  }
}

TEST(LokiSourceApiGrpc, FollowsItsConfiguration) {
  GrpcApi api;
  const std::uint64_t port = api.info("grpc_port");
  PushClient client(port);
  ASSERT_TRUE(client.push("1").ok());
  ASSERT_EQ(api.component->update(api_body(grpc_block(), "labels = { v = \"2\" }")), "");
  EXPECT_EQ(api.info("grpc_port"), port);
  ASSERT_TRUE(client.push("2").ok());
  EXPECT_EQ(api.info("grpc_connections"), 1U) << "the same one";
  GrpcApi other;
  EXPECT_NE(api.component->update(
                api_body(grpc_block(format("listen_port = {}", other.info("grpc_port"))))),
            "");
  EXPECT_EQ(api.info("grpc_port"), port) << "what runs goes on";
  ASSERT_TRUE(client.push("3").ok());
  ASSERT_EQ(api.component->update(api_body(grpc_block("listen_port = 0\nconn_limit = 9"))), "");
  EXPECT_NE(api.info("grpc_port"), 0U);
  ASSERT_EQ(api.component->update(api_body("")), "");
  EXPECT_EQ(api.info("grpc_port"), 0U);
}

TEST(LokiSourceApiGrpc, StopsInTime) {
  GrpcApi api(grpc_block(), "graceful_shutdown_timeout = \"100ms\"");
  api.out.answer(std::nullopt);
  PushClient client(api.info("grpc_port"));
  const auto call = client.start("x");
  ASSERT_TRUE(soon([&] { return api.out.batches() == 1; }));
  api.component->stop();
  EXPECT_FALSE(call->status.get().ok());
  api.out.settle_held({});
}

TEST(LokiSourceApiGrpc, ChecksItsArguments) {
  const auto errors = [](const std::string& block) {
    return test::decode_args(component("loki.source.api"), "forward_to = []\n" + block).errors;
  };
  EXPECT_EQ(errors("grpc { }"), "");
  EXPECT_EQ(errors("grpc {\n max_connection_age = \"1h\"\n}"), "");
  EXPECT_THAT(errors("grpc {\n server_max_recv_msg_size = 0\n}"), HasSubstr("between 1 and"));
  EXPECT_THAT(errors("grpc {\n listen_port = 70000\n}"), HasSubstr("70000"));
  const std::string tls = "grpc {\n tls {\n cert_pem = \"c\"\n key_pem = \"k\"\n";
  EXPECT_EQ(errors(tls + "}\n}"), "");
  EXPECT_THAT(errors(tls + "cipher_suites = \"TLS_AES_128_GCM_SHA256\"\n}\n}"),
              HasSubstr("cannot be chosen"));
  EXPECT_THAT(errors(tls + "min_version = \"VersionTLS13\"\n}\n}"), HasSubstr("speaks 1.2 too"));
}

}  // namespace
}  // namespace weir::loki
