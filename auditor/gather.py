"""Gathering evidence: from files, from recordings, and by looking now."""

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, structs

from auditor import __version__, evidence
from auditor.collect.recording import collect_recordings, parse_recording
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.errors import CollectError, UsageError
from auditor.evidence import Evidence, SiteEvidence, StoreEvidence, Tool
from auditor.findings import EvidenceDigest, utc_text
from auditor.policy import Policy, Site, Store

_LOOKED_AT = 1000  # bytes
_GZIP = b"\x1f\x8b"
_HAR = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:')

TOOL = Tool(name="policy-auditor", version=__version__)
Progress = Callable[[str, float], None]


class Seen(Struct, frozen=True, kw_only=True):
    """Evidence, and the digests of the files that it came from."""

    evidence: Evidence
    files: tuple[EvidenceDigest, ...] = ()


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
