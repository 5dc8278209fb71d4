// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/wave.h"

#include "interpreter/schema/schema.h"

#include <utility>

namespace weir::graph {

void Wave::untouched(const Instance& instance) {
  if (!instance.def()->singleton) ++untouched_;
}

void Wave::undo() {
  for (auto at = updated_.rbegin(); at != updated_.rend(); ++at) {
    Instance& instance = **at;
    const auto before = instance.evaluated();  // only a wave that is made good changes it
    const schema::BlockOps& ops = instance.def()->args();
    const std::shared_ptr<void> args = ops.make();
    text::DiagnosticSink sink;
    schema::DecodeContext context;
    context.name = instance.def()->name;
    if (!schema::decode(ops, before->body, context, args.get(), sink)) continue;
    if (Status status = instance.update(args.get()); !status) {
      instance.log().error("could not put the old arguments back",
                           {{"err", status.error().message}});
      instance.health().set_evaluation(Health::kUnhealthy, status.error().message);
    }
  }
}

}  // namespace weir::graph
