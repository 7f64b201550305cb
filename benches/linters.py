#!/usr/bin/env python3
"""Compares `tencent-cam lint` with parliament and iam-policy-validator, on a folder of policies.

python3 benches/linters.py [POLICIES]      1,000 by default

Installs the two from PyPI into a temporary folder. They get the same policies in AWS's grammar: the same number of statements,
actions, resources and conditions. iam-policy-validator would fetch the actions of AWS; without a network it runs with an empty
folder of them, which leaves out the checks that need them.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ("parliament==1.6.4", "iam-policy-validator==1.31.4")
# An action of each language.
ACTIONS = [
    ("trtc:RemoveUser", "s3:DeleteBucket"),
    ("trtc:GetUserList", "s3:ListAllMyBuckets"),
    ("ccc:CreateStaff", "sqs:CreateQueue"),
    ("cos:GetObject", "s3:GetObject"),
    ("cos:PutObject", "s3:PutObject"),
    ("cvm:StopInstances", "ec2:StopInstances"),
    ("cvm:Describe*", "ec2:Describe*"),
]


def resources(dice):
    number = dice.randrange(1_000_000)
    return dice.choice([
        ("*", "*"),
        (f"qcs::trtc::uin/100000000001:sdkappid/14{number:08}", f"arn:aws:sqs:us-east-1:123456789012:q{number}"),
        (f"qcs::cos:ap-guangzhou:uid/1250000000:b{number}-1250000000/*", f"arn:aws:s3:::b{number}/*"),
        (f"qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-{number}",
         f"arn:aws:ec2:us-east-1:123456789012:instance/i-{number:017x}"),
    ])


def policies(dice, count):
    for _ in range(count):
        ours, theirs = [], []
        for _ in range(dice.randrange(1, 6)):
            effect = dice.choice(["allow", "allow", "allow", "deny"])
            actions = dice.sample(ACTIONS, dice.randrange(1, 4))
            one = resources(dice)
            condition = dice.randrange(4) == 0
            network = f"203.0.{dice.randrange(256)}.0/24"
            ours.append({"effect": effect, "action": [a for a, _ in actions], "resource": [one[0]]}
                        | ({"condition": {"ip_equal": {"qcs:ip": network}}} if condition else {}))
            theirs.append({"Effect": effect.title(), "Action": [b for _, b in actions], "Resource": [one[1]]}
                          | ({"Condition": {"IpAddress": {"aws:SourceIp": network}}} if condition else {}))
        yield {"version": "2.0", "statement": ours}, {"Version": "2012-10-17", "Statement": theirs}


def timed(command, runs):
    """The least wall and CPU seconds of several runs."""
    best = (float("inf"), float("inf"))
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        wall = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert code in (0, 1), f"{command[0]} ended with {code}"
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = (min(best[0], wall), min(best[1], cpu))
    return best


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    build = ["cargo", "build", "--quiet", "--profile", "dist", "-p", "tencent-cam-cli", "--manifest-path", ROOT / "Cargo.toml"]
    subprocess.run(build, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    binary = target / "dist/tencent-cam"
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        venv.create(folder / "venv", with_pip=True)
        tools = folder / "venv/bin"
        subprocess.run([tools / "pip", "install", "--quiet", *PEERS], check=True)
        for name in ("ours", "theirs", "none"):
            (folder / name).mkdir()
        for number, (ours, theirs) in enumerate(policies(random.Random(1), count)):
            (folder / f"ours/{number:05}.json").write_text(json.dumps(ours, indent=2))
            (folder / f"theirs/{number:05}.json").write_text(json.dumps(theirs, indent=2))
        contestants = [
            ("tencent-cam lint", [binary, "lint", folder / "ours", "--format", "json"], 5),
            ("parliament 1.6.4", [tools / "parliament", "--directory", folder / "theirs", "--json"], 2),
            ("iam-policy-validator 1.31.4", [tools / "iam-validator", "validate", "--path", folder / "theirs", "--format",
                                              "json", "--aws-services-dir", folder / "none"], 2),
        ]
        print(f"| {count} policies, a file each | wall ms | CPU ms | policies a second |\n|---|---:|---:|---:|")
        for name, command, runs in contestants:
            wall, cpu = timed(command, runs)
            print(f"| {name} | {wall * 1e3:.0f} | {cpu * 1e3:.0f} | {count / wall:,.0f} |", flush=True)
        wall, cpu = timed([binary, "--version"], 50)
        print(f"\nStart-up: {wall * 1e3:.1f} ms wall. Binary: {binary.stat().st_size:,} bytes.")


if __name__ == "__main__":
    main()
