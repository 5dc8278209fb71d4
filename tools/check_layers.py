#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every #include goes downward or leftward, and that each outside library has one door.

The rule table is tools/layers.txt. A violation names the file, the line and the rule.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOP = ("base", "interpreter", "stdlib", "components", "repl", "server", "cli", "tests", "bench")
# Which files may include an outside library's headers: pattern of the include, paths of its doors.
DOORS = [
    (r"antlr4|Weir(Lexer|Parser)|generated/grammar", ("interpreter/syntax/antlr",)),
    (r"curl/", ("base/net/",)),
    (r"boost/", ("base/exec/", "base/net/")),
    (r"openssl/", ("base/net/", "base/codec/", "base/hash")),
    (r"re2/", ("base/regex.cc",)),
    (r"snappy|zlib\.h|zstd\.h|bzlib\.h|simdjson|nlohmann|yaml-cpp", ("base/codec/",)),
    (r"spdlog", ("base/log.cc",)),
    (r"prometheus/", ("base/metrics.cc",)),
    (r"google/protobuf|\.pb\.h|grpc", ("components/wire/",)),
    (r"fmt/", ("base/format.h", "cmake/")),
    (r"systemd/", ("components/loki/source_journal/",)),
    (r"histedit", ("repl/",)),
]
DOOR_FREE = ("tests/", "bench/")


def folder_of(path):
    parts = path.split("/")[:-1]
    if parts[0] == "components" and len(parts) > 2 and parts[1] not in ("core", "wire"):
        return "/".join(parts[:2])
    return "/".join(parts[:2])


def load_rules():
    rules = {}
    for line in (ROOT / "tools/layers.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            folder, _, allowed = line.partition(":")
            rules[folder] = allowed.split()
    return rules


def allowed_for(folder, rules):
    for candidate in (folder, folder.split("/")[0] + "/*", folder.split("/")[0]):
        if candidate in rules:
            return rules[candidate]
    return None


def main():
    rules, wrong = load_rules(), []
    files = [p for top in TOP for p in sorted((ROOT / top).rglob("*")) if p.suffix in (".h", ".cc", ".def")]
    for file in files:
        path = file.relative_to(ROOT).as_posix()
        folder, is_test = folder_of(path), path.endswith(("_test.cc", "_bench.cc"))
        allowed = allowed_for(folder, rules)
        if allowed is None:
            wrong.append(f"{path}:1: no rule for {folder} in tools/layers.txt")
            continue
        text = file.read_text(errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', line)
            if not match:
                continue
            own, outside = match.groups()
            if own and own.split("/")[0] in TOP and not own.endswith(".pb.h"):
                target = folder_of(own)
                fine = target == folder or "*" in allowed or target in allowed or target.split("/")[0] in allowed
                fine = fine or (is_test and (own.startswith("tests/support/") or target.split("/")[0] in ("stdlib",)))
                if not fine:
                    wrong.append(f"{path}:{number}: {folder} may not include {target} (tools/layers.txt)")
            name = own or outside
            for pattern, doors in DOORS:
                if re.search(pattern, name) and not (own and name.split("/")[0] in TOP and not name.endswith(".pb.h")):
                    if not path.startswith(doors + DOOR_FREE) and not is_test:
                        wrong.append(f"{path}:{number}: <{name}> belongs behind its door: {', '.join(doors)}")
    print("\n".join(wrong) if wrong else f"layers: {len(files)} files keep the rules")
    return 1 if wrong else 0


sys.exit(main())
