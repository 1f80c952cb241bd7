"""Firestore over REST: collections by their names, wherever they hang.

A table is a collection group: all collections of one name, below any document, also below one
that is not there any more. Groups are found until the server's count of all documents is reached,
so that none is hidden. Every question is answered by a stream of documents with only the fields it
needs, a thousand a request, in the order of their names: so a document without the field is
counted, which an order by the field would leave out. Firestore bills a read for each.

Names of collections and fields that are somebody's address or id are values: they are shown as
`*`, and looked into.
"""

import random
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

import msgspec

from auditor.collect.credentials import Secret, google
from auditor.collect.rest import Api, segment
from auditor.collect.stores.firestore_database import (
    HOST,
    NAME,
    ODD,
    PAGE,
    SERVICE,
    Database,
    Document,
    structured,
)
from auditor.collect.stores.firestore_settings import settings_of
from auditor.collect.stores.firestore_values import day, kind_of, plain
from auditor.collect.stores.nested import is_name
from auditor.collect.stores.reader import (
    AgesQuestion,
    Column,
    ConsentQuestion,
    Kind,
    RefusedError,
    Sample,
    TableInfo,
)
from auditor.collect.stores.sql_reader import samples_of
from auditor.evidence import Ages, Aspect, ConsentCounted, Gap, Reason, SettingSeen
from auditor.names import template
from auditor.policy import AnchorField

MOST_GROUPS: Final = 500
MOST_NAMES: Final = 100_000  # documents by whose names collections are looked for
_FEW: Final = 1500  # documents that are all read, and none drawn
_CURSORS: Final = 40  # places at which a sample is drawn
_SPREAD: Final = 0.6  # of what is drawn, so much is drawn once where ids are spread
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_ID: Final = 20  # letters of an id that Firestore makes


class Firestore:
    """Answers questions by queries over REST (`Reader`)."""

    def __init__(
        self, project: str, database: str, secret: str, *, base: str = "", seconds: float
    ) -> None:
        """Ask nothing yet; all questions together may take `seconds` times ten."""
        root = f"{HOST}/v1/projects/{segment(project)}/databases/{database or '(default)'}"
        headers = google("https://www.googleapis.com/auth/datastore")(Secret(text=secret))
        self.api = Api(SERVICE, headers, base=base, seconds=10 * seconds)
        self._database = Database(self.api, root)
        self._groups: dict[str, list[str]] = {}  # by the name under which they are shown
        self._drawn: dict[str, list[Document]] = {}
        self._unread: tuple[Gap, ...] = ()

    @property
    def root(self) -> str:
        """Return the address of the database."""
        return self._database.root

    def tables(self) -> tuple[TableInfo, ...]:
        """Return the collection groups; those whose names differ by a value only are one."""
        self._groups.clear()
        for group in sorted(self._found()):
            self._groups.setdefault(_shown(group), []).append(group)
        return tuple(map(self._info, self._groups))

    def _found(self) -> set[str]:
        """Return the groups that hold documents, until these are as many as there are in all."""
        number, groups = self._database.count(""), set(self._database.ids())
        seen = sum(map(self._database.count, groups))
        names = self._database.stream("", ()) if seen < number else iter(())
        for document in islice(names, MOST_NAMES):
            if document.group not in groups:
                groups.add(document.group)
                seen += self._database.count(document.group)
            if seen >= number:
                break
            if len(groups) > MOST_GROUPS:
                raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_GROUPS} collections")
        if seen < number:
            needs = f"collections that are found among the first {MOST_NAMES:,} documents, or"
            self._unread = (
                Gap(
                    what=f"{number - seen} documents of collections that were not found",
                    reason=Reason.CAP_REACHED,
                    needs=f"{needs} `undeclared_tables: ignore`",
                    aspects=(Aspect.TABLES,),
                ),
            )
        return {group for group in groups if self._database.count(group)}

    def _info(self, name: str) -> TableInfo:
        types: dict[str, dict[str, Kind]] = {}
        for document in self._documents(name):
            for field, value in document.fields.items():
                shown = field if is_name(field) else ODD
                kind = "json" if shown == ODD else kind_of(value)
                types.setdefault(shown, {})[next(iter(value), "nullValue")] = kind
        return TableInfo(
            name=name,
            kind="collection",
            columns=tuple(
                Column(name=field, type=", ".join(found), kind=_one_of(set(found.values())))
                for field, found in sorted(types.items())
            ),
            rows=self._rows(name),
        )

    def _rows(self, name: str) -> int:
        return sum(map(self._database.count, self._groups[name]))

    def _documents(self, name: str) -> list[Document]:
        """Return documents of a table at random, drawn once: all of them, if they are few."""
        if name not in self._drawn:
            is_few = self._rows(name) <= _FEW
            self._drawn[name] = list(self._all(name, None)) if is_few else self._random(name)
        return self._drawn[name]

    def _random(self, name: str) -> list[Document]:
        """Draw a thousand documents.

        Ids that Firestore makes are spread evenly in the order by name: at random places of one
        collection each document is drawn as often as another. Ids that people choose are not, and
        then the places hit the same few. There, and where collections of a name hang below
        several documents, all are read to draw from.
        """
        group, *more = self._groups[name]
        ask = self._database
        if not more and ask.count(group) == ask.count(group, is_at_root=True):
            found: dict[str, Document] = {}
            for _ in range(_CURSORS):
                id_ = "".join(secrets.choice(_ALPHABET) for _ in range(_ID))
                start = f"{ask.name}/documents/{group}/{id_}"
                for one in ask.page(group, None, start, PAGE // _CURSORS):
                    found[one.name] = one
            if len(found) > PAGE * _SPREAD:
                return list(found.values())
        drawn: list[Document] = []
        for number, one in enumerate(self._all(name, None)):
            if number < PAGE:
                drawn.append(one)
            elif (place := random.randrange(number + 1)) < PAGE:  # noqa: S311 -- Vitter's reservoir
                drawn[place] = one
        return drawn

    def _all(self, name: str, fields: Collection[str] | None) -> Iterator[Document]:
        """Yield every document of a table, with these fields only (None for all)."""
        if not self._groups:
            self.tables()
        if name not in self._groups:
            what = f"table {name}, which policy.yaml names and is not there"
            raise RefusedError(Reason.NOT_IN_EVIDENCE, what)
        for group in self._groups[name]:
            yield from self._database.stream(group, fields)

    def unread(self) -> tuple[str | Gap, ...]:
        """Return that there are documents in collections that were not found, if there are."""
        return self._unread

    def ages(self, question: AgesQuestion) -> Ages:
        """Count documents by day, one after the other."""
        _refuse_elsewhere(question.table, question.columns)
        counted = question.count()
        for document in self._all(question.table, _asked(question)):
            if question.holding and not any(map(document.value, question.holding)):
                continue
            found = ((field, document.value(field.field)) for field in question.columns)
            field, value = next(((f, v) for f, v in found if v), (None, None))
            if field is None or value is None:
                counted.add_undated()
            else:
                counted.add_day(day(value, field))
        return question.answer(counted)

    def consent(self, question: ConsentQuestion) -> ConsentCounted:
        """Count who is in the audience, and who of these has consented."""
        given, back, audience = question.given_at, question.withdrawn_at, question.audience
        _refuse_elsewhere(question.table, [given, *([back] if back else [])])
        number = without = withdrawn = 0
        for document in self._all(question.table, _asked(question)):
            if audience and not _equals(document.value(audience.field), audience.equals):
                continue
            number += 1
            yes = document.value(given.field)
            no = document.value(back.field) if back else None
            has_agreed = yes is not None and day(yes, given) is not None
            without += not has_agreed
            withdrawn += has_agreed and no is not None and not _is_later(yes, given, no, back)
        return ConsentCounted(
            activity=question.activity, audience=number, without=without, withdrawn=withdrawn
        )

    def sample(self, table: TableInfo, most: int) -> dict[str, Sample]:
        """Return random values of each field, nested ones under their paths.

        What is binary is counted, and not looked into.
        """
        drawn = [document.plain for document in self._documents(table.name)]
        rows = self._rows(table.name)
        found: dict[str, Sample] = {}
        for column in table.columns:
            values = [one[column.name] for one in drawn if one.get(column.name) is not None]
            held = len(values) if len(drawn) >= rows else round(len(values) * rows / len(drawn))
            readable = values[:most] if column.kind != "blob" else []
            found |= samples_of(column.name, readable, rows, held)
        return found

    def scan(self, table: TableInfo, column: str) -> Iterator[Sequence[str]]:
        """Yield every value of a field, a page of documents at a time; objects as JSON."""
        outer = column.partition(".")[0]
        if table.columns and outer not in {c.name for c in table.columns} | {NAME}:
            what = f"{table.name}.{column}, which policy.yaml names and is not there"
            raise RefusedError(Reason.NOT_IN_EVIDENCE, what)
        batch: list[str] = []
        for document in self._all(table.name, None if outer == ODD else [column]):
            value = document.value(column)
            held = document.plain.get(ODD) if outer == ODD else plain(value) if value else None
            if held is not None:
                batch.append(_text(held))
            if len(batch) == PAGE:
                yield batch
                batch = []
        yield batch

    def statements(self, question: AgesQuestion | ConsentQuestion | TableInfo) -> Iterator[str]:
        """Yield the queries by which a question is asked, as JSON; their pages follow."""
        if isinstance(question, TableInfo):
            name, fields = question.name, None
        else:
            name, fields = question.table, _asked(question)
        for group in self._groups.get(name, ()):
            query = {"structuredQuery": structured(group, fields, limit=PAGE)}
            yield msgspec.json.encode(query).decode()

    def settings(self) -> Iterator[SettingSeen]:
        """Yield what deletes documents, and what brings them back (`HasSettings`)."""
        yield from settings_of(self.api, self.root)

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


def _shown(group: str) -> str:
    """Return what a collection is called here: whatever in its name is a value is masked."""
    if is_name(group):
        return group
    masked = template(group)
    return ODD if masked == group else masked


def _asked(question: AgesQuestion | ConsentQuestion) -> list[str]:
    """Return the fields that a question needs."""
    if isinstance(question, AgesQuestion):
        # what is inside a list has no path of its own
        inside = [path.partition("[")[0] for path in question.holding]
        return [*(field.field for field in question.columns), *inside]
    others = (question.withdrawn_at, question.audience)
    return [question.given_at.field, *(one.field for one in others if one)]


def _refuse_elsewhere(table: str, fields: Iterable[AnchorField]) -> None:
    for field in fields:
        if field.table:
            needs = f"the date in {table} itself: {field.read_as} is elsewhere"
            raise RefusedError(Reason.NOT_IN_EVIDENCE, needs)


def _one_of(kinds: set[Kind]) -> Kind:
    """Return what a field amounts to: as text, it can be looked into whatever it holds."""
    return next(iter(kinds)) if len(kinds) == 1 else "text"


def _is_later(
    value: Mapping[str, object] | None,
    field: AnchorField,
    other: Mapping[str, object],
    other_field: AnchorField | None,
) -> bool:
    """Return whether one date is after another: by their moments, if both have one."""
    if value is None or other_field is None:
        return False
    times = [one.get("timestampValue") for one in (value, other)]
    if all(isinstance(time, str) for time in times):
        first, second = (datetime.fromisoformat(str(time)) for time in times)
        return first > second
    mine, its = day(value, field), day(other, other_field)
    return mine is not None and its is not None and mine > its


def _equals(value: Mapping[str, object] | None, wanted: str | bool | int) -> bool:  # noqa: FBT001
    found = plain(value) if value is not None else None
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    return found is not None and str(found) == str(wanted)


def _text(value: object) -> str:
    is_nested = isinstance(value, dict | list)
    return msgspec.json.encode(value).decode() if is_nested else str(value)
