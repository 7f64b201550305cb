#!/usr/bin/env bash
# Builds the site and tests it: in node against the command line, and in headless Chromium. Installs what it needs.
# `UPDATE_SCREENSHOTS=1 bash web/test.sh` also takes the screenshots of docs/screenshots.
set -euo pipefail
cd "$(dirname "$0")/.."

target=wasm32-unknown-unknown
[ -d "$(rustc --print target-libdir --target $target)" ] || rustup target add $target
if ! command -v chromium >/dev/null && [ -z "${CHROMIUM:-}" ]; then
    # The screenshots have Chinese.
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } >/dev/null
fi
cargo site
cargo build --quiet --locked --package tencent-cam-cli
export TENCENT_CAM="${CARGO_TARGET_DIR:-$PWD/target}/debug/tencent-cam"
cd web/tests
npm ci --no-audit --no-fund
node --test --test-concurrency=1 module.test.mjs pages.test.mjs
