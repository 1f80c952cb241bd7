"""Recordings of visits: who watches people move, scroll and type, and whether they agreed."""

from collections.abc import Iterator

from msgspec import Struct

from auditor import example
from auditor.check import Example, check
from auditor.errors import Position
from auditor.evidence import Aspect, InputHeard, RequestSent, SiteEvidence, State
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import Declarations, states_without_consent
from auditor.policy import SELF, Policy, Processor
from auditor.sighting import sightings
from auditor.vocabulary import covers

Seen = tuple[InputHeard | RequestSent, ...]
CATEGORY = "user.behavior"
TYPED = frozenset({"keys", "text"})
REPLAY = """
processors:
  - id: replay
    domains: ["*.replay.example"]
processing_activities:
  - id: usability
    data_categories: [user.behavior]
    processors: [replay]
"""
BY_REPLAY = example.hears("cdn.replay.example", "keys", state=State.ACCEPT)


class Recorder(Struct, kw_only=True):
    """Who records visits: on which hosts, and what was seen of it."""

    host: str
    owner: Processor | None
    is_ours: bool
    heard: list[InputHeard]
    loaded: list[RequestSent]

    @property
    def object(self) -> str:
        """Return the object of its findings."""
        return f"processor:{self.owner.id}" if self.owner else f"host:{self.host}"

    @property
    def called(self) -> str:
        """Return how people know it."""
        return (self.owner.name or self.owner.id) if self.owner else self.host


@check(
    "session-recording",
    title="Visits are recorded only by those who are declared, and after consent",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:6-1-a", "gdpr:13-1-e"],
    looks_at=[Aspect.INPUT, Aspect.REQUESTS],
    passing=Example(policy=REPLAY, seen=(BY_REPLAY,)),
    failing=Example(policy=REPLAY, seen=(example.hears("cdn.replay.example", "keys"),)),
)
def recorded_visit(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Take the recorder out, or start it only after consent, with all fields masked.

    It follows the mouse, the scrolling, often the keys, and what changes on the page, and sends it
    away to be played back. Whoever does that is a processor, named in an activity with
    `user.behavior` among its `data_categories`, and people are told. It is never strictly
    necessary, so it waits for consent. It is told by what it does, or by whose it is.
    """
    declarations = Declarations(policy, site)
    for recorder in _recorders(declarations, site):
        seen: Seen = (*recorder.heard, *recorder.loaded)
        if not recorder.is_ours and recorder.owner is None:
            why = "no processor in policy.yaml owns it"
            yield _finding(recorder, why, Severity.HIGH, policy.section("processors"), seen)
        elif not _is_told(policy, recorder):
            whose = recorder.owner.id if recorder.owner else SELF
            why = f"no activity of {whose} has {CATEGORY} among its data_categories"
            severity = Severity.MEDIUM if recorder.is_ours else Severity.HIGH
            at = policy.section("processing_activities")
            yield _finding(recorder, why, severity, at, seen, facet="categories")
        yield from _too_early(policy, site, recorder)


def _recorders(declarations: Declarations, site: SiteEvidence) -> Iterator[Recorder]:
    """Yield who records, each once: seen at it, or a known recorder whose script is loaded."""
    found: dict[str, Recorder] = {}
    for seen in site.observations:
        if isinstance(seen, InputHeard):
            hosts = (seen.writer, *seen.sent_to)
            _add(found, declarations, hosts).heard.append(seen)
        elif isinstance(seen, RequestSent) and seen.resource == "script":
            facts = site.hosts.get(seen.host)
            if facts and facts.records_sessions:
                _add(found, declarations, (seen.host,)).loaded.append(seen)
    yield from found.values()


def _add(
    found: dict[str, Recorder], declarations: Declarations, hosts: tuple[str, ...]
) -> Recorder:
    """Return whose recorder this is: of several hosts, that of somebody else."""
    foreign = [host for host in hosts if not declarations.is_first_party(host)]
    owners = [owner for host in hosts if (owner := declarations.processor(host))]
    owner = owners[0] if owners else None
    host = (foreign or hosts)[0]
    is_ours = not foreign and owner is None
    recorder = Recorder(host=host, owner=owner, is_ours=is_ours, heard=[], loaded=[])
    return found.setdefault(recorder.object, recorder)


def _is_told(policy: Policy, recorder: Recorder) -> bool:
    """Return whether an activity says that behaviour is recorded, and by whom."""
    return any(
        covers(category, CATEGORY) or covers(CATEGORY, category)
        for activity in policy.processing_activities
        if recorder.owner is None or recorder.owner.id in activity.processors
        for category in activity.data_categories
    )


def _too_early(policy: Policy, site: SiteEvidence, recorder: Recorder) -> Iterator[Finding]:
    for state in states_without_consent(policy, site):
        heard = [seen for seen in recorder.heard if seen.state is state]
        loaded = [seen for seen in recorder.loaded if seen.state is state]
        if heard or loaded:
            typed = any(TYPED.intersection(seen.signs) for seen in heard)
            what = "hears what is typed" if typed else "records visits"
            yield _finding(
                recorder,
                f"{what} of visitors who have not agreed ({state})",
                Severity.CRITICAL if typed else Severity.HIGH,
                recorder.owner.at if recorder.owner else policy.section("processors"),
                (*heard, *loaded),
                facet=state,
            )


def _finding(  # noqa: PLR0913, PLR0917 -- all of it is told
    recorder: Recorder,
    why: str,
    severity: Severity,
    at: Position,
    seen: Seen,
    facet: str = "",
) -> Finding:
    verb = "records visits" if recorder.heard else "is there to record visits"
    start = f"{recorder.called} {verb}"
    return Finding(
        object=recorder.object,
        facet=facet,
        severity=severity,
        message=f"{start}; it {why}" if facet in {*State} else f"{start}; {why}",
        at=at,
        seen=sightings(seen),
        remedies=(
            Remedy(kind="remove", text="take the recorder out"),
            Remedy(kind="gate", text="start it only after the visitor agreed, fields masked"),
            Remedy(
                kind="declare",
                text=f"name who records in an activity with {CATEGORY}, and in the notice",
            ),
        ),
    )
