"""Firestore over REST: collections by their names, wherever they hang.

A table is a collection group: all collections of one name, below any document, also below one
that is not there any more. Every question is answered by a stream of documents with only the
fields it needs, a thousand a request, in the order of their names: so a document without the field
is counted, which an order by the field would leave out. Firestore bills a read for each.
"""

import random
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from auditor.collect.credentials import Secret, google
from auditor.collect.rest import Api, Service, segment
from auditor.collect.stores.firestore_settings import settings_of
from auditor.collect.stores.firestore_values import at, day, kind_of, plain
from auditor.collect.stores.nested import flattened
from auditor.collect.stores.reader import (
    AgesQuestion,
    Column,
    ConsentQuestion,
    RefusedError,
    Sample,
    TableInfo,
)
from auditor.evidence import Ages, Aspect, ConsentCounted, Gap, Reason, SettingSeen
from auditor.policy import AnchorField

HOST: Final = "https://firestore.googleapis.com"
PAGE: Final = 1000
CREATED, UPDATED = "__create_time__", "__update_time__"  # the server's own dates of a document
MOST_GROUPS: Final = 500
MOST_PARENTS: Final = 300  # documents of a group that are asked for collections below them
_CURSORS: Final = 40  # places at which a sample is drawn
_SPREAD: Final = 0.6  # of what is drawn, so much is drawn once where ids are spread
_LONGEST: Final = 4096  # characters of a value that are looked into
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_ID: Final = 20  # letters of an id that Firestore makes

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
        """Return the value of a field, or of one of the server's dates."""
        if path in {CREATED, UPDATED}:
            text = self.create_time if path == CREATED else self.update_time
            return {"timestampValue": text} if text else None
        return at(self.fields, path)


class _Row(Struct, frozen=True):
    document: Document | None = None


class _Ids(Struct, frozen=True, rename="camel"):
    collection_ids: list[str] = []
    next_page_token: str = ""


class _Listed(Struct, frozen=True, rename="camel"):
    documents: list[Document] = []
    next_page_token: str = ""


class _Count(Struct, frozen=True, rename="camel"):
    integer_value: str


class _Result(Struct, frozen=True, rename="camel"):
    aggregate_fields: dict[str, _Count]


class _Aggregated(Struct, frozen=True):
    result: _Result | None = None


class Firestore:
    """Answers questions by queries over REST (`Reader`)."""

    def __init__(
        self, project: str, database: str, secret: str, *, base: str = "", seconds: float
    ) -> None:
        """Ask nothing yet; all questions together may take `seconds` times ten."""
        self._root = f"{HOST}/v1/projects/{segment(project)}/databases/{database or '(default)'}"
        self._name = self._root.removeprefix(f"{HOST}/v1/")
        headers = google("https://www.googleapis.com/auth/datastore")(Secret(text=secret))
        self.api = Api(SERVICE, headers, base=base, seconds=10 * seconds)
        self._drawn: dict[str, list[Document]] = {}
        self._counts: dict[str, int] = {}
        self._unread: list[Gap] = []

    @property
    def root(self) -> str:
        """Return the address of the database."""
        return self._root

    def tables(self) -> tuple[TableInfo, ...]:
        """Return the collection groups that were found, going down from the root."""
        groups = dict.fromkeys(self._ids(""))
        waiting = list(groups)
        while waiting:
            for below in self._below(waiting.pop(0)):
                if below not in groups:
                    groups[below] = None
                    waiting.append(below)
            if len(groups) > MOST_GROUPS:
                raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_GROUPS} collections")
        return tuple(self._info(group) for group in sorted(groups))

    def _info(self, group: str) -> TableInfo:
        kinds: dict[str, Column] = {}
        for document in self._documents(group):
            for name, value in document.fields.items():
                type_ = next(iter(value), "nullValue")
                kinds.setdefault(name, Column(name=name, type=type_, kind=kind_of(value)))
        columns = tuple(kinds[name] for name in sorted(kinds))
        empty = (Column(name="(no field)", type="", kind="other"),)
        rows = self._counted(group)
        return TableInfo(
            name=group,
            kind="collection",
            columns=columns or (empty if not rows else ()),
            rows=rows,
        )

    def _ids(self, document: str) -> Iterator[str]:
        """Yield the collections below a document, or below the root."""
        place = f"{self._root}/documents{document}:listCollectionIds"

        def fetch(token: str) -> tuple[_Ids, str]:
            more = {"pageToken": token} if token else {}
            page = self.api.ask(place, _Ids, {"pageSize": 300, **more})
            return page, page.next_page_token

        for page in self.api.pages(fetch):
            yield from page.collection_ids

    def _below(self, group: str) -> Iterator[str]:
        """Yield the collections below documents of a group, those that are gone too."""
        parents, is_all = self._parents(group)
        for name in parents:
            yield from self._ids(_path(name))
        if not is_all:
            needs = (
                f"fewer than {MOST_PARENTS} documents in {group}, or `undeclared_tables: ignore`"
            )
            what = f"collections below the other documents of {group}"
            self._unread.append(
                Gap(what=what, reason=Reason.CAP_REACHED, needs=needs, aspects=(Aspect.TABLES,))
            )

    def _parents(self, group: str) -> tuple[list[str], bool]:
        """Return names of documents, and whether those are all.

        Of a collection at the root also those that are not there, and have something below them.
        """
        found = [one.name for one in self._documents(group)]
        ghosts = self.api.get(
            f"{self._root}/documents/{segment(group)}",
            _Listed,
            {"pageSize": MOST_PARENTS, "showMissing": True, "mask.fieldPaths": "__name__"},
        )
        names = list(dict.fromkeys((*(one.name for one in ghosts.documents), *found)))
        is_all = len(names) <= MOST_PARENTS and not ghosts.next_page_token
        return names[:MOST_PARENTS], is_all

    def _documents(self, group: str) -> list[Document]:
        """Return documents of a group at random: all of them, if they are few."""
        if group not in self._drawn:
            number = self._counted(group)
            few = int(1.5 * PAGE)
            self._drawn[group] = (
                list(self._stream(group, None)) if number <= few else self._random(group)
            )
        return self._drawn[group]

    def _random(self, group: str) -> list[Document]:
        """Draw at random places of the order by name.

        Ids that Firestore makes are spread evenly there, so that each document is drawn as often
        as another. Ids that people choose are not: then the places hit the same few, and all
        documents are read, to draw from these.
        """
        found: dict[str, Document] = {}
        some = list(self._query(group, None, limit=_CURSORS))
        parents = [_parent(one.name) for one in some] or [""]
        for number in range(_CURSORS):
            id_ = "".join(secrets.choice(_ALPHABET) for _ in range(_ID))
            start = f"{self._name}/documents{parents[number % len(parents)]}/{group}/{id_}"
            for one in self._query(group, None, after=start, limit=PAGE // _CURSORS):
                found[one.name] = one
        if len(found) > PAGE * _SPREAD:
            return list(found.values())
        drawn: list[Document] = []
        for number, one in enumerate(self._stream(group, None)):
            if number < PAGE:
                drawn.append(one)
            elif (place := random.randrange(number + 1)) < PAGE:  # noqa: S311 -- Vitter's reservoir
                drawn[place] = one
        return drawn

    def _stream(self, group: str, fields: Sequence[str] | None) -> Iterator[Document]:
        """Yield every document of a group, with these fields only (None for all)."""
        after = ""
        while True:
            page = list(self._query(group, fields, after=after, limit=PAGE))
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].name

    def _query(
        self, group: str, fields: Sequence[str] | None, *, after: str = "", limit: int
    ) -> Iterator[Document]:
        body = {"structuredQuery": structured(group, fields, after=after, limit=limit)}
        rows = self.api.ask(f"{self._root}/documents:runQuery", list[_Row], body)
        yield from (row.document for row in rows if row.document)

    def _counted(self, group: str, where: object = None) -> int:
        """Count the documents of a group on the server."""
        if where is None and group in self._counts:
            return self._counts[group]
        query = {"from": [{"collectionId": group, "allDescendants": True}]}
        body = {
            "structuredAggregationQuery": {
                "structuredQuery": query if where is None else {**query, "where": where},
                "aggregations": [{"alias": "n", "count": {}}],
            }
        }
        place = f"{self._root}/documents:runAggregationQuery"
        rows = self.api.ask(place, list[_Aggregated], body)
        texts = [row.result.aggregate_fields["n"].integer_value for row in rows if row.result]
        if len(texts) != 1 or not texts[0].isdecimal():
            raise RefusedError(Reason.NOT_VERIFIED, f"a count of the documents of {group}")
        if where is None:
            self._counts[group] = int(texts[0])
        return int(texts[0])

    def unread(self) -> tuple[str | Gap, ...]:
        """Return what may hang below documents that were not asked."""
        return tuple(self._unread)

    def ages(self, question: AgesQuestion) -> Ages:
        """Count documents by day, one after the other."""
        for field in question.columns:
            if field.table:
                needs = f"the date in {question.table} itself: {field.read_as} is elsewhere"
                raise RefusedError(Reason.NOT_IN_EVIDENCE, needs)
        wanted = [field.field for field in question.columns]
        days: dict[object, int] = {}
        for document in self._stream(question.table, [*wanted, *map(_outer, question.holding)]):
            if question.holding and not any(document.value(h) for h in question.holding):
                continue
            found = _day_of(document, question.columns)
            days[found] = days.get(found, 0) + 1
        undated, unreadable = days.pop("undated", 0), days.pop("unreadable", 0)
        dated = {day: number for day, number in days.items() if not isinstance(day, str)}
        return msgspec.convert(
            {
                "anchor": question.anchor,
                "columns": [field.read_as for field in question.columns],
                "fallback": question.fallback,
                "holding": question.holding,
                "rows": sum(dated.values()) + undated + unreadable,
                "days": dict(sorted(dated.items(), key=str)),
                "undated": undated,
                "unreadable": unreadable,
                "assumed": f"dates without a time zone are of {_zones(question.columns)}",
            },
            Ages,
        )

    def consent(self, question: ConsentQuestion) -> ConsentCounted:
        """Count who is in the audience, and who of these has consented."""
        given, back, audience = question.given_at, question.withdrawn_at, question.audience
        wanted = [given.field, *([back.field] if back else [])]
        wanted += [audience.field] if audience else []
        number = without = withdrawn = 0
        for document in self._stream(question.table, wanted):
            if audience and not _equals(document.value(audience.field), audience.equals):
                continue
            number += 1
            yes = document.value(given.field)
            no = document.value(back.field) if back else None
            agreed = day(yes, given) if yes else None
            left = day(no, back) if no and back else None
            without += agreed is None
            withdrawn += agreed is not None and no is not None and not (left and agreed > left)
        return ConsentCounted(
            activity=question.activity, audience=number, without=without, withdrawn=withdrawn
        )

    def sample(self, table: TableInfo, most: int) -> dict[str, Sample]:
        """Return random values of each field, nested ones under their paths."""
        documents = self._documents(table.name)
        rows = self._counted(table.name)
        found: dict[str, Sample] = {}
        for column in table.columns:
            there = [one.fields[column.name] for one in documents if column.name in one.fields]
            values = [value for value in map(plain, there) if value is not None]
            held = len(values)
            is_all = len(documents) >= rows and held <= most
            if len(documents) < rows and documents:
                held = round(held * rows / len(documents))
            leaves = flattened(column.name, values[:most] if column.kind != "blob" else ())
            for path, texts in leaves.texts.items():
                found[path] = Sample(
                    rows=rows,
                    filled=held if path == column.name else min(held, len(texts)),
                    values=tuple(text[:_LONGEST] for text in texts),
                    is_all=is_all and not any(len(text) > _LONGEST for text in texts),
                    is_cut=leaves.is_cut,
                )
        return found

    def scan(self, table: TableInfo, column: str) -> Iterator[Sequence[str]]:
        """Yield every value of a field, a page of documents at a time."""
        batch: list[str] = []
        for document in self._stream(table.name, [column]):
            value = document.value(column)
            texts = flattened(column, [plain(value)]).texts if value else {}
            batch += [text for found in texts.values() for text in found]
            if len(batch) >= PAGE:
                yield batch
                batch = []
        yield batch

    def count_person(self, table: str, column: str, value: str) -> int:
        """Count the documents whose field names a person, as it is written and in lower case."""
        ways = dict.fromkeys((value, value.strip(), value.strip().lower()))
        values = [{"stringValue": text} for text in ways]
        where = {
            "fieldFilter": {
                "field": {"fieldPath": _quoted(column)},
                "op": "IN",
                "value": {"arrayValue": {"values": values}},
            }
        }
        return self._counted(table, where)

    def statements(self, question: AgesQuestion | ConsentQuestion | TableInfo) -> Iterator[str]:
        """Yield the query by which a question is asked, as JSON."""
        fields: list[str] | None = None
        if isinstance(question, AgesQuestion):
            fields = [*(f.field for f in question.columns), *map(_outer, question.holding)]
        elif isinstance(question, ConsentQuestion):
            fields = [question.given_at.field]
        name = question.name if isinstance(question, TableInfo) else question.table
        query = {"structuredQuery": structured(name, fields, limit=PAGE)}
        yield msgspec.json.encode(query).decode()

    def settings(self) -> Iterator[SettingSeen]:
        """Yield what deletes documents, and what brings them back (`HasSettings`)."""
        yield from settings_of(self.api, self._root)

    def can_write(self) -> tuple[str, ...]:
        """Say that nobody can tell: Firestore has no scope that only reads, and IAM decides."""
        needs = (
            "somebody who looks at the roles of the service account in IAM, and attests that it"
        )
        raise RefusedError(
            Reason.CANNOT_BE_SHOWN, f"{needs} has roles/datastore.viewer and no other"
        )

    def close(self) -> None:
        """Let go of the connection."""
        self.api.close()


def structured(
    group: str, fields: Sequence[str] | None, *, after: str = "", limit: int
) -> dict[str, object]:
    """Return a query for documents of a group in the order of their names."""
    query: dict[str, object] = {
        "from": [{"collectionId": group, "allDescendants": True}],
        "orderBy": [{"field": {"fieldPath": "__name__"}, "direction": "ASCENDING"}],
        "limit": limit,
    }
    if fields is not None:
        own = [name for name in dict.fromkeys(fields) if name not in {CREATED, UPDATED}]
        names = [_quoted(name) for name in own] or ["__name__"]
        query["select"] = {"fields": [{"fieldPath": name} for name in names]}
    if after:
        query["startAt"] = {"values": [{"referenceValue": after}], "before": False}
    return query


def _quoted(path: str) -> str:
    """Return a path as Firestore reads it: names that are not plain words stand in backticks."""
    parts = path.split(".")
    return ".".join(
        part
        if part.isidentifier() and part.isascii()
        else "`" + part.replace("\\", "\\\\").replace("`", "\\`") + "`"
        for part in parts
    )


def _outer(path: str) -> str:
    """Return the field around what is inside a list, which no query can name."""
    return path.partition("[")[0]


def _path(name: str) -> str:
    """Return the path of a document within its database."""
    return "".join(f"/{segment(part)}" for part in name.split("/")[5:])


def _parent(name: str) -> str:
    """Return the path of the document above a collection's document, "" at the root."""
    return "".join(f"/{part}" for part in name.split("/")[5:-2])


def _day_of(document: Document, columns: Sequence[AnchorField]) -> object:
    for field in columns:
        if value := document.value(field.field):
            return day(value, field) or "unreadable"
    return "undated"


def _equals(value: Mapping[str, object] | None, wanted: str | bool | int) -> bool:  # noqa: FBT001
    found = plain(value) if value is not None else None
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    return found is not None and str(found) == str(wanted)


def _zones(columns: Sequence[AnchorField]) -> str:
    return ", ".join(sorted({field.timezone for field in columns if field.timezone})) or "UTC"
