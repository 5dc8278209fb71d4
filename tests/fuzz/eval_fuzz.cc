// SPDX-License-Identifier: Apache-2.0
// Expressions of any text, evaluated with the library: nothing crashes or hangs, the checker never
// refuses what runs, and a value's text reads back as the value.

#include "base/check.h"
#include "interpreter/eval/evaluate.h"
#include "interpreter/syntax/parse.h"
#include "stdlib/functions.h"

#include <cstddef>
#include <cstdint>

namespace weir {
namespace {

struct FuzzResult {
  eval::Known known;
  bool good = false;
};

FuzzResult evaluate(std::string text, eval::Mode mode) {
  static const auto kLibrary = stdlib::functions({"host", "linux", "amd64", "v0.0.0"});
  const catalog::CallContext context;
  eval::Variables scope;
  scope.set("secret", eval::Known::of(value::Value::secret("s")));
  scope.set("open", eval::Known::of(value::Value::optional_secret("o", false)));
  text::DiagnosticSink sink;
  const auto parsed = syntax::parse_expression(text::Source::make("fuzz", std::move(text)), sink);
  FuzzResult out;
  if (sink.has_errors()) return out;
  out.known = eval::Evaluator(scope, kLibrary, context, mode, sink).expression(*parsed.expression);
  out.good = !sink.has_errors();
  return out;
}

/// Whether the value is one that text can say: no capsules, functions, or numbers that are none.
bool is_plain(const value::Value& v) {
  switch (v.kind()) {
    case value::Kind::kFunction:
    case value::Kind::kCapsule: return false;
    case value::Kind::kNumber: return v.as_number().as_double() - v.as_number().as_double() == 0;
    case value::Kind::kArray:
      for (const value::Value& element : v.as_array()) {
        if (!is_plain(element)) return false;
      }
      return v.extent().depth < 500;
    case value::Kind::kObject:
      for (const auto& [key, member] : v.as_object().members) {
        // Quoted keys are read as they are written: what needs an escape does not come back.
        if (!is_plain(member) || key.empty() || print(value::Value(key)) != '"' + key + '"')
          return false;
      }
      return v.extent().depth < 500;
    default: return true;
  }
}

void check(const std::string& text) {
  const FuzzResult ran = evaluate(text, eval::Mode::kRun);
  const FuzzResult checked = evaluate(text, eval::Mode::kCheck);
  if (!ran.good) return;
  WEIR_CHECK(checked.good, "the checker refuses only what fails");
  WEIR_CHECK(ran.known.value.has_value(), "an evaluation without an error has a value");
  if (!is_plain(*ran.known.value) || ran.known.value->extent().bytes > 1u << 20) return;
  const FuzzResult again = evaluate(print(*ran.known.value), eval::Mode::kRun);
  WEIR_CHECK(again.good && again.known.value == *ran.known.value,
             "the text of a value is the value");
}

}  // namespace
}  // namespace weir

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::check(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
