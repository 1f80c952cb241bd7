"""Gathering evidence: from files, from recordings, and by looking now."""

import hashlib
import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import date
from pathlib import Path

from msgspec import Struct, structs

from auditor import __version__, evidence
from auditor.collect.recording import collect_recordings, parse_recording
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.errors import CollectError, UsageError
from auditor.evidence import (
    AccountEvidence,
    CodeEvidence,
    Evidence,
    Item,
    NoticeEvidence,
    SiteEvidence,
    StoreEvidence,
    Tool,
)
from auditor.findings import EvidenceDigest, utc_text
from auditor.policy import Account, Code, Notice, Policy, Site, Store

_LOOKED_AT = 1000  # bytes
_GZIP = b"\x1f\x8b"
_HAR = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:')

TOOL = Tool(name="policy-auditor", version=__version__)
Progress = Callable[[str, float], None]


class Seen(Struct, frozen=True, kw_only=True):
    """Evidence, and the digests of the files that it came from."""

    evidence: Evidence
    files: tuple[EvidenceDigest, ...] = ()


class Subjects(Struct, frozen=True, kw_only=True):
    """What is to be looked at now, for the day that will be judged (today, if None)."""

    sites: tuple[Site, ...] = ()
    notices: tuple[Notice, ...] = ()
    stores: tuple[Store, ...] = ()
    accounts: tuple[Account, ...] = ()
    code: Code | None = None
    as_of: date | None = None

    def without(self, known: AbstractSet[str]) -> "Subjects":
        """Return these but for the subjects that are known."""
        return Subjects(
            sites=tuple(one for one in self.sites if f"site:{one.id}" not in known),
            notices=tuple(one for one in self.notices if f"notice:{one.id}" not in known),
            stores=tuple(one for one in self.stores if f"store:{one.id}" not in known),
            accounts=tuple(one for one in self.accounts if f"account:{one.id}" not in known),
            code=None if "code" in known else self.code,
            as_of=self.as_of,
        )


def look(
    policy: Policy,
    given: Sequence[str],
    progress: Progress,
    wanted: Subjects | None = None,
    how: Looking | None = None,
) -> Seen:
    """Gather evidence: files as they are, recordings (`.har`) read, and what is `wanted` now.

    What is in a file is not looked at again.
    """
    files = [text for text in given if not text.lower().endswith(".har")]
    recordings = [parse_recording(text) for text in given if text.lower().endswith(".har")]
    seen: list[Item] = []
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
    unseen = (wanted or Subjects()).without(known)
    now = _look_now(policy, unseen, how or Looking(), progress)
    digests += map(_digest_of, now)
    seen += now
    _refuse_twice([item.subject for item in seen])
    return Seen(evidence=_bundle(seen), files=tuple(digests))


def _look_now(policy: Policy, wanted: Subjects, how: Looking, progress: Progress) -> list[Item]:
    """Look at each kind in its own way, one kind after the other."""
    how = structs.replace(how, jurisdictions=policy.jurisdictions)
    now: list[Item] = [*visit_sites(wanted.sites, how, progress)]
    if wanted.notices:
        from auditor.collect.notices.collecting import (  # noqa: PLC0415 -- languages take a while
            NoticeLooking,
            collect_notices,
        )

        told = NoticeLooking(folder=how.folder, network=how.network)
        now += collect_notices(wanted.notices, told, progress)
    reading = StoreLooking(
        folder=how.stores or how.folder,
        secrets=how.secrets,
        exhaustive=how.exhaustive,
        scheduler=how.scheduler,
    )
    now += collect_stores(policy, wanted.stores, reading, progress)
    if wanted.accounts:
        from auditor.collect.accounts import collecting  # noqa: PLC0415 -- requests take a while

        asking = collecting.AccountLooking(
            secrets=how.secrets, as_of=wanted.as_of, is_offline=how.network.offline
        )
        now += collecting.collect_accounts(policy, wanted.accounts, asking, progress)
    if wanted.code:
        from auditor.collect.code.collecting import collect_code  # noqa: PLC0415 -- grammars

        now.append(collect_code(wanted.code, how.folder, how.since, progress))
    return now


def _refuse_twice(subjects: Sequence[str]) -> None:
    twice = {subject for subject in subjects if subjects.count(subject) > 1}
    if twice:
        names = ", ".join(sorted(twice))
        message = f"{names}: in more than one evidence file; give one file for each subject"
        raise UsageError(message)


def _bundle(seen: Sequence[Item]) -> Evidence:
    """Return evidence as one file holds it, each kind sorted by subject."""
    by_subject = sorted(seen, key=lambda item: item.subject)
    return Evidence(
        tool=TOOL,
        sites=tuple(item for item in by_subject if isinstance(item, SiteEvidence)),
        stores=tuple(item for item in by_subject if isinstance(item, StoreEvidence)),
        accounts=tuple(item for item in by_subject if isinstance(item, AccountEvidence)),
        notices=tuple(item for item in by_subject if isinstance(item, NoticeEvidence)),
        code=tuple(item for item in by_subject if isinstance(item, CodeEvidence)),
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


def _digest_of(item: Item) -> EvidenceDigest:
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
