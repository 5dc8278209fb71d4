// SPDX-License-Identifier: Apache-2.0
// Golden cases: an input and beside it the text that must come of it, found when the test starts.
//
//   const bool kGoldens = test::register_goldens("SyntaxGolden", "syntax", ".alloy",
//   render_errors);
//
// A new case compiles nothing. UPDATE_GOLDEN=1 writes what comes out as what is expected.

#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace weir::test {

/// One test for each NAME+`extension` in tests/golden/`folder`: what `produce` makes of its text
/// must be NAME.txt beside it. Also a test that there are cases at all. Returns true.
bool register_goldens(const char* suite, std::string_view folder, std::string_view extension,
                      std::function<std::string(const std::string&)> produce);

}  // namespace weir::test
