#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every fuzz target that the preset `fuzz` has built for so many seconds each; fails at a finding.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
for target in build/fuzz/tests/fuzz/*_fuzz; do
  name=$(basename "$target")
  found=build/fuzz/corpus/$name
  mkdir -p "$found"
  echo "+ $target, $seconds s" >&2
  "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="build/fuzz/$name-" "$found" "tests/fuzz/corpus/$name"
done
