// SPDX-License-Identifier: Apache-2.0
// Lines of any bytes through stage.cri, in batches and one by one: no text is lost or made up.

#include "base/check.h"
#include "components/loki/process/cri_line.h"
#include "tests/fuzz/stage_lines.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const weir::loki::CriLine line = weir::loki::parse_cri(text);
  WEIR_CHECK(line.kind == weir::loki::CriKind::kNone || text.ends_with(line.content),
             "the content is the end of the line");
  static weir::loki::StageLines stage("stage.cri { max_partial_lines = 3 }");
  stage.run(text);
  return 0;
}
