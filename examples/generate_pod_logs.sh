#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes container logs as containerd lays them out, a few lines a second, until it is ended:
# generate_pod_logs.sh FOLDER. Every 200 lines a file is rotated by rename, as kubelet has it done.
set -euo pipefail
folder=${1:?usage: generate_pod_logs.sh FOLDER}
pods=("shop_cart-7d4b9/cart" "shop_checkout-5f6c8/checkout" "platform_ingress-x2x4q/nginx")
levels=(debug info info info warn error)
messages=("request served" "cache miss" "order accepted" "upstream slow, retried" "session closed")
line=0
while true; do
  for index in "${!pods[@]}"; do
    name=${pods[$index]%/*} container=${pods[$index]#*/}
    dir="$folder/${name}_00000000-0000-4000-8000-00000000000$index/$container"
    mkdir -p "$dir"
    level=${levels[RANDOM % ${#levels[@]}]} message=${messages[RANDOM % ${#messages[@]}]}
    stream=stdout
    [ "$level" = error ] && stream=stderr
    printf '%s %s F level=%s line=%d msg="%s" took=%dms\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)" "$stream" "$level" "$line" "$message" \
      $((RANDOM % 400)) >>"$dir/0.log"
    if ((line > 0 && line % 200 == 0)); then
      mv "$dir/0.log" "$dir/0.log.$(date -u +%Y%m%d-%H%M%S)"
    fi
  done
  line=$((line + 1))
  sleep 0.3
done
