#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the log path: bench/run.py [--lines N] [--write-baseline] [--quick].

  speed   lines per CPU second and peak memory: files -> cri -> ... -> loki.write -> a loopback receiver that only reads
  idle    memory of the demo's configuration with nothing to do
  check   time of `weir validate` on the largest configuration of the corpus
  count   instructions a line, by callgrind: repeatable on a busy machine, compared with bench/baseline.json

Input comes from ../shared/bench/logs and ../shared/conformance/configs; what is absent is said and left out.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEIR = ROOT / "build/weir"
GENERATOR = ROOT.parent / "shared/bench/logs/gen_cri.py"
CONFIGS = ROOT.parent / "shared/conformance/configs"
BASELINE = ROOT / "bench/baseline.json"
FILES = 10
PIPELINES = {
    "cri": 'stage.cri { }\nstage.static_labels { values = {cluster = "bench"} }',
    "cri+json": 'stage.cri { }\nstage.json { expressions = {level = "", method = ""} }\n'
                'stage.labels { values = {level = "", method = ""} }\nstage.static_labels { values = {cluster = "bench"} }',
}
CONFIG = """
local.file_match "pods" {{ path_targets = [{{"__path__" = "{folder}/*/*/*.log"}}] }}
loki.source.file "pods" {{
	targets    = local.file_match.pods.targets
	forward_to = [loki.process.pods.receiver]
}}
loki.process "pods" {{
{stages}
forward_to = [loki.write.out.receiver]
}}
loki.write "out" {{
	endpoint {{ url = "http://127.0.0.1:{port}/loki/api/v1/push" }}
}}
"""


class Sink:
    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, ROOT / "bench/logs/sink.py"], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def status_of(pid):
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    fields = text[text.rindex(")") + 2:].split()
    memory = dict(re.findall(r"(VmHWM|VmRSS):\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text()))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(memory["VmHWM"]) / 1024, int(memory["VmRSS"]) / 1024


def scrape(address, name):
    try:
        text = urllib.request.urlopen(f"{address}/metrics", timeout=10).read().decode()
    except OSError:
        return 0
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M))


def start(work, config, prefix=(), extra=()):
    path = pathlib.Path(work, "bench.alloy")
    path.write_text(config)
    log = open(pathlib.Path(work, "log"), "w+")
    command = [*prefix, WEIR, "run", "--server.http.listen-addr=127.0.0.1:0", f"--storage.path={work}/data", *extra, path]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        address = re.search(r"listening for http traffic.* addr=(\S+)", pathlib.Path(work, "log").read_text())
        if address:
            return process, f"http://{address.group(1)}"
        if process.poll() is not None:
            break
        time.sleep(0.02)
    sys.exit("weir did not start:\n" + pathlib.Path(work, "log").read_text())


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=120)


def ship(work, folder, lines, stages, sink, prefix=(), patience=600):
    shutil.rmtree(pathlib.Path(work, "data"), ignore_errors=True)
    process, address = start(work, CONFIG.format(folder=folder, stages=stages, port=sink.port), prefix)
    deadline = time.monotonic() + patience
    while scrape(address, "loki_write_sent_entries_total") < lines:
        if time.monotonic() > deadline or process.poll() is not None:
            process.kill()
            sys.exit("the lines did not arrive:\n" + pathlib.Path(work, "log").read_text()[-4000:])
        time.sleep(0.1)
    return process


def generate(folder, lines_per_file):
    subprocess.run([sys.executable, GENERATOR, folder, str(FILES), str(lines_per_file)], check=True)


def speed(work, lines, results):
    folder = pathlib.Path(work, "pods")
    generate(folder, lines // FILES)
    size = sum(f.stat().st_size for f in folder.rglob("*.log"))
    with Sink() as sink:
        for name, stages in PIPELINES.items():
            process = ship(work, folder, lines // FILES * FILES, stages, sink)
            cpu, peak, _ = status_of(process.pid)
            stop(process)
            print(f"speed {name}: {lines / cpu:,.0f} lines per CPU second, {size / cpu / 1e6:.0f} MB/s, {cpu:.2f} s CPU, peak {peak:.1f} MiB")
            results[f"lines_per_cpu_second.{name}"] = round(lines / cpu)
            results[f"peak_mib.{name}"] = round(peak, 1)
    shutil.rmtree(folder)


def idle(work, results):
    config = (ROOT / "examples/pod-logs.alloy").read_text().replace("3100", "0", 1)
    pods = pathlib.Path(work, "none")
    pods.mkdir()
    os.environ["POD_LOGS"] = str(pods)
    config = re.sub(r"listen_port\s*= 3100", "listen_port = 0", config)
    process, _ = start(work, config, extra=("--stability.level=experimental",))
    time.sleep(5)
    _, _, resident = status_of(process.pid)
    stop(process)
    print(f"idle: {resident:.1f} MiB resident")
    results["idle_mib"] = round(resident, 1)


def check(results):
    largest = max(CONFIGS.glob("*.alloy"), key=lambda f: f.stat().st_size)
    times = []
    for _ in range(7):
        begin = time.monotonic()
        subprocess.run([WEIR, "validate", largest], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times.append((time.monotonic() - begin) * 1000)
    print(f"check: weir validate of {largest.stat().st_size} bytes: {min(times):.0f} ms at best, {sorted(times)[3]:.0f} ms usually")
    results["validate_ms"] = round(min(times))


def count(work, results):
    folder = pathlib.Path(work, "few")
    lines = 200_000  # many enough that opening and connecting do not count
    generate(folder, lines // FILES)
    with Sink() as sink:
        for name, stages in PIPELINES.items():
            totals = []
            for share in (0, 1):  # with nothing to read, then with everything: the difference is the lines'
                out = pathlib.Path(work, f"callgrind.{share}")
                where = folder if share else pathlib.Path(work, "none")
                process = ship(work, where, lines * share, stages, sink, ("valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"))
                time.sleep(2)
                stop(process)
                totals.append(int(re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.M).group(1)))
            each = (totals[1] - totals[0]) / lines
            print(f"count {name}: {each:,.0f} instructions a line")
            results[f"instructions_a_line.{name}"] = round(each)


def compare(results):
    if not BASELINE.exists():
        return
    for name, before in json.loads(BASELINE.read_text()).items():
        if name in results and before:
            print(f"  {name}: {results[name]:,} (baseline {before:,}, {results[name] / before:.2f} of it)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--write-baseline", action="store_true")
    parser.add_argument("--quick", action="store_true", help="leave out callgrind")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as work:
        idle(work, results)
        if CONFIGS.exists():
            check(results)
        else:
            print("check: left out, ../shared/conformance is absent")
        if not GENERATOR.exists():
            print("speed, count: left out, ../shared/bench is absent")
        else:
            speed(work, options.lines, results)
            if not options.quick:
                count(work, results)
    compare(results)
    if options.write_baseline:
        BASELINE.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")


main()
