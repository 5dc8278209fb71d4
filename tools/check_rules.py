#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists the rules of docs/language.md that no test cites (`covers: L3.2`), and citations of rules that are not there."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
rules = set(re.findall(r"\*\*(L\d+\.\d+)\*\*", (ROOT / "docs/language.md").read_text()))
cited = set()
for top in ("base", "interpreter", "stdlib", "components", "server", "cli", "tests"):
    for file in (ROOT / top).rglob("*"):
        if file.suffix in (".cc", ".txt", ".yaml", ".h") and (file.name.endswith("_test.cc") or top == "tests"):
            for line in re.findall(r"covers: ([L\d., ]+)", file.read_text(errors="replace")):
                cited |= set(re.findall(r"L\d+\.\d+", line))
by_number = lambda rule: [int(n) for n in rule[1:].split(".")]
for rule in sorted(rules - cited, key=by_number):
    print(f"docs/language.md: no test covers {rule}")
for rule in sorted(cited - rules, key=by_number):
    print(f"a test covers {rule}, which docs/language.md does not have")
print(f"{len(rules & cited)} of {len(rules)} rules are covered")
sys.exit(1 if rules != cited & rules or cited - rules else 0)
