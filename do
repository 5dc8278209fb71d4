#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everybody's way in. Installs what it needs from Debian, prints the commands it runs.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
./do demo                     build, then run examples/pod-logs.alloy until Ctrl-C
./do test [--sanitize KIND]   build and run every test; KIND is address or thread
./do build                    build the program: build/weir
./do fmt                      format every source file
./do lint [FILE...]           clang-format, layers, style, thread safety, clang-tidy (default: what differs from main)
./do fuzz [SECONDS]           run every fuzz target for so many seconds (default 60)
./do bench                    measure; compares with bench/baseline.json
./do docs                     write docs/reference from the program
TEXT
}

say() { printf '+ %s\n' "$*" >&2; "$@"; }

# Installs the packages named in tools/packages/SET.txt that are missing.
need() {
  local missing=() package
  for package in $(cat "${@/#/tools/packages/}" | grep -v '^#'); do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "do: these Debian packages are needed, and only root can install them: ${missing[*]}" >&2; exit 1; }
    as=(sudo)
  fi
  say "${as[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive say "${as[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

jobs=$(nproc)

build() {  # build PRESET [TARGET...]
  local preset=$1
  shift
  say cmake --preset "$preset" >/dev/null
  say cmake --build "build/$preset" -j "$jobs" ${1:+--target} "$@"
}

run_tests() {
  local preset=release
  if [ "${1:-}" = --sanitize ]; then
    preset=${2:?--sanitize address or --sanitize thread}
  fi
  need build.txt test.txt
  build "$preset"
  rm -rf "build/$preset/results" && mkdir -p "build/$preset/results"
  export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
  export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:second_deadlock_stack=1"
  export GTEST_OUTPUT="json:$PWD/build/$preset/results/"
  (cd "build/$preset" && say ctest -j "$jobs" --output-on-failure --output-junit results/ctest.xml) || true
  tools/count_tests.py "build/$preset/results"
}

case "${1:-help}" in
  build) need build.txt; build release weir ;;
  demo) need build.txt; build release weir; shift; exec examples/demo.sh "$@" ;;
  test) shift; run_tests "$@" ;;
  fmt) need build.txt test.txt; tools/check_format.sh --write ;;
  lint) need build.txt test.txt; shift; tools/lint.sh "$@" ;;
  fuzz) need build.txt test.txt; build fuzz fuzz_targets; tools/fuzz.sh "${2:-60}" ;;
  bench) need build.txt test.txt; build release weir weir_bench; shift; say build/weir_bench --benchmark_min_time=0.2; say bench/run.py "$@" ;;
  docs) need build.txt; build release weir; build/weir docs --write docs/reference ;;
  help | -h | --help) usage ;;
  *) usage >&2; exit 2 ;;
esac
