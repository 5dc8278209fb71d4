// SPDX-License-Identifier: Apache-2.0
// Lines of any bytes through stage.json, by name, by path and by regex.

#include "tests/fuzz/stage_lines.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static weir::loki::StageLines stage(
      "stage.json {\n expressions = { a = \"\", b = \"x.y[0]\", c = \"z[*].k\" }\n regex = "
      "\"^k\"\n}\n"
      "stage.labels { values = { a = \"\", b = \"\" } }\n"
      "stage.structured_metadata { regex = \".*\" }\n"
      "stage.output { source = \"c\" }");
  stage.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
