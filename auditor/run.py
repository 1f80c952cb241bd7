"""One run, from policy.yaml and evidence to a `Report`: collect -> engine -> waivers."""

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct, structs

from auditor import __version__, evidence
from auditor.collect.recording import collect_recordings, parse_recording
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.coverage import coverage_of
from auditor.engine import SCOPES, AnyCheck, Case, Selection, in_order, judge, judge_waivers
from auditor.errors import CollectError, UsageError
from auditor.evidence import EverySite, Evidence, PolicyAndSites, SiteEvidence, StoreEvidence, Tool
from auditor.findings import (
    EvidenceDigest,
    PolicyDigest,
    Report,
    Severity,
    ToolVersion,
    count,
    is_incomplete,
    utc_text,
    verdict_of,
)
from auditor.knowledge.public_suffixes import list_version
from auditor.policy import Policy, Site, Store
from auditor.vocabulary import suggestion
from auditor.waivers import apply_waivers, attest

_LOOKED_AT = 1000  # bytes
_GZIP = b"\x1f\x8b"
_HAR = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:')

TOOL = Tool(name="policy-auditor", version=__version__)
Progress = Callable[[str, float], None]


class Options(Struct, frozen=True, kw_only=True):
    """How to judge; `as_of` None is the evidence's own date, `scope` empty is all declared."""

    scope: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail_on: Severity = Severity.MEDIUM
    as_of: date | None = None
    waivers: bool = True
    max_age: str = ""


class Seen(Struct, frozen=True, kw_only=True):
    """Evidence, and the digests of the files that it came from."""

    evidence: Evidence
    files: tuple[EvidenceDigest, ...] = ()


def sites_to_visit(
    policy: Policy, checks: Sequence[AnyCheck], options: Options
) -> tuple[Site, ...]:
    """Return the sites that somebody has to look at for the checks and scopes asked for."""
    _check_ids(checks, (*options.only, *options.skip))
    lookers = [
        check for check in checks if check.needs in {SiteEvidence, EverySite, PolicyAndSites}
    ]
    return policy.sites if _is_asked(policy, lookers, options, "site") else ()


def stores_to_read(
    policy: Policy, checks: Sequence[AnyCheck], options: Options
) -> tuple[Store, ...]:
    """Return the stores that somebody has to look at for the checks and scopes asked for."""
    lookers = [check for check in checks if check.scope == "stores"]
    return policy.stores if _is_asked(policy, lookers, options, "stores") else ()


def _is_asked(policy: Policy, lookers: Sequence[AnyCheck], options: Options, scope: str) -> bool:
    """Return whether any of these checks is asked for, in this scope."""
    selection = _selection(policy, options)
    return any(not selection.why_not(check.id, scope) for check in lookers)


def _selection(policy: Policy, options: Options) -> Selection:
    scope = scope_of_run(policy, options)
    return Selection(scope=scope, only=options.only, skip=options.skip)


def look(  # noqa: PLR0913, PLR0917 -- what is looked at, and how
    policy: Policy,
    given: Sequence[str],
    progress: Progress,
    sites: Sequence[Site] = (),
    looking: Looking | None = None,
    stores: Sequence[Store] = (),
) -> Seen:
    """Gather evidence: files as they are, recordings (`.har`) read, other `sites` visited now.

    So are `stores` read; of what is in a file already, that counts.
    """
    files = [text for text in given if not text.lower().endswith(".har")]
    recordings = [parse_recording(text) for text in given if text.lower().endswith(".har")]
    seen: list[SiteEvidence | StoreEvidence] = []
    digests: list[EvidenceDigest] = []
    for text in files:
        found, digest = _read(Path(text))
        seen += found.items
        digests.append(digest)
    for collected in collect_recordings(policy, recordings, progress):
        seen.append(collected)
        digests += [
            EvidenceDigest(
                path=source.path, sha256=source.sha256, collected_at=utc_text(source.collected_at)
            )
            for source in collected.sources
        ]
    known = {item.subject for item in seen}
    how = looking or Looking()
    how = structs.replace(how, jurisdictions=policy.jurisdictions)
    unseen_sites = [site for site in sites if f"site:{site.id}" not in known]
    unseen_stores = [store for store in stores if f"store:{store.id}" not in known]
    reading = StoreLooking(folder=how.folder, secrets=how.secrets)
    now: list[SiteEvidence | StoreEvidence] = [*visit_sites(unseen_sites, how, progress)]
    now += collect_stores(policy, unseen_stores, reading, progress)
    digests += map(_digest_of, now)
    seen += now
    _refuse_twice([item.subject for item in seen])
    return Seen(evidence=_bundle(seen), files=tuple(digests))


def _refuse_twice(subjects: Sequence[str]) -> None:
    twice = {subject for subject in subjects if subjects.count(subject) > 1}
    if twice:
        names = ", ".join(sorted(twice))
        message = f"{names}: in more than one evidence file; give one file for each subject"
        raise UsageError(message)


def _bundle(seen: Sequence[SiteEvidence | StoreEvidence]) -> Evidence:
    """Return evidence as one file holds it, each kind sorted by subject."""
    by_subject = sorted(seen, key=lambda item: item.subject)
    return Evidence(
        tool=TOOL,
        sites=tuple(item for item in by_subject if isinstance(item, SiteEvidence)),
        stores=tuple(item for item in by_subject if isinstance(item, StoreEvidence)),
    )


def report_on(policy: Policy, checks: Sequence[AnyCheck], seen: Seen, options: Options) -> Report:
    """Judge what was seen, apply waivers and attestations, and settle the verdict."""
    _check_ids(checks, (*options.only, *options.skip))
    as_of = options.as_of or own_date(seen.evidence)
    scope = scope_of_run(policy, options)
    case = Case(
        policy=policy,
        evidence=seen.evidence,
        as_of=as_of,
        selection=_selection(policy, options),
        max_age=options.max_age,
    )
    results = judge(checks, case)
    settled, use = apply_waivers(policy, results, as_of)
    if not options.waivers:
        settled = attest(policy, results, as_of)
    settled = in_order((*settled, *judge_waivers(checks, case, use)))
    return Report(
        verdict=verdict_of(settled, options.fail_on),
        incomplete=is_incomplete(settled),
        as_of=as_of.isoformat(),
        scope=scope,
        only=options.only,
        skip=options.skip,
        fail_on=options.fail_on,
        waivers_applied=options.waivers,
        policy=PolicyDigest(path=policy.origin.path, sha256=policy.origin.sha256),
        tool=ToolVersion(name=TOOL.name, version=TOOL.version),
        evidence=seen.files,
        counts=count(settled, options.fail_on),
        results=settled,
        coverage=coverage_of(policy, seen.evidence, scope, settled),
        knowledge={"public_suffix_list": list_version(), **_knowledge(seen.evidence)},
    )


def _knowledge(seen: Evidence) -> dict[str, str]:
    """Return by which data it was said who is behind what was seen; all, where they differ."""
    said: dict[str, dict[str, None]] = {}
    for site in seen.sites:
        for name, digest in site.knowledge.items():
            said.setdefault(name, {})[digest] = None
    return {name: "; ".join(digests) for name, digests in sorted(said.items())}


def _read(path: Path) -> tuple[Evidence, EvidenceDigest]:
    _refuse_recording(path)
    try:
        with path.open("rb") as file:
            data = file.read(evidence.MAX_BYTES + 1)  # `decode` refuses what is longer
    except OSError as error:
        message = f"{path}: {error.strerror or error}; a recording's name ends in .har"
        raise CollectError(message) from error
    found = evidence.decode(data, str(path))
    collected = found.collected_at()
    return found, EvidenceDigest(
        path=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        collected_at=utc_text(collected) if collected else "",
    )


def _digest_of(item: SiteEvidence | StoreEvidence) -> EvidenceDigest:
    """Return the digest of what was seen now, as `audit collect` would have written it."""
    return EvidenceDigest(
        path=item.sources[0].path,
        sha256=hashlib.sha256(evidence.encode(_bundle([item]))).hexdigest(),
        collected_at=utc_text(item.collected_at),
    )


def _refuse_recording(path: Path) -> None:
    """Refuse what is meant for a recording: only its name, ending in .har, makes it one."""
    before, equals, file = str(path).partition("=")
    is_named = bool(equals) and not path.is_file() and Path(file).is_file()
    prefix, path = (f"{before}=", Path(file)) if is_named else ("SITE:STATE=", path)
    start = b""
    if path.is_file():
        with suppress(OSError), path.open("rb") as opened:
            start = opened.read(_LOOKED_AT)
    if start.startswith(_GZIP):
        raise UsageError(f"{path}: compressed (gzip): unpack it first")
    if is_named or _HAR.match(start):
        advice = f"rename it, and write {prefix}{path.with_suffix('.har')}"
        raise UsageError(f"{path}: a recording's name ends in .har: {advice}")


def own_date(seen: Evidence) -> date:
    """Return the day of the newest evidence, UTC; today where there is none."""
    moments = [item.collected_at for item in seen.items]
    return max(moments, default=datetime.now(UTC)).astimezone(UTC).date()


def _check_ids(checks: Sequence[AnyCheck], wanted: Sequence[str]) -> None:
    """Refuse an id or glob that fits no installed check: it would quietly run nothing."""
    ids = [check.id for check in checks]
    for glob in wanted:
        if not any(fnmatchcase(check_id, glob) for check_id in ids):
            end = suggestion(glob, ids, "`audit list` names all")
            message = f"no installed check is called {glob}; {end}"
            raise UsageError(message)


def scope_of_run(policy: Policy, options: Options) -> tuple[str, ...]:
    """Return the scopes to look at, in the contract's order: those asked for, or all declared."""
    declared = policy.declared_scopes()
    asked = options.scope
    for scope in asked:
        if scope not in SCOPES:
            message = f"--scope {scope}: unknown; write some of {','.join(SCOPES)}"
            raise UsageError(message)
        if scope not in declared:
            message = f"--scope {scope}: {policy.origin.path} declares nothing there"
            raise UsageError(message)
    return tuple(scope for scope in SCOPES if scope in (asked or declared))
