#!/usr/bin/env bash
# What a pull request is checked for, the same on every CI server. docs/ci.md describes it.
#
#   review.sh lint      lints $PATHS; the report for the server goes to $OUT/lint.$REPORT
#   review.sh access    writes $OUT/access.md: who may newly do what between $BASE and $HEAD
#   review.sh github    puts $OUT/access.md into a comment on the pull request $NUMBER, with gh
#   review.sh gitlab    puts it into a note on the merge request, with curl and jq
#   review.sh result    fails if a check before it has failed
#
# Checks write their exit codes into $OUT and end with 0, so that the report and the comment come before the failure.
set -euo pipefail

TENCENT_CAM=${TENCENT_CAM:-tencent-cam}
OUT=${OUT:-.tencent-cam-review}
# The first line of what `tencent-cam compare --format markdown` writes.
MARKER='<!-- tencent-cam: access diff -->'

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 2
}

# Prints a file. A name of a file in it must not be a command for the server, which reads `::` at the beginning of a line, and
# `##[`.
without_commands() { tr '\r' ' ' <"$1" | sed -e 's/^[[:space:]]*::/\\::/' -e 's/##\[/#\\#[/g'; }

lint() {
    local report=${REPORT:-sarif} status=0 paths
    # One path a line, so that a name may have spaces.
    mapfile -t paths < <(printf '%s\n' "${PATHS:-.}" | sed '/^[[:space:]]*$/d')
    "$TENCENT_CAM" lint --candidates --format "$report" -- "${paths[@]}" >"$OUT/lint.$report" 2>"$OUT/lint.err" || status=$?
    without_commands "$OUT/lint.err" >&2
    # A run that failed has no report, and there is nothing to upload.
    if [ -s "$OUT/lint.$report" ] && [ -n "${GITHUB_OUTPUT:-}" ]; then echo "report=true" >>"$GITHUB_OUTPUT"; fi
    # For people, or as annotations. The exit code is that of the first run, so nothing is lost here.
    "$TENCENT_CAM" lint --candidates --format "${FORMAT:-terminal}" -- "${paths[@]}" 2>/dev/null || true
    echo "$status" >"$OUT/lint.status"
}

access() {
    local before after status=0 options=()
    if [ -n "${BASE_PLAN:-}" ] || [ -n "${HEAD_PLAN:-}" ]; then
        before=${BASE_PLAN:?a plan of the head needs one of the base} after=${HEAD_PLAN:?a plan of the base needs one of the head}
    else
        local base head=${HEAD:-HEAD} folder=${FOLDER:-}
        case $folder in /*) fail "the folder $folder is counted from the root of the repository: write it without / in front" ;; esac
        base=$(git merge-base "${BASE:?the revision that the pull request goes to}" "$head") ||
            fail "$BASE and $head have no common commit: check out the whole history (fetch-depth: 0 or GIT_DEPTH: 0)"
        before=$base:$folder after=$head:$folder
        # A folder that is new or gone is compared with an empty one.
        local empty
        empty=$(git hash-object -t tree /dev/null):
        git cat-file -e "$before" 2>/dev/null || before=$empty
        git cat-file -e "$after" 2>/dev/null || after=$empty
        if [ "$before" = "$empty" ] && [ "$after" = "$empty" ]; then
            fail "there is no folder $folder in the base or in the head: the path counts from the root of the repository"
        fi
    fi
    local fail_on=${FAIL_ON:-}
    fail_on=${fail_on//[[:space:]]/}
    if [ -n "$fail_on" ]; then options+=(--fail-on "$fail_on"); fi
    "$TENCENT_CAM" compare --format markdown ${options[@]+"${options[@]}"} -- "$before" "$after" \
        >"$OUT/access.md" 2>"$OUT/access.err" || status=$?
    without_commands "$OUT/access.err" >&2
    if [ ! -s "$OUT/access.md" ]; then
        printf '%s\n## Access diff: failed\n\nThe log of the job says why.\n' "$MARKER" >"$OUT/access.md"
    fi
    if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$OUT/access.md" >>"$GITHUB_STEP_SUMMARY"; fi
    echo "$status" >"$OUT/access.status"
}

# Whether there is something to say to people who have not been told before.
is_news() { ! sed -n 2p "$OUT/access.md" | grep -q 'nobody gains or loses access$'; }

github() {
    local comments="repos/${GITHUB_REPOSITORY:?}/issues/${NUMBER:?the number of the pull request}/comments" mine
    # Anybody can write a comment with this first line. Only the own one is changed.
    mine=$(gh api --paginate "$comments" --jq \
        ".[] | select(.user.login == \"${AUTHOR:-github-actions[bot]}\" and (.body | startswith(\"$MARKER\"))) | .id")
    mine=${mine%%$'\n'*}
    if [ -n "$mine" ]; then
        gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$mine" -F "body=@$OUT/access.md" --silent
    elif is_news; then
        gh api --method POST "$comments" -F "body=@$OUT/access.md" --silent
    fi
}

gitlab() {
    local api=${CI_API_V4_URL:?} me notes page=1 all mine=''
    notes=$api/projects/${CI_PROJECT_ID:?}/merge_requests/${CI_MERGE_REQUEST_IID:?}/notes
    # The token comes by standard input, so that no list of processes shows it.
    call() { curl --silent --show-error --fail --config - "$@" <<<"header = \"PRIVATE-TOKEN: ${TENCENT_CAM_TOKEN:?a token that may write notes}\""; }
    me=$(call "$api/user" | jq .id)
    while [ -z "$mine" ]; do
        all=$(call "$notes?per_page=100&page=$page")
        if [ "$(jq length <<<"$all")" -eq 0 ]; then break; fi
        mine=$(jq --argjson me "$me" --arg marker "$MARKER" \
            '[.[] | select(.author.id == $me and (.body | startswith($marker))) | .id] | first // empty' <<<"$all")
        page=$((page + 1))
    done
    if [ -n "$mine" ]; then
        call --request PUT --data-urlencode "body@$OUT/access.md" "$notes/$mine" >/dev/null
    elif is_news; then
        call --data-urlencode "body@$OUT/access.md" "$notes" >/dev/null
    fi
}

result() {
    local check status failed=0
    for check in lint access; do
        # A check that was begun leaves this file, and its end fills it.
        if [ ! -e "$OUT/$check.status" ]; then continue; fi
        status=$(cat "$OUT/$check.status")
        if ! [[ $status =~ ^[0-9]+$ ]]; then
            printf '%s did not end\n' "$check" >&2
            failed=1
        elif [ "$status" -ne 0 ]; then
            printf '%s ended with exit code %s\n' "$check" "$status" >&2
            failed=1
        fi
    done
    return "$failed"
}

mkdir -p "$OUT"
case "${1:-}" in
    lint | access)
        # What an earlier run left says nothing about this one.
        rm -f "$OUT/$1".*
        : >"$OUT/$1.status"
        "$1"
        ;;
    github | gitlab | result) "$1" ;;
    *) fail "usage: review.sh lint|access|github|gitlab|result" ;;
esac
