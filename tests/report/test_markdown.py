"""The comment on a pull request."""

# ruff: noqa: E501 -- a line of a snapshot is a line of the file

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from inline_snapshot import snapshot
from msgspec import structs

from auditor.findings import JudgedFinding, JudgedGap, Remedy, Report, Result
from auditor.report import Story
from auditor.report.markdown import LONGEST, render_markdown
from auditor.testing import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]
Finding = Callable[..., JudgedFinding]
Gap = Callable[..., JudgedGap]
Judged = Callable[..., Result]
Told = Callable[..., Report]


def marker(text: str) -> str:
    """Return the first line."""
    return text.partition("\n")[0]


def test_the_whole_comment(audit: Audit, see: Callable[..., Path]) -> None:
    """Verdict, what was looked at, findings, counts."""
    done = audit("check", str(see(cookie("_ga"))), "--format", "markdown")
    assert done.returncode == 1
    assert done.stdout == snapshot("""\
<!-- policy-auditor caf2d569f5b71a47 -->
## Privacy audit: fail

**1 thing does not match policy.yaml**

- looked at: site:www (1 page; before/reject/accept/withdraw/gpc; seen 2026-01-15)

### What does not match

**high** · `cookie-undeclared`: `_ga` is kept on visitors&#39; devices; no row covers it on example.org; its name matches Google Analytics

<details><summary>Where it was seen, and what to do</summary>

- seen: `https://example.org/` · before any choice · by `example.org` · asks for the session
- contradicts `policy.yaml:7`
- remove: stop setting it
- gate: set it only after the visitor agreed
- declare: add it to device\\_storage, and tell people in the notice (`audit accept 2609c99a`)

```yaml
device_storage:
  - identifier: "_ga"
    type: cookie
    set_by: self
    domains: ["example.org"]
    max_age: session
    purpose: TODO
    consent: TODO
```

- why: `audit explain cookie-undeclared`

</details>

**low**, below medium · `policy-entry-unused`: `session` is declared, and no page sets it

<details><summary>Where it was seen, and what to do</summary>

- contradicts `policy.yaml:8`
- remove: take the entry out, here and in the notice
- declare: if it appears only now and then:

```yaml
optional: true
```

- why: `audit explain policy-entry-unused`

</details>

2 findings (1 high, 1 low) · checks: 13 pass, 2 with findings, 15 not applicable, 1 not checked · judged as of 2026-01-15
""")


def test_the_difference_comes_first(audit: Audit, see: Callable[..., Path]) -> None:
    """With an older report, what is new and fixed is told before anything else."""
    older = audit("check", str(see(cookie("_ga"))), "--format", "json=old.json")
    assert older.returncode == 1
    newer = see(cookie("a"), cookie("b"), name="newer.json")
    done = audit("check", str(newer), "--compare", "old.json", "--format", "markdown")
    assert done.stdout.partition("- looked at")[0] == snapshot("""\
<!-- policy-auditor caf2d569f5b71a47 -->
## Privacy audit: fail

**2 things do not match policy.yaml**

**Since the older report: +2 cookies, -1 cookie.**

### Compared with the older report

- `=` 2 new, 1 fixed, 1 unchanged · `verdict fail, as of 2026-01-15`

### New

- `+` high · `cookie:a@example.org` · `` 4534d37e cookie-undeclared: `a` is kept on visitors' devices; no row covers it on example.org ``
- `+` high · `cookie:b@example.org` · `` 7d0c0097 cookie-undeclared: `b` is kept on visitors' devices; no row covers it on example.org ``

### Fixed

- `-` high · `cookie:_ga@example.org` · `` 2609c99a cookie-undeclared: `_ga` is kept on visitors' devices; no row covers it on example.org; its name matches Google Analytics ``

""")


def test_gaps_and_waivers(
    story: Callable[..., Story], report: Told, result: Judged, finding: Finding, gap: Gap
) -> None:
    """What nobody looked at comes before what was found, what is accepted after it."""
    many = [finding(f"host:{n}.example") for n in range(3)]
    told = report(
        result(*many, gap(), finding("cookie:old", waived_by="W1")),
        result(gap("claim:few", attested_by="A1"), check="notice-link"),
    )
    text = render_markdown(structs.replace(story(), report=told)).decode()
    assert text == snapshot("""\
<!-- policy-auditor caf2d569f5b71a47 -->
## Privacy audit: fail

**3 things do not match policy.yaml; not everything could be looked at**

- looked at: site:www (1 page; before/reject/accept; seen 2026-01-15)

### What could not be looked at

<details><summary>2 things</summary>

- `site:www`: `https://www.example.org/team`: did not answer in time. Needs: a page that answers. Leaves open: `cookie-undeclared`
- `site:www`: `claim:few`: stated by a person (`A1`), not observed

</details>

### What does not match

**high** · `cookie-undeclared`: 3 hosts against &#34;Every cookie is declared&#34;

<details><summary>Where it was seen, and what to do</summary>

| host | code | seen on |
|---|---|---|
| `0.example` | `f2a25b35` | `https://www.example.org/` |
| `1.example` | `50b9f993` | `https://www.example.org/` |
| `2.example` | `0fce7551` | `https://www.example.org/` |

- contradicts `policy.yaml:2`
- remove: stop setting it
- declare: add it to device\\_storage (`audit accept CODE`)
- why: `audit explain cookie-undeclared`

</details>

### Accepted for a time

- `W1`: `cookie:old`

3 findings (3 high) · 1 waived (W1) · checks: 1 with findings, 1 attested · judged as of 2026-01-15
""")


def test_the_marker_is_that_of_what_was_asked(story: Callable[..., Story]) -> None:
    """It stays from run to run; another selection has a comment of its own."""
    base = marker(render_markdown(story()).decode())
    assert re.fullmatch(r"<!-- policy-auditor [0-9a-f]{16} -->", base)
    assert marker(render_markdown(story()).decode()) == base
    assert marker(render_markdown(story(only=("cookie-*",))).decode()) != base
    assert (
        marker(render_markdown(structs.replace(story(), source="b/policy.yaml")).decode()) != base
    )


def test_it_fits_into_a_comment(
    story: Callable[..., Story], report: Told, result: Judged, finding: Finding
) -> None:
    """However much there is; the counts at its end are never cut."""
    many = [result(finding(f"host:{n}"), subject=f"site:{n}") for n in range(1000)]
    text = render_markdown(structs.replace(story(), report=report(*many))).decode()
    assert LONGEST - 2000 < len(text.encode()) <= LONGEST
    assert "**Cut here, there is no more room: " in text
    assert "1000 findings (1000 high)" in text


def test_yaml_cannot_leave_its_fence(
    story: Callable[..., Story], report: Told, result: Judged, finding: Finding
) -> None:
    """A name with backticks stands in a longer fence."""
    remedy = Remedy(kind="declare", text="add", yaml="a:\n  - ```\n  - ````\n# x\n")
    told = report(result(finding(remedies=(remedy,))))
    text = render_markdown(structs.replace(story(), report=told)).decode()
    assert "\n`````yaml\na:\n  - ```\n  - ````\n# x\n`````\n" in text
