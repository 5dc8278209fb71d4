#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs examples/pod-logs.alloy on generated pod logs until Ctrl-C; reloads it whenever the file is saved.
set -euo pipefail
cd "$(dirname "$0")/.."
config=$PWD/examples/pod-logs.alloy
folder=$(mktemp -d)
weir='' generator=''
finish() {
  trap - EXIT INT TERM
  [ -n "$generator" ] && kill "$generator" 2>/dev/null
  [ -n "$weir" ] && kill -TERM "$weir" 2>/dev/null && wait "$weir" 2>/dev/null
  rm -rf "$folder"
  printf '\nstopped; %s is removed\n' "$folder"
  exit 0
}
trap finish EXIT INT TERM

examples/generate_pod_logs.sh "$folder/pods" &
generator=$!
cat <<TEXT

  logs      $folder/pods, written by examples/generate_pod_logs.sh
  config    $config
  api       http://127.0.0.1:12345/api/v0/web/components (health: /-/healthy, metrics: /metrics)
  reload    edit the file above, for example cluster = "demo" into another name, and save it
  end       Ctrl-C

TEXT
POD_LOGS=$folder/pods build/weir run --stability.level=experimental --storage.path="$folder/data" "$config" &
weir=$!
saved=$(stat -c %Y "$config")
while kill -0 "$weir" 2>/dev/null; do
  sleep 1
  now=$(stat -c %Y "$config")
  if [ "$now" != "$saved" ]; then
    saved=$now
    kill -HUP "$weir"
  fi
done
wait "$weir"
