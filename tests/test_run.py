"""One run: what is gathered, what is in scope, on which day it is judged."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from auditor.discovery import discover
from auditor.errors import CollectError, UsageError
from auditor.example import cookie
from auditor.findings import Report, Verdict
from auditor.policy import Policy
from auditor.run import Options, Seen, look, report_on
from auditor.testing import policy


def quiet(_name: str, _done: float) -> None:
    """Show no progress."""


def told(promised: Policy, seen: Seen, **options: object) -> Report:
    """Return the report of the built-in checks."""
    return report_on(promised, discover(), seen, Options(**options))  # type: ignore[arg-type]


def test_every_file_is_told_with_its_digest(see: Callable[..., Path]) -> None:
    """The report says which evidence was judged."""
    seen = look(policy(""), [str(see(cookie("a")))], quiet)
    (digest,) = told(policy(""), seen).evidence
    assert digest.path == "evidence.json"
    assert len(digest.sha256) == 64
    assert digest.collected_at == "2026-01-15T12:00:00Z"


def test_one_subject_in_two_files_is_refused(see: Callable[..., Path]) -> None:
    """Two files for one site would leave open which of them is true."""
    files = [str(see(cookie("a"), name=name)) for name in ("one.json", "two.json")]
    with pytest.raises(UsageError, match="site:www"):
        look(policy(""), files, quiet)


def test_a_file_that_is_not_there_is_named() -> None:
    """The message says which file, and how a recording is named."""
    with pytest.raises(CollectError, match=r"missing\.json.*\.har"):
        look(policy(""), ["missing.json"], quiet)


def test_recordings_under_other_names_are_refused(tmp_path: Path) -> None:
    """Only a name that ends in .har makes a recording; the message says how to write it."""
    path, packed = tmp_path / "clean.json", tmp_path / "clean.har.gz"
    path.write_text('{"log": {"entries": []}}', encoding="utf-8")
    packed.write_bytes(b"\x1f\x8b\x08")
    advice = {
        str(path): rf"ends in \.har: rename it, and write SITE:STATE={tmp_path}/clean\.har$",
        f"www:before={path}": rf"rename it, and write www:before={tmp_path}/clean\.har$",
        str(packed): r"clean\.har\.gz: compressed \(gzip\): unpack it first",
        f"www:before={packed}": r"clean\.har\.gz: compressed \(gzip\): unpack it first",
    }
    for text, message in advice.items():
        with pytest.raises(UsageError, match=message):
            look(policy(""), [text], quiet)


def test_default_scope_is_all_that_is_declared() -> None:
    """What the policy declares is in scope; what it does not declare is not."""
    promised = policy(
        "stores: [{id: app, connector: files, path: data/*.csv}]\ncode: {paths: [src]}"
    )
    assert told(promised, look(promised, [], quiet)).scope == ("site", "stores", "code")


def test_scope_leaves_out_and_says_so() -> None:
    """A narrower scope is told with what it left out."""
    promised = policy("stores: [{id: app, connector: files, path: data/*.csv}]")
    report = told(promised, look(promised, [], quiet), scope=("site",))
    assert report.scope == ("site",)
    assert report.coverage["left_out"] == ["stores"]
    assert not any(result.subject == "store:app" for result in report.results if result.gaps)


def test_nothing_looked_at_is_incomplete() -> None:
    """Policy-only checks alone are never a pass."""
    promised = policy("")
    report = told(promised, look(promised, [], quiet), only=("policy-*",))
    assert report.verdict is Verdict.INCOMPLETE


def test_judged_as_of_the_evidence_unless_told(see: Callable[..., Path]) -> None:
    """The evidence's own date is the default."""
    seen = look(policy(""), [str(see())], quiet)
    assert told(policy(""), seen).as_of == "2026-01-15"
    assert told(policy(""), seen, as_of=date(2026, 3, 1)).as_of == "2026-03-01"


def test_old_evidence_is_a_gap(see: Callable[..., Path]) -> None:
    """What was seen too long ago says nothing about the day that is judged."""
    seen = look(policy(""), [str(see())], quiet)
    fresh = told(policy(""), seen, as_of=date(2026, 1, 22), max_age="P7D")
    old = told(policy(""), seen, as_of=date(2026, 1, 23), max_age="P7D")
    assert fresh.verdict is Verdict.PASS
    assert old.verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    ("covered_by", "standing"),
    [
        ("[cookie-undeclared]", "contradicted"),
        ("[third-party-undeclared]", "verified"),
        ("[retention-overdue]", "not observed"),
        ("not_verifiable", "not verifiable"),
        ("attestation", "not attested"),
    ],
)
def test_claims_are_told_with_what_is_known(
    see: Callable[..., Path], covered_by: str, standing: str
) -> None:
    """A claim is never more than the checks that cover it have shown."""
    promised = policy(f"claims: [{{id: c, quote: We do, covered_by: {covered_by}}}]")
    report = told(promised, look(promised, [str(see(cookie("a")))], quiet))
    assert report.coverage["claims"] == {"c": standing}
