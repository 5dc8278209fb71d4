#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-format over every source file: prints the difference, or with --write mends it. Pinned to Debian 12's version 14.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(git ls-files '*.h' '*.cc')
if [ "${1:-}" = --write ]; then
  clang-format-14 -i "${files[@]}"
else
  clang-format-14 --dry-run -Werror "${files[@]}"
fi
