#!/usr/bin/env bash
# report_drift.sh REPORT: opens an issue with the report of a failed drift check
# or, if one is open already, comments on it. Needs `gh`, and RUN_URL, the address
# of the run.
set -euo pipefail

body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  printf 'The weekly check of the contract has failed: %s\n\n' "$RUN_URL"
  if [[ -s $1 ]]; then
    # Text of a foreign document: no backtick may end the block
    printf '```text\n%s\n```\n' "$(head -c 50000 "$1" | tr '`' "'")"
  else
    printf 'It ended before it could compare anything.\n'
  fi
} >"$body"

gh label create drift --color d93f0b --force \
  --description "The provider's description has moved away from the contract"
number=$(gh issue list --state open --label drift --json number \
  --jq '.[0].number // empty')
if [[ -n $number ]]; then
  gh issue comment "$number" --body-file "$body"
else
  gh issue create --label drift --body-file "$body" \
    --title 'The contract and the published description differ'
fi
