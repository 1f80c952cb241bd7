"""A Firestore database over REST: its collections, its counts, its documents in their order."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from msgspec import Struct

from auditor.collect.refused import RefusedError
from auditor.collect.rest import Api, Service
from auditor.collect.stores.firestore_values import at, plain
from auditor.collect.stores.nested import is_name
from auditor.evidence import Reason

HOST: Final = "https://firestore.googleapis.com"
PAGE: Final = 1000
CREATED, UPDATED = "__create_time__", "__update_time__"  # the server's own dates of a document
NAME = "__name__"  # the id of a document
ODD = "*"  # fields whose names are values

SERVICE: Final = Service(
    name="Firestore",
    hosts=(HOST,),
    reads=(r"/v1/projects/.+:(listCollectionIds|runQuery|runAggregationQuery)",),
)


class Document(Struct, frozen=True, rename="camel"):
    """A document: its whole name, and its fields as REST writes them."""

    name: str
    fields: dict[str, dict[str, object]] = {}
    create_time: str = ""
    update_time: str = ""

    def value(self, path: str) -> Mapping[str, object] | None:
        """Return the value of a field, of its id, or of one of the server's dates."""
        if path == NAME:
            return {"stringValue": self.name.rpartition("/")[2]}
        if path in {CREATED, UPDATED}:
            text = self.create_time if path == CREATED else self.update_time
            return {"timestampValue": text} if text else None
        return at(self.fields, path)

    @property
    def group(self) -> str:
        """Return the id of its collection."""
        return self.name.split("/")[-2]

    @property
    def plain(self) -> dict[str, object]:
        """Return what its fields hold; those whose names are values are together under `ODD`."""
        found = {name: plain(value) for name, value in self.fields.items() if is_name(name)}
        odd = {name: plain(v) for name, v in self.fields.items() if not is_name(name)}
        return {**found, ODD: odd} if odd else found


class _Row(Struct, frozen=True):
    document: Document | None = None


class _Ids(Struct, frozen=True, rename="camel"):
    collection_ids: list[str] = []
    next_page_token: str = ""


class _Count(Struct, frozen=True, rename="camel"):
    integer_value: str


class _Result(Struct, frozen=True, rename="camel"):
    aggregate_fields: dict[str, _Count]


class _Aggregated(Struct, frozen=True):
    result: _Result | None = None


class Database:
    """Asks a database; `root` is its address."""

    def __init__(self, api: Api, root: str) -> None:
        """Ask nothing yet."""
        self._api, self.root = api, root
        self._counts: dict[str, int] = {}

    @property
    def name(self) -> str:
        """Return its name, as references to documents begin with it."""
        return self.root.removeprefix(f"{HOST}/v1/")

    def ids(self) -> Iterator[str]:
        """Yield the collections at the root."""
        place = f"{self.root}/documents:listCollectionIds"

        def fetch(token: str) -> tuple[_Ids, str]:
            more = {"pageToken": token} if token else {}
            page = self._api.ask(place, _Ids, {"pageSize": 300, **more})
            return page, page.next_page_token

        for page in self._api.pages(fetch):
            yield from page.collection_ids

    def stream(self, group: str, fields: Collection[str] | None) -> Iterator[Document]:
        """Yield every document of a group ("" for all); in smaller pages if they are large."""
        after, size = "", PAGE
        while True:
            try:
                page = self.page(group, fields, after, size)
            except RefusedError as error:
                if error.reason is not Reason.CAP_REACHED or size == 1:
                    raise
                size = max(1, size // 8)
                continue
            yield from page
            if len(page) < size:
                return
            after = page[-1].name

    def page(
        self, group: str, fields: Collection[str] | None, after: str, size: int
    ) -> list[Document]:
        """Return so many documents of a group, those after a name ("" for all)."""
        body = {"structuredQuery": structured(group, fields, after=after, limit=size)}
        rows = self._api.ask(f"{self.root}/documents:runQuery", list[_Row], body)
        return [row.document for row in rows if row.document]

    def count(self, group: str, *, is_at_root: bool = False) -> int:
        """Count the documents of a group on the server, once; of all groups if it is ""."""
        key = f"/{group}" if is_at_root else group
        if key not in self._counts:
            body = {
                "structuredAggregationQuery": {
                    "structuredQuery": {"from": [_from(group, is_at_root=is_at_root)]},
                    "aggregations": [{"alias": "n", "count": {}}],
                }
            }
            place = f"{self.root}/documents:runAggregationQuery"
            rows = self._api.ask(place, list[_Aggregated], body)
            texts = [row.result.aggregate_fields["n"].integer_value for row in rows if row.result]
            if len(texts) != 1 or not texts[0].isdecimal():
                raise RefusedError(Reason.NOT_VERIFIED, "a count of documents")
            self._counts[key] = int(texts[0])
        return self._counts[key]


def structured(
    group: str, fields: Collection[str] | None, *, after: str = "", limit: int
) -> dict[str, object]:
    """Return a query for documents of a group ("" for all) in the order of their names."""
    query: dict[str, object] = {
        "from": [_from(group)],
        "orderBy": [{"field": {"fieldPath": NAME}, "direction": "ASCENDING"}],
        "limit": limit,
    }
    if fields is not None:
        own = [name for name in dict.fromkeys(fields) if name not in {CREATED, UPDATED, NAME}]
        names = [_quoted(name) for name in own] or [NAME]
        query["select"] = {"fields": [{"fieldPath": name} for name in names]}
    if after:
        query["startAt"] = {"values": [{"referenceValue": after}], "before": False}
    return query


def _from(group: str, *, is_at_root: bool = False) -> dict[str, object]:
    return {**({"collectionId": group} if group else {}), "allDescendants": not is_at_root}


def _quoted(path: str) -> str:
    """Return a path as Firestore reads it: names that are not plain words stand in backticks."""
    parts = path.split(".")
    return ".".join(
        part
        if part.isidentifier() and part.isascii()
        else "`" + part.replace("\\", "\\\\").replace("`", "\\`") + "`"
        for part in parts
    )
