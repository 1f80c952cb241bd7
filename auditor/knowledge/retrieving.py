"""One release of open data: downloaded, verified, compiled, kept."""

from datetime import date
from pathlib import Path

from msgspec import structs

from auditor.errors import CollectError
from auditor.knowledge import lock
from auditor.knowledge.compiling import compile_data
from auditor.knowledge.download import digest_of, fetch, member_of, shown
from auditor.knowledge.lock import Locked
from auditor.knowledge.open_data import OpenData
from auditor.knowledge.sources import Release, Source


def retrieve(
    source: Source, release: Release, cache: Path, before: Locked | None, today: date
) -> tuple[Locked, OpenData]:
    """Return what a lock says of a release, and the data; these are in the cache then.

    Here, a release's path is a whole address. `before` is what the lock says now: the same version
    has the same digest. `CollectError` says what is wrong.
    """
    data = fetch(release.path)
    same = before if before and before.version == release.version else None
    expected = release.digest or (same.digest if same else "")
    digest = digest_of(data, expected)
    what = f"{source.id} {release.version}"
    if expected and digest != expected:
        raise CollectError(f"{what}: its digest is {digest}, and should be {expected}")
    file = member_of(data, release.member) if release.member else data
    try:
        compiled = compile_data(source, release.version, digest, file)
    except ValueError as error:
        raise CollectError(f"{what}: cannot be read ({error})") from error
    kept = lock.keep(compiled, cache)
    if same and same.digest == digest:  # it was retrieved when the lock says
        return structs.replace(same, compiled=kept, entries=compiled.entries), compiled
    return Locked(
        source=source.id,
        version=release.version,
        url=shown(release.path),
        digest=digest,
        compiled=kept,
        licence=source.licence,
        retrieved_at=today.isoformat(),
        entries=compiled.entries,
    ), compiled
