#!/usr/bin/env bash
# release_on_github.sh TAG NOTES DIST_TAG: creates the release of a tag with its
# notes, unless it is there already. Needs `gh`.
set -euo pipefail

if gh release view "$1" >/dev/null 2>&1; then
  echo "Skipped: the release $1 is already there"
  exit
fi
options=(--verify-tag --title "$1" --notes-file "$2")
if [[ $3 != latest ]]; then options+=(--prerelease); fi
gh release create "$1" "${options[@]}"
