"""Every folder beside this file is a trap, visited and judged as `audit` does (README.md)."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from difflib import ndiff
from pathlib import Path
from shutil import copyfile, copytree

import msgspec
import pytest
from msgspec import Struct, structs

from auditor.collect.site.browser import no_sandbox
from auditor.collect.site.plan import Network, parse_resolve
from auditor.collect.site.planning import Looking
from auditor.demo import serve
from auditor.discovery import discover, scopes_by_id
from auditor.findings import Report
from auditor.policy_file import load_policy
from auditor.run import Options, Subjects, look, report_on

HERE = Path(__file__).parent
CASES = sorted(file.parent.name for file in HERE.glob("*/policy.yaml"))
AT_ONCE = 2
UPDATE = "UPDATE_EXPECTED"  # a variable: set, expected.yaml is written anew instead of compared


Audit = tuple[Report, set[str]]  # and the hosts that were asked, of which no evidence tells


class Outcome(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What comes of an audit, each line of `findings` and `gaps` as in README.md.

    `why` says why a clean twin is not simply a pass, `known_defect` what the tool does wrong:
    such a test has to fail.
    """

    verdict: str
    findings: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    why: str = ""
    known_defect: str = ""


class Expected(Outcome, frozen=True, kw_only=True):
    """What expected.yaml holds; `twin` None is a clean pass."""

    twin: Outcome = Outcome(verdict="pass")


def expected_of(case: str) -> Expected:
    """Return what a case has to come to; nothing is expected yet of a new one."""
    file = HERE / case / "expected.yaml"
    if not file.exists():
        return Expected(verdict="none yet")
    return msgspec.yaml.decode(file.read_bytes(), type=Expected)


def wanted_of(case: str, place: str) -> Outcome:
    """Return what the site of a case, or its twin, has to come to."""
    expected = expected_of(case)
    return expected if place == "site" else expected.twin


def both(case: str) -> Iterator[object]:
    """Yield a case and its twin as parameters of the test below."""
    for place in ("site", "twin"):
        if (HERE / case / place).is_dir():
            defect = wanted_of(case, place).known_defect
            marks = [pytest.mark.xfail(reason=defect, raises=AssertionError)] if defect else []
            yield pytest.param(case, place, id=f"{case}-{place}", marks=marks)


@pytest.fixture(scope="module")
def audits(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], Future[Audit]]]:
    """Begin all audits that are asked for, two at once: each waits now and then."""
    ours = (item for item in request.session.items if item.path == request.path)
    calls = (getattr(item, "callspec", None) for item in ours)
    wanted = [call.params for call in calls if call and call.params.keys() == {"case", "place"}]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:

        def begin(case: str, place: str) -> Future[Audit]:
            return pool.submit(
                lambda: audited(laid_out(case, place, tmp_path_factory.mktemp(case)))
            )

        yield {(one["case"], one["place"]): begin(**one) for one in wanted}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize(("case", "place"), [one for case in CASES for one in both(case)])
def test_it_comes_to_what_is_expected(
    audits: dict[tuple[str, str], Future[Audit]], case: str, place: str
) -> None:
    """A trap is found whole and nothing else is; its clean twin raises no alarm."""
    report, unseen = audits[case, place].result()
    assert not unseen, f"the hosts were asked, and no evidence says so: {unseen}"
    wanted = wanted_of(case, place)
    found = outcome_of(report)
    if os.environ.get(UPDATE) and not wanted.known_defect:
        write(case, place, found)
        return
    differs = [*lines_that_differ(wanted, found, report)]
    assert not differs, "\n" + "\n".join(differs)


@pytest.mark.parametrize("name", CASES)
def test_it_is_said_what_it_is(name: str) -> None:
    """A case says in its first line what the trap is; a twin that does not pass says why."""
    assert (HERE / name / "policy.yaml").read_text("utf-8").startswith("# ")
    twin = expected_of(name).twin
    is_clean = twin.verdict == "pass" and not twin.findings and not twin.gaps
    assert is_clean or twin.why


def laid_out(case: str, place: str, folder: Path) -> Path:
    """Copy a case to where it can be played; of a twin, over the site what differs there."""
    copytree(HERE / case / "site", folder / "site")
    copyfile(HERE / case / "policy.yaml", folder / "policy.yaml")
    for entry in (HERE / case / "twin").iterdir() if place == "twin" else ():
        if entry.is_dir():
            copytree(entry, folder / "site" / entry.name, dirs_exist_ok=True)
        else:
            copyfile(entry, folder / entry.name)
    return folder


def audited(folder: Path) -> Audit:
    """Visit and judge; return the report, and the hosts that only the server knows were asked."""
    checks = discover()
    policy = load_policy(folder / "policy.yaml", scopes_by_id(checks))
    with serve(folder / "site") as played:
        network = Network(
            resolve=tuple(map(parse_resolve, played.resolve)),
            trusted_keys=played.trusted_keys,
            browser=os.environ.get("AUDIT_BROWSER", ""),
            sandbox=not no_sandbox(os.environ.get("AUDIT_SANDBOX", "")),
            offline=True,
        )
        looking = Looking(network=network, folder=str(folder))
        seen = look(policy, [], lambda _name, _done: None, Subjects(sites=policy.sites), looking)
        asked = {one.host for one in played.log if one.method}
    known = {contact.host for site in seen.evidence.sites for contact in site.contacts}
    return report_on(policy, checks, seen, Options()), asked - known


def outcome_of(report: Report) -> Outcome:
    """Return what a report says, in the form of expected.yaml."""
    return Outcome(
        verdict=report.verdict.value,
        findings=tuple(sorted(line for line, _ in findings_of(report))),
        gaps=tuple(sorted(line for line, _ in gaps_of(report))),
    )


def findings_of(report: Report) -> Iterator[tuple[str, str]]:
    """Yield each finding as a line, and its message."""
    for result in report.results:
        for one in result.findings:
            yield f"{result.check} {one.object} {one.severity}", one.message


def gaps_of(report: Report) -> Iterator[tuple[str, str]]:
    """Yield each gap as a line, and what is needed."""
    for result in report.results:
        for one in result.gaps:
            yield f"{result.check} {one.what} {one.reason}", one.needs


def lines_that_differ(wanted: Outcome, found: Outcome, report: Report) -> Iterator[str]:
    """Yield what is missing (`-`) and what is too much (`+`, with what the report says of it)."""
    messages = dict((*findings_of(report), *gaps_of(report)))

    def listed(one: Outcome) -> list[str]:
        return [f"verdict {one.verdict}", *sorted(one.findings), *sorted(one.gaps)]

    for line in ndiff(listed(wanted), listed(found)):
        if line[0] in "+-":
            yield line
            if line[0] == "+" and line[2:] in messages:
                yield f"      {messages[line[2:]]}"


def write(case: str, place: str, found: Outcome) -> None:
    """Write what was found into expected.yaml; what people wrote beside it stays."""
    expected = expected_of(case)
    changed = structs.replace(
        wanted_of(case, place), verdict=found.verdict, findings=found.findings, gaps=found.gaps
    )
    whole = structs.replace(expected, twin=changed) if place == "twin" else changed
    (HERE / case / "expected.yaml").write_bytes(msgspec.yaml.encode(whole))
