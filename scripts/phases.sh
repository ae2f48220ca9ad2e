# Read by scripts/test, scripts/check and scripts/demo: runs the phases of a script, quietly where
# all is well.
# shellcheck shell=bash

project=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cd -- "$project" || exit
mkdir -p .build

# phase NAME COMMAND...: runs the command and prints how long it took.
phase() {
  local name=$1 began=$SECONDS
  shift
  "$@"
  printf '%s: %d s\n' "$name" "$((SECONDS - began))"
}

# quietly COMMAND...: shows the command's output only when it fails, errors first. The whole of it
# stays in .build/last-build.log. Someone who watches sees the build's own progress instead.
quietly() {
  local log=.build/last-build.log status=0
  if [[ -t 1 ]]; then
    "$@"
    return
  fi
  "$@" >"$log" 2>&1 || status=$?
  ((status == 0)) && return 0
  # One compiler error is often followed by hundreds of lines of progress and notes.
  grep -E '(^|: )(fatal )?error:' "$log" | sort -u | head -n 40 >&2 || true
  printf '%s failed (%d). Its last lines, of %s/%s:\n' "$*" "$status" "$project" "$log" >&2
  tail -n 30 "$log" >&2
  return "$status"
}
