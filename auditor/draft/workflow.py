"""A first workflow for GitHub Actions: what changes on pull requests, everything once a week.

Pull requests get no secret: their job looks at the site, the notice and the code. Stores and
accounts are looked at on a schedule, in an environment of their own.
"""

import re
from collections.abc import Iterable
from typing import Final

ACTION: Final = "reach4help/policy-auditor"
CHECKOUT: Final = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN: Final = re.compile(r"[\w./-]+", re.ASCII)

_TEMPLATE: Final = """\
# Written by `audit init --ci github`: see docs/ci.md of {action}.
name: Privacy

on:
  pull_request:
  schedule:
    - cron: "17 4 * * 1" # Mondays, 04:17 UTC
  workflow_dispatch:

permissions: {{}}

concurrency:
  group: privacy-${{{{ github.ref }}}}
  cancel-in-progress: ${{{{ github.event_name == 'pull_request' }}}}

jobs:
  change:
    name: What this change does with people's data
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read # to check out
      deployments: read # to find the preview of this commit
      statuses: read # likewise
      pull-requests: write # for one comment
      security-events: write # to show findings at the lines they are about
    steps:
      - name: Check out
        uses: {checkout}
        with:
          fetch-depth: 0 # the base branch's policy and waivers are compared
          persist-credentials: false
      - name: Privacy audit
        uses: {action}@{version}
        with:
          policy: {policy}
          preview: {preview}

  everything:
    name: Everything that policy.yaml declares
    if: github.event_name != 'pull_request'
    runs-on: ubuntu-24.04
    timeout-minutes: 60
{environment}    permissions:
      contents: read # to check out
      security-events: write # to show findings at the lines they are about
    steps:
      - name: Check out
        uses: {checkout}
        with:
          persist-credentials: false
      - name: Privacy audit
        uses: {action}@{version}
{secrets}        with:
          policy: {policy}
"""


def workflow(policy: str, version: str, variables: Iterable[str], *, has_site: bool) -> str:
    """Return the file; `variables` are those of the environment that the policy names.

    `version`: what the action is pinned to, with a comment behind it if it is a commit.
    """
    names = [name for name in sorted(set(variables)) if _VARIABLE.fullmatch(name)]
    lines = [f"          {name}: ${{{{ secrets.{name.upper()} }}}}" for name in names]
    return _TEMPLATE.format(
        action=ACTION,
        checkout=CHECKOUT,
        version=version,
        policy=policy if _PLAIN.fullmatch(policy) else f"'{policy.replace(chr(39), chr(39) * 2)}'",
        preview="wait # for Netlify or Vercel; `none` looks at what is deployed"
        if has_site
        else "none",
        environment="    environment: privacy-audit # holds the secrets below\n" if names else "",
        secrets="\n".join(["        env:", *lines, ""]) if names else "",
    )
