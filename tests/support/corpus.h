// SPDX-License-Identifier: Apache-2.0
// The conformance corpus: data beside the project, each case a test made when the program starts.
//
//   const bool kPayloads = test::register_corpus("LokiPush", "components/loki_push/payloads.jsonl",
//   run_payload);
//
// What Weir does otherwise on purpose stands, with its reason, in tests/conformance_exceptions.txt
// and is skipped. So is what needs a component, a stage or a block that tests/not_built.txt names:
// another one must not say that it is not built. Without the corpus there are no such tests, and
// one line says so.

#pragma once

#include "base/codec/json.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::test {

/// The corpus' folder; "" and one line said if there is none.
std::string corpus_folder();

/// The lines of a JSON-lines file below the corpus; none if the corpus is absent. A file that is
/// missing or malformed is one case that says so: {"name": ..., "unreadable": ...}.
std::vector<codec::JsonValue> read_corpus(std::string_view path);

/// Registers one test for each line that `takes` takes, named by its "name". Returns true.
bool register_corpus(const char* suite, std::string_view path,
                     std::function<void(const codec::JsonValue&)> run,
                     const std::function<bool(const codec::JsonValue&)>& takes = {});

/// Registers one test of any kind, for what is not a line of a file.
void register_case(const char* suite, const std::string& name, std::function<void()> run);

/// Why a case is an exception; null if it is none. `path` is that of its file below the corpus.
const std::string* exception_reason(std::string_view path, std::string_view name);

/// What is called "not built yet" in a diagnostic's message or in lines of them: whether all of it
/// may be, being named in tests/not_built.txt; else a failed check.
bool may_be_unbuilt(std::string_view messages);

/// The bytes of a file below the corpus; a failed check if it cannot be read.
std::string corpus_bytes(std::string_view path);

/// Members of a case; "" and a failed check if they are of another kind.
std::string text_of(const codec::JsonValue& object, std::string_view key);
/// A text that may be `{"b64": "..."}`.
std::string bytes_of(const codec::JsonValue& value);

}  // namespace weir::test
