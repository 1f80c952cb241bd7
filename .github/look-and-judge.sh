#!/usr/bin/env bash
# One audit inside a job of GitHub Actions: action.yml sets the variables and reads the outputs.
#
# EVENT EVIDENCE FAIL_ON HISTORY POLICY PREVIEW SCOPE SINCE SITE are inputs; PREVIEW is an address, empty, or "none"
# where there should be one and is not. Outputs: folder, code, sarif, report; `audit` itself adds
# the verdict and counts.
set -euo pipefail

bin="$RUNNER_TEMP/privacy-audit/bin"
folder=$(mktemp -d "${RUNNER_TEMP:?}/privacy-report.XXXXXX")

output() { echo "$1=$2" >>"$GITHUB_OUTPUT"; }
collect() { "$bin/audit" collect --policy "$POLICY" --no-progress "${since[@]}" "$@" || [ $? = 3 ]; } # gaps are judged later

output folder "$folder"
if [ "$EVENT" != pull_request ]; then SINCE=; fi
if [ -n "$SINCE" ] && ! git rev-parse --quiet --verify "$SINCE^{commit}" >/dev/null; then
  echo "::error title=Privacy audit::$SINCE was not fetched: give actions/checkout fetch-depth 0. Without it nobody can tell whose waivers count."
  output code 2
  exit
fi
waivers=()
if [ -n "$SINCE" ] && ! git cat-file -e "$SINCE:$POLICY" 2>/dev/null; then
  echo "::notice title=Privacy audit::$SINCE has no $POLICY: no waiver counts before it is merged."
  waivers=(--no-waivers)
  SINCE=
fi
if [ -z "$SCOPE" ] && [ "$EVENT" = pull_request ]; then
  SCOPE=$("$bin/python" -m auditor.ci scopes site,notice,code --policy "$POLICY")
fi

since=() # of source files, what the change adds
if [ -n "$SINCE" ]; then since=(--since "$SINCE"); fi
judge=(--policy "$POLICY" --no-progress --fail-on "$FAIL_ON" "${waivers[@]}")
if [ -n "$SCOPE" ]; then judge+=(--scope "$SCOPE"); fi
if [ -n "$HISTORY" ] && [ "$EVENT" != pull_request ]; then judge+=(--history "$HISTORY"); fi # a change is not yet what is deployed
if [ -n "$SINCE" ]; then judge+=(--waivers-from "$SINCE"); fi

now=("$bin/audit" check "$folder/now.json")
if [ "$PREVIEW" = none ]; then
  echo "::warning title=Privacy audit::There is no preview of this commit: the site is left unseen."
  others=$(tr , '\n' <<<"$SCOPE" | grep -vx site | paste -sd, -) || true
  if [ -n "$others" ]; then seen=(--scope "$others"); else seen=(--scope site --offline); fi
  collect "${seen[@]}" -o "$folder/now.json"
elif [ -n "$PREVIEW" ]; then
  # The preview, and beside it what is deployed: their difference is what the change brings.
  judge+=(--site-url "$SITE=$PREVIEW")
  collect --scope "$SCOPE" --site-url "$SITE=$PREVIEW" -o "$folder/now.json"
  collect --scope site -o "$folder/deployed.json"
  "$bin/audit" diff "$folder/deployed.json" "$folder/now.json" --format markdown="$folder/site.md" || [ $? = 3 ]
else
  now=("$bin/audit" run "${since[@]}")
  while IFS= read -r file; do
    if [ -n "$file" ]; then now+=(--evidence "$file"); fi
  done <<<"$EVIDENCE"
fi

code=0
"${now[@]}" "${judge[@]}" --format github --format json="$folder/report.json" \
  --format sarif="$folder/privacy.sarif" --format markdown="$folder/report.md" || code=$?
if [ -s "$folder/privacy.sarif" ]; then output sarif "$folder/privacy.sarif"; fi
if [ -s "$folder/report.json" ]; then output report "$folder/report.json"; fi

# What the change does to the promise: a change that people are not told of fails, as a finding does.
if [ -n "$SINCE" ]; then
  told=0
  "$bin/audit" diff "$SINCE" --policy "$POLICY" --format markdown="$folder/policy.md" || told=$?
  if [ "$told" = 1 ] && { [ "$code" = 0 ] || [ "$code" = 3 ]; }; then code=1; fi
  if [ "$told" -gt 1 ] && [ "$code" = 0 ]; then code=3; fi # nobody can tell
fi
output code "$code"
