// SPDX-License-Identifier: Apache-2.0
// A push request's way from bytes to entries: encodings undone, labels settled.

#pragma once

#include "base/net/http_server.h"
#include "components/core/relabel.h"
#include "components/core/sink.h"
#include "components/wire/loki/push_decode.h"

#include <map>
#include <memory>
#include <string>

namespace weir::loki {

/// What is done to pushes; immutable.
struct IntakePlan {
  Fanout<LogBatch> next;
  std::map<std::string, std::string> labels;  ///< given to every entry
  RelabelRules rules;
  bool use_incoming_timestamp = false;
  std::size_t max_bytes = 0;  ///< of a message, compressed and not
  Duration settle_timeout{};
};

/// A push and how many bytes it is, uncompressed.
struct Intake {
  wire::LokiPush push;
  std::size_t bytes = 0;
};

/// Reads a body sent to the push path: protobuf or JSON by its Content-Type.
/// Errors: kInvalid; the text is for the client.
Result<Intake> read_push(net::ServerRequest request, const IntakePlan& plan, Time now);
/// Reads a PushRequest.
Result<Intake> read_message(std::string message, const std::string& tenant, const IntakePlan& plan,
                            Time now);
/// Reads a body sent to the raw path: lines, which get the plan's labels alone.
Result<Intake> read_raw(net::ServerRequest request, const IntakePlan& plan, Time now);

}  // namespace weir::loki
