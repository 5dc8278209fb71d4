// SPDX-License-Identifier: Apache-2.0
// sys: the machine and process that Weir runs in.

#include "interpreter/catalog/function_def.h"

namespace weir::stdlib {
namespace {

Result<std::string> env(catalog::Call& call, const std::string& name) {
  const catalog::CallContext& context = call.context();
  return context.env == nullptr ? std::string() : context.env(name, context.env_self);
}

constexpr catalog::Param kEnvParams[] = {{"name", "Name of the variable."}};
constexpr catalog::Example kEnvExamples[] = {{R"(sys.env("WEIR_NO_SUCH_VARIABLE"))", R"("")"}};

}  // namespace

extern constexpr catalog::FunctionDef sys_env =
    catalog::function<&env>("sys.env", "Returns an environment variable, \"\" if it is not set.",
                            kEnvParams, kEnvExamples)
        .impure();
extern constexpr catalog::FunctionDef old_env = sys_env.alias("env");

}  // namespace weir::stdlib
