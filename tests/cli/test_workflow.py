"""`audit init --ci github`: a workflow that linters of workflows have nothing against."""

# ruff: noqa: E501 -- whole lines of what is written

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import yaml
from inline_snapshot import snapshot

from auditor.draft.workflow import workflow

Audit = Callable[..., subprocess.CompletedProcess[str]]
FILE = Path(".github/workflows/privacy.yml")
STORES = """
stores:
  - {id: app, connector: sql, url: {env: DATABASE_URL}}
"""


def test_it_is_written_once(folder: Path, audit: Audit) -> None:
    """Secrets go to the job that looks at stores, and to no pull request."""
    policy = folder / "policy.yaml"
    policy.write_text(policy.read_text() + STORES)
    done = audit("init", "--ci", "github", "--offline")
    assert (done.returncode, done.stdout) == (0, f"{FILE}: written\n")
    assert done.stderr == snapshot("""\
note: pin reach4help/policy-auditor@v0.1.0 to its commit: git ls-remote https://github.com/reach4help/policy-auditor v0.1.0
next: in the repository's settings, an environment privacy-audit with: DATABASE_URL
""")
    jobs = yaml.safe_load((folder / FILE).read_text())["jobs"]
    assert "secrets." not in str(jobs["change"])
    assert jobs["everything"]["environment"] == "privacy-audit"
    assert jobs["everything"]["steps"][1]["env"] == {"DATABASE_URL": "${{ secrets.DATABASE_URL }}"}
    refused = audit("init", "--ci", "github", "--policy", "${{ secrets.X }}.yaml")
    assert refused.returncode == 2
    (folder / FILE).write_text("mine")
    again = audit("init", "--ci", "github", "--offline")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    assert (folder / FILE).read_text() == "mine"


def test_no_linter_objects(tmp_path: Path) -> None:
    """Pinned to a commit, zizmor's strictest persona finds nothing; a name cannot break out."""
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    names = ["TOKEN", "A}}B", "C: d"]
    path.write_text(workflow("it's #here.yaml", f"{'a' * 40} # v1.0.0", names, has_site=True))
    assert "A}}B" not in path.read_text()
    for job in yaml.safe_load(path.read_text())["jobs"].values():
        assert job["steps"][1]["with"]["policy"] == "it's #here.yaml"
    zizmor = Path(sys.executable).parent / "zizmor"
    command = [str(zizmor), "--offline", "--persona", "auditor", "--strict-collection", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout
