import json
from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

CASES = Path(__file__).parent / "cases"
Compare = Callable[..., tuple[str, str]]


@pytest.fixture
def told(compare: Compare, monkeypatch: pytest.MonkeyPatch) -> Compare:
    """Return what compares the two policies of a case."""

    def run(case: str, *options: str) -> tuple[str, str]:
        monkeypatch.chdir(CASES / case)
        return compare("base/policy.yaml", "head/policy.yaml", *options)

    return run


def test_what_is_told_passes(told: Compare) -> None:
    """A longer period, and a notice that changed with it."""
    assert told("announced") == snapshot(
        (
            "pass",
            """\
pass  1 change; people have to be told of it, and a notice changed, too
  base/policy.yaml -> head/policy.yaml

people have to be told
  + kept longer · activity:accounts · P12M after last_used -> P24M after last_used ·
      GDPR Art. 13(2)(a)

what people read
  = changed, too · privacy.md
  = audit explain policy-change-unannounced
""",
        )
    )


def test_what_nobody_tells_fails(told: Compare) -> None:
    """New activity, recipient, categories, period: each with the article that asks to tell it."""
    assert told("unannounced") == snapshot(
        (
            "fail",
            """\
fail  5 changes; people have to be told of all, and no notice changed
  base/policy.yaml -> head/policy.yaml

people have to be told
  + new processing activity · activity:letters · marketing.communications.email · GDPR Art. 13(3)
  + new data category · activity:accounts · user.contact · GDPR Art. 14(1)(d)
  + new processor · processor:mailer · Mailer, processor, US · GDPR Art. 13(1)(e)
  - period runs from an earlier event · activity:accounts · last_used -> created ·
      GDPR Art. 13(2)(a)
  - kept for a shorter time · activity:accounts · P12M after last_used -> P365D after created ·
      GDPR Art. 13(2)(a)

what people read
  = did not change · privacy.md
  = audit explain policy-change-unannounced

what does not count
  = below --fail-on medium: period runs from an earlier event: activity:accounts, last_used ->
      created; the notice did not change
  = below --fail-on medium: kept for a shorter time: activity:accounts, P12M after last_used ->
      P365D after created; the notice did not change
""",
        )
    )


def test_a_notice_on_the_web_only_is_a_gap(told: Compare) -> None:
    """Nobody can tell from here, and it says what it takes."""
    assert told("web-only") == snapshot(
        (
            "incomplete",
            """\
incomplete  1 change; people have to be told of it, and nobody can tell whether a notice changed
  base/policy.yaml -> head/policy.yaml

people have to be told
  + kept longer · activity:accounts · P12M after last_used -> P24M after last_used ·
      GDPR Art. 13(2)(a)

what people read
  ? nobody can tell · privacy
  = audit explain policy-change-unannounced

what could not be judged
  ? not verified · notice:privacy · needs its file under `path`, or --notice-changed or
      --notice-unchanged, by somebody who knows: what stands at its url only was not kept
""",
        )
    )


def test_the_same_said_otherwise_is_no_change(told: Compare) -> None:
    """Order, comments, other ids, P1Y for P12M, a category that another covers."""
    assert told("said-otherwise") == snapshot(
        (
            "pass",
            """\
pass  the policies say the same
  base/policy.yaml -> head/policy.yaml
""",
        )
    )


def test_a_person_may_know(told: Compare) -> None:
    """What somebody says of the notice goes before what can be seen."""
    assert told("web-only", "--notice-changed")[0] == "pass"
    assert told("web-only", "--notice-unchanged")[0] == "fail"
    assert told("announced", "--notice-unchanged")[0] == "fail"


def test_the_threshold_is_heeded(told: Compare) -> None:
    """What is below --fail-on is listed, and does not fail."""
    verdict, text = told("unannounced", "--fail-on", "critical")
    assert verdict == "pass"
    assert "below --fail-on critical" in text


def test_markdown(told: Compare) -> None:
    """The comment on a pull request, whole."""
    text = told("unannounced", "--format", "markdown")[1]
    assert text == (CASES / "unannounced" / "comment.md").read_text(encoding="utf-8")


def test_json(told: Compare) -> None:
    """For programs: every change, every notice, and the results."""
    data = json.loads(told("announced", "--format", "json")[1])
    assert data.pop("results")[0]["outcome"] == "pass"
    assert data == snapshot(
        {
            "verdict": "pass",
            "headline": "1 change; people have to be told of it, and a notice changed, too",
            "base": "base/policy.yaml",
            "head": "head/policy.yaml",
            "changes": [
                {
                    "kind": "retention-longer",
                    "title": "kept longer",
                    "weight": "widens",
                    "what": "activity:accounts",
                    "before": "P12M after last_used",
                    "after": "P24M after last_used",
                    "at": {"line": 5, "column": 5},
                    "needs_notice": True,
                    "references": ["gdpr:13-2-a"],
                }
            ],
            "notices": [{"notice": "privacy", "path": "privacy.md", "changed": True, "needs": ""}],
        }
    )


def test_a_format_can_go_to_a_file(told: Compare, tmp_path: Path) -> None:
    """As with reports, FORMAT=PATH."""
    path = tmp_path / "diff.md"
    assert told("announced", "--format", f"markdown={path}") == ("pass", "")
    assert path.read_text().startswith("## Privacy diff: pass\n")


def test_nobody_waives_their_own_change(
    compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A waiver that comes with the change does not count; one that was there before does."""
    waiver = """
waivers:
  - {id: W1, check: policy-change-unannounced, subject: policy, object: "activity:acc*",
     justification: j, owner: o, approved_by: a, created: 2026-01-01, expires: 2026-06-30}
"""
    monkeypatch.chdir(tmp_path)
    base = (CASES / "announced" / "base" / "policy.yaml").read_text()
    head = (CASES / "announced" / "head" / "policy.yaml").read_text()
    for name, text in {"a": base, "b": base + waiver, "c": head + waiver}.items():
        Path(f"{name}.yaml").write_text(text)
    options = ("--notice-unchanged", "--as-of", "2026-02-01")
    assert compare("a.yaml", "c.yaml", *options)[0] == "fail"
    verdict, text = compare("b.yaml", "c.yaml", *options)
    assert verdict == "pass"
    assert "(1 waived)" in text
    assert "waived by W1" in text
