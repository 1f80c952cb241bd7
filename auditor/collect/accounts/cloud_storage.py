"""Google Cloud Storage, so that of Firebase too: objects, how old they are, what outlives them.

A thousand objects take one request, and as many again for old versions, and for what was deleted
softly. Names and types are looked at, contents are not. A folder is a table of its own only where
the policy declares it, by a name that ends in `/`: undeclared ones may be named after people.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.cloud_storage_bucket import (
    HOST,
    place_of,
    readers,
    settings,
)
from auditor.collect.accounts.connector import Asking, Connector, Part, Question, Trace, Wanted
from auditor.collect.accounts.counting import FieldCount
from auditor.collect.accounts.google_list import listed
from auditor.collect.ages import AgeCount
from auditor.collect.credentials import google
from auditor.collect.rest import Params, Service
from auditor.evidence import Aspect, Gap, Reason, TableSeen

# Reading who may read takes this one; what a service account may do, IAM decides, not the scope.
SCOPE: Final = "https://www.googleapis.com/auth/devstorage.full_control"
PAGE: Final = 1000
_MASK: Final = "nextPageToken,items(name,timeCreated,updated,timeDeleted,contentType,metadata)"
_KINDS: Final = ("application", "audio", "font", "image", "message", "model", "text", "video")


class _Object(Struct, frozen=True, rename="camel"):
    name: str
    time_created: str | None = None
    updated: str | None = None
    time_deleted: str | None = None
    content_type: str | None = None
    metadata: dict[str, object] | None = None


class _Counting:
    """Objects of one table, counted one after the other."""

    def __init__(self, name: str) -> None:
        known = {f"contentType {kind}": "" for kind in (*_KINDS, "other")}
        self._name, self._fields = name, FieldCount(name, known)
        self._created = AgeCount("created", "timeCreated: replacing an object begins anew")
        self._updated = AgeCount("last_updated", "updated: the object's content or its metadata")

    def add(self, one: _Object) -> None:
        """Count an object."""
        kind = (one.content_type or "").partition("/")[0].casefold()
        own = f"contentType {kind if kind in _KINDS else 'other'}"
        self._fields.add({"name": one.name, own: True, "metadata": one.metadata})
        self._created.add_text(one.time_created)
        self._updated.add_text(one.updated)

    def parts(self) -> Iterator[Part]:
        """Yield what was counted, and what could not be looked into."""
        fields = self._fields.fields()
        yield from self._fields.gaps
        yield TableSeen(
            name=self._name,
            kind="files",
            rows=self._fields.rows,
            fields=fields,
            ages=(self._created.ages(), self._updated.ages()),
        )


def _listed(asking: Asking, **params: str | bool) -> Iterator[_Object]:
    asked: Params = {"maxResults": PAGE, "fields": _MASK, **params}
    return listed(asking.api, f"{place_of(asking)}/o", "items", _Object, asked)


def _objects(asking: Asking) -> Iterator[Part]:
    """Yield the objects, those of each declared folder by themselves; the longest name wins."""
    names = sorted((t.name for t in asking.account.tables if t.name.endswith("/")), key=len)
    rest = _Counting("objects")
    folders = {name: _Counting(name) for name in reversed(names)}
    for one in _listed(asking):
        next((f for name, f in folders.items() if one.name.startswith(name)), rest).add(one)
    yield from rest.parts()
    for folder in folders.values():
        yield from folder.parts()


def _leftovers(asking: Asking) -> Iterator[Part]:
    """Yield what is no longer live and still there: old versions, and what was deleted softly.

    The latter stays for its time where soft delete was switched off since.
    """
    old = _Counting("old versions")
    for one in _listed(asking, versions=True):
        if one.time_deleted:
            old.add(one)
    yield from old.parts()
    deleted = _Counting("deleted objects")
    for one in _listed(asking, softDeleted=True):
        deleted.add(one)
    yield from deleted.parts()


def _find(asking: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Count the objects with a person's id or address as a part of their path; reads all names."""
    wants = {value.strip().casefold() for value in wanted.keys.values()} - {""}
    live = old = 0
    for one in _listed(asking, versions=True):
        is_theirs = not wants.isdisjoint(_parts(one.name))
        live += is_theirs and not one.time_deleted
        old += is_theirs and bool(one.time_deleted)
    yield Trace(place="objects", number=live)
    yield Trace(place="old versions", number=old)
    deleted = _listed(asking, softDeleted=True)
    if number := sum(not wants.isdisjoint(_parts(one.name)) for one in deleted):
        yield Trace(place="deleted objects", number=number)


def _parts(name: str) -> set[str]:
    """Return the folders of a path, and its file with and without an ending."""
    parts = name.casefold().split("/")
    return {*parts, *(part.rpartition(".")[0] for part in parts)}


_OBJECTS: Final = "storage.objects.list"
_BUCKET: Final = "storage.buckets.get"

CLOUD_STORAGE: Final = Connector(
    name="cloud_storage",
    service=Service(name="Cloud Storage", hosts=(HOST,)),
    questions=(
        Question(
            what="objects",
            permission=_OBJECTS,
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES),
            ask=_objects,
        ),
        Question(
            what="old versions and deleted objects",
            permission=_OBJECTS,
            aspects=(Aspect.TABLES, Aspect.FIELDS, Aspect.AGES),
            ask=_leftovers,
        ),
        Question(
            what="how long objects are kept",
            permission=_BUCKET,
            aspects=(Aspect.SETTINGS,),
            ask=settings,
        ),
        Question(
            what="who can read",
            permission=f"{_BUCKET} and storage.buckets.getIamPolicy; a ready access token also the"
            " scope devstorage.full_control",
            aspects=(Aspect.SETTINGS,),
            ask=readers,
        ),
    ),
    credential="Give a service account a role of your own with storage.objects.list,"
    " storage.buckets.get and storage.buckets.getIamPolicy on this bucket only, and put its key,"
    " or an access token, into the variable",
    headers=google(SCOPE),
    cannot_show=(
        Gap(
            what="what files hold",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="somebody who knows what people upload, and attests it: only names and types are"
            " looked at",
            aspects=(Aspect.FIELDS,),
        ),
        Gap(
            what="who is in the files",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="somebody who compares the folders of people with the accounts",
            aspects=(Aspect.SUBJECTS,),
        ),
        Gap(
            what="what the credential may change",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="somebody who looks at the roles of the service account in IAM, and attests that"
            " they only read",
            aspects=(Aspect.PRIVILEGES,),
        ),
    ),
    find=_find,
    finds_by=("id", "email"),
)
