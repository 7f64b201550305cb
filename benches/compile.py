#!/usr/bin/env python3
"""Compares what rustc needs for the generated crate and for the same enums with strum's derives.

python3 benches/compile.py              all sizes
python3 benches/compile.py 171 2200     these sizes only
python3 benches/compile.py --count 480  instructions of `cargo check` instead of seconds, with valgrind: the same on a busy machine
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Actions and services; "-" is about fifty actions a service.
SHAPES = [(171, "-"), (2_200, "-"), (2_200, "1"), (10_000, "-"), (10_000, "1"), (11_000, "-"), (22_000, "-")]
PROFILES = {"check": ["check"], "debug": ["build"], "release": ["build", "--release"]}
CONTESTANTS = ("ours", "strum")
# What a contestant may take in one run before the repetitions are left out.
PATIENCE = 20
LIMIT = 1_800


def wrap_rustc():
    """Runs in place of rustc: notes down how the crate in question is compiled, and does not compile it."""
    if "subject" in sys.argv:
        # The job server that cargo names there is gone once cargo is.
        env = {key: value for key, value in os.environ.items() if "MAKEFLAGS" not in key}
        call = {"argv": sys.argv[1:], "env": env, "cwd": os.getcwd()}
        Path(os.environ["BENCH_CALL"]).write_text(json.dumps(call))
        sys.exit("noted")
    os.execvp(sys.argv[1], sys.argv[1:])


def rustc_call(package, profile):
    """How cargo calls rustc for the package, its dependencies being built."""
    call = package / f"{profile}.json"
    env = os.environ | {
        "RUSTC_WRAPPER": str(HERE / "compile.py"),
        "BENCH_CALL": str(call),
        "CARGO_INCREMENTAL": "0",
        "CARGO_TARGET_DIR": str(package.parent.parent / "target" / package.parent.name / package.name),
    }
    errors = subprocess.run(["cargo", *PROFILES[profile], "--quiet"], cwd=package, env=env, stderr=subprocess.PIPE).stderr
    if not call.exists():
        sys.exit(errors.decode())
    return json.loads(call.read_text())


def run(call):
    """CPU seconds and peak MB of one rustc; None if it takes too long."""
    process = subprocess.Popen(call["argv"], env=call["env"], cwd=call["cwd"], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + LIMIT
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = status
            assert status == 0, "rustc failed"
            return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000
        if time.monotonic() > deadline:
            process.kill()
            return None
        time.sleep(0.01)


def instructions(call):
    """Thousand millions of instructions of one rustc."""
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", "--smc-check=none"]
    process = subprocess.run([*command, *call["argv"]], env=call["env"], cwd=call["cwd"], stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True)
    assert process.returncode == 0, process.stderr
    return int(re.search(r"I\s+refs:\s+([\d,]+)", process.stderr)[1].replace(",", "")) / 1e9


def least(calls):
    """The least of several runs of each call; the calls take turns."""
    best = {name: None for name in calls}
    going = set(calls)
    for _ in range(5):
        for name in sorted(going):
            found = run(calls[name])
            if found is None:
                going.discard(name)
                continue
            best[name] = tuple(map(min, zip(best[name] or found, found)))
            if found[0] > PATIENCE:
                going.discard(name)
    return best


def generate(place, actions, services, target):
    """Writes the packages of a size, and returns the number of its services."""
    command = ["cargo", "run", "--quiet", "--release", "--manifest-path", HERE / "generator/Cargo.toml", "--", place,
               str(actions), services]
    env = os.environ | {"CARGO_TARGET_DIR": str(target)}
    return subprocess.run(command, check=True, env=env, stdout=subprocess.PIPE, text=True).stdout.strip()


def count(sizes):
    print("| actions | services | ours, 10⁹ instructions | strum | strum / ours |\n|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as directory:
        for actions in sizes:
            place = Path(directory) / str(actions)
            services = generate(place, actions, "-", Path(directory) / "target/generator")
            ours, strum = (instructions(rustc_call(place / name, "check")) for name in CONTESTANTS)
            print(f"| {actions} | {services} | {ours:.2f} | {strum:.2f} | {strum / ours:.2f} |", flush=True)


def main():
    if sys.argv[1:2] == ["--count"]:
        return count([int(size) for size in sys.argv[2:]])
    wanted = {int(size) for size in sys.argv[1:]} or {size for size, _ in SHAPES}
    print("| actions | services | profile | ours s | strum s | strum / ours | ours MB | strum MB |")
    print("|---:|---:|---|---:|---:|---:|---:|---:|")
    ours = {}
    with tempfile.TemporaryDirectory() as directory:
        for actions, services in SHAPES:
            if actions not in wanted:
                continue
            place = Path(directory) / f"{actions}x{services}"
            number = generate(place, actions, services, Path(directory) / "target/generator")
            for profile in PROFILES:
                best = least({name: rustc_call(place / name, profile) for name in CONTESTANTS})
                cells = [best[name] for name in CONTESTANTS]
                ratio = f"{cells[1][0] / cells[0][0]:.1f}" if all(cells) else ""
                seconds = [f"{cell[0]:.2f}" if cell else f"> {LIMIT}" for cell in cells]
                memory = [f"{cell[1]:.0f}" if cell else "" for cell in cells]
                print(f"| {actions} | {number} | {profile} | {' | '.join(seconds)} | {ratio} | {' | '.join(memory)} |",
                      flush=True)
                ours[actions, services, profile] = best["ours"][0]
    if {11_000, 22_000} <= wanted:
        print("\n| growth from 11000 to 22000 | check | debug | release |\n|---|---:|---:|---:|")
        growth = [ours[22_000, "-", profile] / ours[11_000, "-", profile] for profile in PROFILES]
        print(f"| ours | {' | '.join(f'{each:.2f}' for each in growth)} |")


if __name__ == "__main__":
    wrap_rustc() if "BENCH_CALL" in os.environ else main()
