import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

ROOT = Path(__file__).parent.parent
BAKERY = ROOT / "examples" / "bakery"
STATES = ("before", "reject", "accept")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, object]]:
    """Return what `make audit` prints, and the same as JSON."""
    folder = tmp_path_factory.mktemp("bakery")
    command = [str(Path(sys.executable).parent / "audit"), "check"]
    command += ["--policy", "examples/bakery/policy.yaml", "--format", "terminal"]
    command += ["--format", f"json={folder / 'report.json'}"]
    command += [f"www:{state}=examples/bakery/{state}.har" for state in STATES]
    environment = {"XDG_CACHE_HOME": str(folder), "PATH": ""}
    done = subprocess.run(  # noqa: S603 -- our own command
        command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    return done.stdout, json.loads((folder / "report.json").read_text())


def test_what_is_planted_is_found(told: tuple[str, dict[str, object]]) -> None:
    """Each fault that examples/bakery/README.md lists is a finding, and nothing else is."""
    results = told[1]["results"]
    assert isinstance(results, list)
    found = [
        (finding["severity"], result["check"], finding["object"], finding["waived_by"])
        for result in results
        for finding in result["findings"]
    ]
    assert found == snapshot(
        [
            ("high", "consent-before-choice", "processor:crumbcount", None),
            ("medium", "cookie-lifetime", "cookie:bakery_basket@www.bakery.example", None),
            ("high", "cookie-undeclared", "cookie:crumb_visitor@crumbcount.example", None),
            ("medium", "notice-link", "page:/about.html", None),
            ("high", "third-party-undeclared", "host:widget.breadreviews.example", None),
            ("medium", "third-party-undeclared", "host:seal.goodgiving.example", None),
            ("medium", "third-party-undeclared", "host:tiles.streetatlas.example", "W1"),
        ]
    )


def test_what_stays_open_is_said(told: tuple[str, dict[str, object]]) -> None:
    """The gaps are those of any recording, and of promises at which nobody looks."""
    results = told[1]["results"]
    assert isinstance(results, list)
    gaps = {gap["what"]: gap["attested_by"] for result in results for gap in result["gaps"]}
    assert gaps == snapshot(
        {
            "state withdraw": None,
            "cookies that scripts write and no request carries": None,
            "local and session storage, IndexedDB, caches, service workers": None,
            "the consent banner": None,
            "notice:privacy": None,
            "activity:baskets retention": None,
            "activity:oven-board retention": None,
            "activity:statistics retention": None,
            "claim:discretion": "A1",
            "keys in documents and scripts: recordings are not searched for them": None,
            "what scripts read from the device, and hear of what visitors do": None,
            "how exempt entries are used on site:www": None,
        }
    )


def test_what_is_accepted_is_said(told: tuple[str, dict[str, object]]) -> None:
    """The waiver and the attestation that were used come with who states it, and the last day."""
    coverage = told[1]["coverage"]
    assert isinstance(coverage, dict)
    assert coverage["waivers"] == {"W1": {"expires": "2027-01-31"}}
    assert coverage["attestations"] == {
        "A1": {"by": "Ilse Okafor", "date": "2026-11-02", "expires": "2027-10-31"}
    }


def test_the_readme_shows_what_is_printed(told: tuple[str, dict[str, object]]) -> None:
    """What stands in README.md is printed so, but for what it leaves out at `[...]`."""
    block = re.search(r"```text\n(.*?)```", (BAKERY / "README.md").read_text("utf-8"), re.DOTALL)
    assert block
    parts = block[1].split("[...]\n")
    assert len(parts) > 1
    rest = told[0]
    for part in parts:
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]


@pytest.mark.parametrize("state", STATES)
def test_the_recordings_are_small_and_anonymous(state: str) -> None:
    """They show invented hosts only, and nothing of the machine on which they were made."""
    text = (BAKERY / f"{state}.har").read_text("utf-8")
    assert len(text) < 300_000
    hosts = set(re.findall(r'"url":\s*"\w+://([^/"]+)', text))
    assert hosts
    assert all(host.endswith(".example") for host in hosts)
    assert not re.search(r"/home/|/root/|/Users/|file://|localhost", text)
