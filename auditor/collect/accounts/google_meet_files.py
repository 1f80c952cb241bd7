"""What conferences of Google Meet left in Drive: recordings, transcripts and notes stay there."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Part
from auditor.collect.accounts.counting import known_field
from auditor.collect.accounts.google_list import listed, listed_pages, part_of
from auditor.collect.accounts.google_meet_conferences import MEET, each_conference
from auditor.collect.ages import AgeCount
from auditor.evidence import Aspect, Gap, Reason, SettingSeen, TableSeen

DRIVE: Final = "https://www.googleapis.com"
_ASKED: Final = (  # never a file's name: it holds the meeting's
    "nextPageToken,incompleteSearch,files(id,mimeType,createdTime,modifiedTime,permissionIds)"
)
_KINDS: Final = {
    "video/": "recordings",
    "application/vnd.google-apps.document": "transcripts and notes",
    "text/": "chats",
    "": "other files",
}
_HOLDS: Final = {
    "recordings": ("user.content.private", "user.content.self_image"),
    "transcripts and notes": ("user.content.private", "user.name"),
    "chats": ("user.content.private", "user.name"),
    "other files": ("user.content.private",),
}
_ANYONE: Final = frozenset({"anyone", "anyoneWithLink"})
_LISTS: Final = ("recordings", "transcripts", "smartNotes")


class _File(Struct, frozen=True):
    id: str
    mimeType: str = ""  # noqa: N815 -- Google's names, here and below
    createdTime: str | None = None  # noqa: N815
    modifiedTime: str | None = None  # noqa: N815
    permissionIds: tuple[str, ...] | None = None  # noqa: N815


class _Place(Struct, frozen=True):
    file: str = ""
    document: str = ""


class _Artifact(Struct, frozen=True):
    driveDestination: _Place = _Place()  # noqa: N815
    docsDestination: _Place = _Place()  # noqa: N815


def files(asking: Asking) -> Iterator[Part]:
    """Yield a table for each kind of file, who may read them, and those that nobody showed."""
    created = {name: AgeCount("created", "createdTime") for name in _KINDS.values()}
    updated = {name: AgeCount("last_updated", "modifiedTime") for name in _KINDS.values()}
    ids: set[str] = set()
    shared = untold = 0
    is_whole = True
    for page in listed_pages(
        asking.api, f"{DRIVE}/drive/v3/files", {"pageSize": 1000, "fields": _ASKED}
    ):
        is_whole = is_whole and not part_of(page, "incompleteSearch", bool, default=False)
        for file in part_of(page, "files", list[_File], []):
            kind = next(name for start, name in _KINDS.items() if file.mimeType.startswith(start))
            created[kind].add_text(file.createdTime)
            updated[kind].add_text(file.modifiedTime)
            ids.add(file.id)
            shared += not _ANYONE.isdisjoint(file.permissionIds or ())
            untold += file.permissionIds is None
    for kind in _KINDS.values():
        if created[kind].ages().rows or kind != "other files":
            yield _table(kind, created[kind], updated[kind])
    yield SettingSeen(
        name="files that anyone with the link may read",
        value=f"{shared} of {len(ids)}",
        effect="exposes",
        of="recordings and transcripts",
        is_on=shared > 0,
    )
    if untold:
        needs = f"who may read {untold} of {len(ids)} files: ask with the account that owns them"
        yield _gap("sharing of files", needs, Aspect.SETTINGS)
    if not is_whole:
        yield _gap("files in Drive", "a search in Drive that is complete", *_OF_FILES)
    yield from _elsewhere(asking, ids)


_OF_FILES: Final = (Aspect.TABLES, Aspect.AGES)


def _table(kind: str, *ages: AgeCount) -> TableSeen:
    counted = tuple(one.ages() for one in ages)
    rows = counted[0].rows
    return TableSeen(
        name=kind,
        kind="files",
        rows=rows,
        fields=tuple(
            known_field(f"content: {category.rpartition('.')[2]}", category, rows, rows)
            for category in _HOLDS[kind]
        ),
        ages=counted,
    )


def _elsewhere(asking: Asking, ids: set[str]) -> Iterator[Part]:
    """Yield a gap for files that a conference names and Drive does not show."""
    missing = 0
    for conference in each_conference(asking):
        for name in _LISTS:
            place = f"{MEET}/v2/{conference.name}/{name}"
            for one in listed(asking.api, place, name, _Artifact, {"pageSize": 100}):
                own = one.driveDestination.file or one.docsDestination.document
                missing += bool(own) and own not in ids
    if missing:
        needs = f"{missing} files that conferences name and Drive does not show to this account"
        yield _gap("files in others' Drive", needs, *_OF_FILES)


def _gap(what: str, needs: str, *aspects: Aspect) -> Gap:
    return Gap(what=what, reason=Reason.NOT_VERIFIED, needs=needs, aspects=aspects)
