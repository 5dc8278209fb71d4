// SPDX-License-Identifier: Apache-2.0
#include "components/core/sink.h"

namespace weir {

template <>
const value::CapsuleType& receiver_type<LogBatch>() {
  static constexpr value::CapsuleType kType = {
      .name = "loki.LogsReceiver", .words = "a receiver of logs", .receives = true};
  return kType;
}

}  // namespace weir
