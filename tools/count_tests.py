#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sums what ctest and the test binaries left in a results folder; prints what failed, then `N passed, N failed`.

A binary that wrote a GoogleTest report counts as its tests; one that did not (a check, or a crash) counts as one.
"""
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

folder = pathlib.Path(sys.argv[1])
passed, failed = 0, []
for case in ElementTree.parse(folder / "ctest.xml").getroot().iter("testcase"):
    name = case.get("name")
    good = case.get("status") == "run"
    report = folder / f"{name}.json"
    if not report.exists():
        passed += good
        if not good:
            failed.append(name)
        continue
    wrong = []
    for suite in json.loads(report.read_text())["testsuites"]:
        for test in suite["testsuite"]:
            if test.get("failures"):
                wrong.append(f"{suite['name']}.{test['name']}")
            elif test.get("result") == "COMPLETED":
                passed += 1
    if not good and not wrong:
        wrong.append(f"{name}: ended badly after its tests")
    failed += wrong
for name in failed:
    print(f"FAILED {name}")
print(f"{passed} passed, {len(failed)} failed")
sys.exit(1 if failed or not passed else 0)
