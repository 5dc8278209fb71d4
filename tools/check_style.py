#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""House rules that clang-tidy cannot say. Each has its replacement; a line may opt out with `// style: WHY`."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOP = ("base", "interpreter", "stdlib", "components", "repl", "server", "cli", "tests", "bench")
RULES = [  # pattern, where it is allowed, what to use instead
    (r"\bstd::regex\b|#include <regex>", (), 'base/regex.h'),
    (r"\bstd::thread\b(?!::)", ("base/",), "Context::pool().spawn"),
    (r"\bthrow\b(?!;?\s*\")", (), "Result, or a diagnostic"),
    (r"\bstd::(cout|cerr)\b", (), "cli::World"),
    (r"\bsleep_for\b|\busleep\(", ("tests/support/", "base/"), "a fake clock, or bounded polling in tests/support"),
    (r"(?<![_\w])assert\(", (), "WEIR_DCHECK"),
    (r"std::atomic<std::shared_ptr", ("base/snapshot.h",), "Snapshot"),
    (r"#include <(ranges|source_location|format)>", (), "algorithms, __FILE__, base/format.h"),
    (r"\busing namespace std;", (), "names in full"),
    (r"\bfor \(.* : .*\(\)->", (), "a name for the pointer: the loop does not hold the temporary it came from"),
    (r"\bnew [A-Z]\w*[({]", ("base/", "components/core/", "interpreter/text/source.cc", "components/wire/loki/push_server.cc"), "std::make_unique"),
]
LONG, TOO_LONG = 600, 1000


def main():
    wrong, warnings = [], []
    files = [p for top in TOP for p in sorted((ROOT / top).rglob("*")) if p.suffix in (".h", ".cc", ".def", ".proto")]
    for file in files + sorted((ROOT / "grammar").glob("*.g4")):
        path = file.relative_to(ROOT).as_posix()
        lines = file.read_text(errors="replace").splitlines()
        if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:3]):
            wrong.append(f"{path}:1: no SPDX line")
        if file.suffix == ".h" and "#pragma once" not in lines:
            wrong.append(f"{path}:1: no #pragma once")
        if file.suffix == ".h" and "#include <iostream>" in lines:
            wrong.append(f"{path}:1: <iostream> in a header")
        if len(lines) > TOO_LONG:
            wrong.append(f"{path}:{len(lines)}: {len(lines)} lines; which idea wants a file of its own?")
        elif len(lines) > LONG:
            warnings.append(f"{path}:{len(lines)}: warning: {len(lines)} lines, more than {LONG}")
        for number, line in enumerate(lines, 1):
            code = re.sub(r'"(\\.|[^"\\])*"', '""', line.split("//")[0])
            if "// style:" in line:
                continue
            for pattern, where, instead in RULES:
                if re.search(pattern, code) and not path.startswith(where or ("?",)):
                    if pattern.startswith(r"\bthrow") and re.search(r'throw ""', code):
                        continue  # consteval tables: the compiler prints the text
                    wrong.append(f"{path}:{number}: {code.strip()[:60]}: use {instead}")
    print("\n".join(warnings + wrong) if warnings or wrong else f"style: {len(files)} files keep the rules")
    return 1 if wrong else 0


sys.exit(main())
