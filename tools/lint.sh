#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All checks that need no test: format, layers, style, then clang's thread-safety analysis and clang-tidy over the
# files named, or those that differ from main, or all with --all.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/check_format.sh
tools/check_layers.py
tools/check_style.py
cmake --preset plain >/dev/null
ninja -C build/plain weir_grammar_weir weir_proto >/dev/null
if [ "${1:-}" = --all ]; then
  mapfile -t files < <(git ls-files '*.cc')
elif [ $# -gt 0 ]; then
  files=("$@")
else
  mapfile -t files < <(git diff --name-only --diff-filter=AM "$(git merge-base origin/main HEAD 2>/dev/null || git merge-base main HEAD 2>/dev/null || git rev-parse HEAD~1)" -- '*.cc')
fi
[ ${#files[@]} -eq 0 ] && exit 0
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy-14 -p build/plain --quiet --warnings-as-errors='*' \
  --extra-arg=-Wthread-safety --extra-arg=-Wno-unknown-warning-option
