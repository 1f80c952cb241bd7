"""`audit diff` and `--compare`, by the real command."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from inline_snapshot import snapshot

from auditor.example import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]
See = Callable[..., Path]
CHECK = ("check", "--scope", "site", "--only", "cookie-*")


def test_exit_codes(audit: Audit, folder: Path) -> None:
    """0: nothing to announce; 1: people are not told; 3: nobody can tell; 2: could not start."""
    text = (folder / "policy.yaml").read_text()
    wider = f"{text}processors: [{{id: p, name: P}}]\n"
    (folder / "wider.yaml").write_text(wider)
    assert audit("diff", "policy.yaml").returncode == 0
    assert audit("diff", "policy.yaml", "wider.yaml").returncode == 3
    assert audit("diff", "policy.yaml", "wider.yaml", "--notice-unchanged").returncode == 1
    done = audit("diff", "--fail-on", "high", "policy.yaml", "wider.yaml", "--notice-unchanged")
    assert done.returncode == 0
    done = audit("diff", "nowhere")
    assert done.returncode == 2
    assert done.stderr.endswith("audit: nothing was compared\n")


def test_reports(audit: Audit, see: See) -> None:
    """What is new fails, from --fail-on on; less than before is incomplete."""
    see(cookie("session", lifetime=60), name="one.json")
    see(cookie("_ga"), cookie("session", lifetime=60), name="two.json")
    for name in ("one", "two"):
        audit(*CHECK, f"{name}.json", "--format", f"json={name}-report.json")
    worse = audit("diff", "one-report.json", "two-report.json")
    assert (worse.returncode, worse.stdout) == snapshot(
        (
            1,
            """\
fail  1 new, 0 fixed, 0 unchanged
  one-report.json -> two-report.json

compared with the older report
  = 1 new, 0 fixed, 0 unchanged · verdict pass -> fail, as of 2026-01-15

new
  + high · cookie:_ga@example.org · 2609c99a cookie-undeclared: `_ga` is kept on visitors' devices;
      no row covers it on example.org; its name matches Google Analytics
""",
        )
    )
    better = audit("diff", "two-report.json", "one-report.json")
    assert (better.returncode, better.stdout) == snapshot(
        (
            0,
            """\
pass  0 new, 1 fixed, 0 unchanged
  two-report.json -> one-report.json

compared with the older report
  = 0 new, 1 fixed, 0 unchanged · verdict fail -> pass, as of 2026-01-15

fixed
  - high · cookie:_ga@example.org · 2609c99a cookie-undeclared: `_ga` is kept on visitors' devices;
      no row covers it on example.org; its name matches Google Analytics
""",
        )
    )
    less = ("--only", "cookie-lifetime", "--format", "json=less.json")
    audit("check", "one.json", "--scope", "site", *less)
    assert audit("diff", "two-report.json", "less.json").returncode == 3


def test_compare(audit: Audit, see: See) -> None:
    """The lines stand after the report, JSON has them too, and the verdict is that of the run."""
    see(cookie("_ga"), cookie("old"), name="one.json")
    see(cookie("_ga"), cookie("new"), name="two.json")
    audit(*CHECK, "one.json", "--format", "json=former.json")
    done = audit(*CHECK, "two.json", "--compare", "former.json")
    assert done.returncode == 1
    assert done.stdout.partition("compared with")[2] == snapshot("""\
 the older report
  = 1 new, 1 fixed, 1 unchanged · verdict fail, as of 2026-01-15

new
  + high · cookie:new@example.org · 37f00833 cookie-undeclared: `new` is kept on visitors' devices;
      no row covers it on example.org

fixed
  - high · cookie:old@example.org · 29025d87 cookie-undeclared: `old` is kept on visitors' devices;
      no row covers it on example.org
""")
    options = ("--compare", "former.json", "--format", "json")
    found = json.loads(audit(*CHECK, "two.json", *options).stdout)["comparison"]
    assert {name: len(value) for name, value in found.items()} == snapshot(
        {
            "as_of": 2,
            "verdict": 2,
            "new": 1,
            "fixed": 1,
            "unchanged": 1,
            "waived": 0,
            "not_looked_at": 0,
            "incomplete": 0,
        }
    )
    assert "comparison" not in json.loads(audit(*CHECK, "two.json", "--format", "json").stdout)


def test_a_report_that_cannot_be_read_is_told_before_anything_is_looked_at(audit: Audit) -> None:
    """It takes no time to find that out."""
    done = audit("--compare", "nowhere.json")
    assert done.returncode == 2
    assert "nowhere.json" in done.stderr
