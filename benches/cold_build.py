#!/usr/bin/env python3
"""Measures what a user's first build pays for this crate: an empty target directory, dependencies downloaded.

python3 benches/cold_build.py [ROUNDS] [NAME=CHECKOUT ...]

A CHECKOUT is a folder with another revision of the project, which is measured beside this one. What is committed is measured.
CARGO_TARGET_DIR is not used.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What most packages build anyway.
DERIVES = """
[dependencies.serde]
version = "1"
features = ["derive"]
[dependencies.clap]
version = "4"
features = ["derive"]
[dependencies.tokio]
version = "1"
features = ["full"]
"""
BESIDE_DERIVES = "beside the derives of serde, clap and tokio"


def dependency(checkout, features=""):
    """As a user gets it: Cargo compiles a package of a repository without its lints, and one of a folder with them."""
    revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=checkout, check=True, capture_output=True, text=True).stdout.strip()
    return f'[dependencies]\ntencent-cam = {{ git = "file://{checkout}", rev = "{revision}"{features} }}\n'


# The first is what every build pays, and (b) is what the rest is measured against.
PACKAGES = {
    "(a) empty crate": "",
    "(b) build script with all seven pipeline packages": """
[build-dependencies]
heck = "0.5"
prettyplease = "0.3"
proc-macro2 = "1"
quote = "1"
serde = { version = "1", features = ["derive"] }
syn = { version = "3", features = ["full"] }
toml = "1"
""",
    "(c) build script with `toml` (`std`, `parse`) and heck": """
[build-dependencies]
heck = "0.5"
toml = { version = "1", default-features = false, features = ["parse", "std"] }
""",
    "ours, one service": dependency(ROOT, ', default-features = false, features = ["trtc"]'),
    "ours, default features": dependency(ROOT),
    f"(a) empty crate, {BESIDE_DERIVES}": DERIVES,
    f"ours, default features, {BESIDE_DERIVES}": dependency(ROOT) + DERIVES,
}


def write(package, dependencies):
    (package / "src").mkdir(parents=True)
    (package / "src/lib.rs").write_text("")
    manifest = '[package]\nname = "user"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' + dependencies
    if "[build-dependencies]" in dependencies:
        (package / "build.rs").write_text("fn main() {}\n")
    (package / "Cargo.toml").write_text(manifest)


def build(package, target, command=("build",)):
    """Wall seconds, CPU seconds of cargo and all it starts, crates compiled."""
    shutil.rmtree(target, ignore_errors=True)
    # A package from a registry, which ours stands for, is not compiled incrementally.
    env = os.environ | {"CARGO_TARGET_DIR": str(target), "CARGO_INCREMENTAL": "0"}
    with tempfile.TemporaryFile("w+") as log:
        start = time.monotonic()
        process = subprocess.Popen(["cargo", *command, "--offline"], cwd=package, env=env, stdout=subprocess.DEVNULL, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = status
        log.seek(0)
        text = log.read()
    assert status == 0, text
    return wall, usage.ru_utime + usage.ru_stime, text.count("   Compiling ")


def main():
    checkouts = dict(argument.split("=", 1) for argument in sys.argv[1:] if "=" in argument)
    rounds = next((int(argument) for argument in sys.argv[1:] if "=" not in argument), 5)
    packages = dict(PACKAGES)
    for name, checkout in checkouts.items():
        checkout = Path(checkout).resolve()
        packages[f"{name}, default features"] = dependency(checkout)
        packages[f"{name}, default features, {BESIDE_DERIVES}"] = dependency(checkout) + DERIVES
    with tempfile.TemporaryDirectory() as directory:
        directory = Path(directory)
        builds = {}
        for number, (name, dependencies) in enumerate(packages.items()):
            package = directory / str(number)
            write(package, dependencies)
            subprocess.run(["cargo", "fetch", "--quiet"], cwd=package, check=True)
            builds[name] = (package, ("build",))
        for name, checkout in {"ours": ROOT, **checkouts}.items():
            builds[f"{name}, the README's first command"] = (checkout, ("run", "--example", "grant"))
        found = {name: [] for name in builds}
        for _ in range(rounds):
            for name, (package, command) in builds.items():
                found[name].append(build(package, directory / "target", command))
    # The speed of a shared machine changes within minutes, so each build is compared with the (b) of its round.
    against = found["(b) build script with all seven pipeline packages"]
    print("| build | crates | wall s | CPU s | wall / (b) | CPU / (b) |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, runs in found.items():
        wall, cpu = (statistics.median(run[at] for run in runs) for at in range(2))
        ratios = [statistics.median(run[at] / other[at] for run, other in zip(runs, against)) for at in range(2)]
        print(f"| {name} | {runs[0][2] - 1} | {wall:.1f} | {cpu:.1f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


if __name__ == "__main__":
    main()
