"""Airtable: the tables of a base, what their fields hold, and how old the records are.

Airtable's free plan allows 1,000 calls a month, and has no counts: a record is seen only on its
page. So each table is read once, 10 calls a thousand records, with the fields that are looked into
and no others; when a record was changed takes one formula for each promised period more.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from msgspec import Struct

from auditor.collect.accounts.connector import Asking, Connector, Part, Question, Trace, Wanted
from auditor.collect.accounts.counting import FieldCount, older_than
from auditor.collect.ages import AgeCount
from auditor.collect.credentials import bearer
from auditor.collect.people import PeopleCount
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Params, Service, segment
from auditor.evidence import Ages, Aspect, ConsentCounted, Gap, Reason, SettingSeen, TableSeen
from auditor.names import template
from auditor.policy import AnchorField, Table

HOST: Final = "https://api.airtable.com"
API: Final = f"{HOST}/v0"
PAGE: Final = 100
MOST_CALLS: Final = 300  # for one base, of the 1,000 that a month has

_TYPES: Final = {  # https://airtable.com/developers/web/api/field-model
    "email": "user.contact.email",
    "phoneNumber": "user.contact.phone_number",
    "multipleAttachments": "user.content",
}
_COUNTED: Final = frozenset({"count", "autoNumber", "createdTime", "lastModifiedTime"})
_TEXTS: Final = frozenset(  # what else people write, in which an address may stand
    {"singleLineText", "multilineText", "richText", "url", "singleSelect", "multipleSelects"}
)
_PEOPLE: Final = {"email": "email", "phoneNumber": "phone"}
# https://support.airtable.com/docs/airtable-trash
_BACK: Final = (
    ("trash", "7 days", "P7D", "deleted records"),
    ("base trash", "30 days", "P30D", "deleted bases"),
)


class _Field(Struct, frozen=True):
    id: str
    name: str
    type: str = ""


class _Table(Struct, frozen=True):
    id: str
    name: str
    fields: tuple[_Field, ...] = ()


class _Tables(Struct, frozen=True):
    tables: tuple[_Table, ...]


class _Record(Struct, frozen=True):
    createdTime: str | None = None  # noqa: N815 -- Airtable's name
    fields: dict[str, object] = {}


class _Page(Struct, frozen=True):
    records: list[_Record]
    offset: str = ""


def _schema(asking: Asking) -> tuple[_Table, ...]:
    if not asking.account.base:
        raise RefusedError(Reason.UNDECIDED, "`base`: the id of the base (app...)")
    place = f"{API}/meta/bases/{segment(asking.account.base)}/tables"
    return asking.api.get(place, _Tables).tables


def _pages(asking: Asking, table: _Table, params: Params) -> Iterator[_Page]:
    place = f"{API}/{segment(asking.account.base)}/{segment(table.id)}"

    def fetch(offset: str) -> tuple[_Page, str]:
        if asking.api.requests >= MOST_CALLS:
            needs = f"fewer than {MOST_CALLS} calls for a base: a month of the free plan has 1,000"
            raise RefusedError(Reason.CAP_REACHED, needs)
        more: Params = {"offset": offset} if offset else {}
        page = asking.api.get(place, _Page, {"pageSize": PAGE, **params, **more})
        return page, page.offset

    yield from asking.api.pages(fetch)


def _tables(asking: Asking) -> Iterator[Part]:
    """Yield each table; one that could not be read to its end is a gap, and told so far."""
    for table in _schema(asking):
        yield from _table(asking, table, _name_of(asking, table))


def _name_of(asking: Asking, table: _Table) -> str:
    """Return a table's name, its id where the name may be somebody's."""
    return table.name if _declared(asking, table) else _plain(table.name, table.id)


def _plain(name: str, other: str) -> str:
    return other if "*" in template(name) or not name else name[:200]


def _shown(asking: Asking, table: _Table) -> dict[str, str]:
    """Return by which name a field is told: by its id where the name may be somebody's."""
    declared = _declared(asking, table)
    known = declared.fields if declared else {}
    return {f.name: f.name if f.name in known else _plain(f.name, f.id) for f in table.fields}


def _table(asking: Asking, table: _Table, name: str) -> Iterator[Part]:
    shown = _shown(asking, table)
    known = {shown[f.name]: _TYPES[f.type] for f in table.fields if f.type in _TYPES}
    known |= {shown[f.name]: "" for f in table.fields if f.type in _COUNTED}
    fields = FieldCount(name, known, {shown[f.name]: f.type for f in table.fields})
    created = AgeCount("created", "createdTime of each record")
    people, nameless = _people_field(asking, table), 0
    kind = _PEOPLE[people.type] if people else ""
    crowd = PeopleCount(asking.key, shown[people.name], kind) if people else None
    try:
        for page in _pages(asking, table, {}):
            for record in page.records:
                fields.add({shown.get(key, "*"): value for key, value in record.fields.items()})
                created.add_text(record.createdTime)
                if crowd and people:
                    person = str(record.fields.get(people.name) or "")
                    crowd.add(person)
                    nameless += not person
    except RefusedError as error:
        yield Gap(what=f"records of {name}", reason=error.reason, needs=error.needs)
    if nameless and asking.key:
        needs = f"{kind} in each record: {nameless} of {fields.rows} have none"
        what, aspects = f"who is in {name}", (Aspect.SUBJECTS,)
        yield Gap(what=what, reason=Reason.NOT_VERIFIED, needs=needs, aspects=aspects)
    ages, consents = [created.ages()], []
    if fields.rows:
        for part in _asked(asking, table, name, fields.rows):
            if isinstance(part, Gap):
                yield part
            elif isinstance(part, Ages):
                ages.append(part)
            else:
                consents.append(part)
    seen = fields.fields(shown.values())
    yield from fields.gaps
    yield TableSeen(
        name=name,
        kind="collection",
        rows=fields.rows,
        fields=seen,
        ages=tuple(ages),
        consents=tuple(consents),
        subjects=crowd.seen() if crowd else (),
    )


def _asked(
    asking: Asking, table: _Table, name: str, rows: int
) -> Iterator[Ages | ConsentCounted | Gap]:
    """Yield what takes formulas: ages by the last change and by the policy's fields, consents."""
    declared = _declared(asking, table)
    names = {field.name for field in table.fields}
    by: dict[str, str] = {"last_updated": "LAST_MODIFIED_TIME()"} if asking.edges else {}
    for anchor, said in (declared.anchors if declared and asking.edges else {}).items():
        field = said.field if isinstance(said, AnchorField) else said
        if field in names:
            by[anchor] = f"{{{_escaped(field)}}}"
    for event, of in by.items():
        try:
            yield _by_formula(asking, table, event, of, rows)
        except RefusedError as error:
            what = f"{event} of {name}"
            aspects = (Aspect.AGES,)
            yield Gap(what=what, reason=error.reason, needs=error.needs, aspects=aspects)
    try:
        yield from _consents(asking, table)
    except RefusedError as error:
        aspects = (Aspect.CONSENTS,)
        yield Gap(
            what=f"who agreed in {name}", reason=error.reason, needs=error.needs, aspects=aspects
        )


def _people_field(asking: Asking, table: _Table) -> _Field | None:
    """Return the field by which a table knows people: the declared one, else the first address."""
    declared = _declared(asking, table)
    wanted = declared.subject_key if declared else ""
    found = [f for f in table.fields if f.type in _PEOPLE and f.name == (wanted or f.name)]
    return found[0] if found else None


def _declared(asking: Asking, table: _Table) -> Table | None:
    return next((t for t in asking.account.tables if t.name == table.name), None)


def _by_formula(asking: Asking, table: _Table, anchor: str, of: str, rows: int) -> Ages:
    """Count what is older than each period by a formula of Airtable's own."""
    counts = [
        (edge, _count(asking, table, f"IS_BEFORE({of},{_day(edge)})")) for edge in asking.edges
    ]
    ages = older_than(
        anchor, f"{of} of each record (Airtable counts changes by people)", counts, rows
    )
    blank = 0 if of.endswith("()") else _count(asking, table, f"{of}=BLANK()")
    return _without_date(ages, blank)


def _without_date(ages: Ages, blank: int) -> Ages:
    """Take those without a date out of those that are young."""
    if not blank:
        return ages
    days = dict(ages.days)
    last = max(days)
    days[last] = max(0, days[last] - blank)
    return Ages(
        anchor=ages.anchor,
        rows=ages.rows,
        days={day: number for day, number in days.items() if number},
        undated=blank,
        assumed=ages.assumed,
        edges=ages.edges,
    )


def _count(asking: Asking, table: _Table, formula: str) -> int:
    """Count the records of a formula, with none of their fields but the first."""
    first = table.fields[0].name if table.fields else ""
    params: Params = {"filterByFormula": formula, "fields[]": (first,)}
    return sum(len(page.records) for page in _pages(asking, table, params))


def _consents(asking: Asking, table: _Table) -> Iterator[ConsentCounted]:
    """Count who is contacted without consent on record, as the policy says where that stands."""
    declared = _declared(asking, table)
    said = declared.consent if declared else None
    names = {field.name for field in table.fields}
    if declared is None or said is None or not said.given_at:
        return
    audience = said.audience
    if said.given_at not in names or (audience and audience.field not in names):
        return  # told by the check: no count was given
    chosen = "TRUE()"
    if audience:
        chosen = f"{{{_escaped(audience.field)}}}={_value(audience.equals)}"
    given = f"{{{_escaped(said.given_at)}}}"
    yield ConsentCounted(
        activity=said.activity,
        audience=_count(asking, table, chosen),
        without=_count(asking, table, f"AND({chosen},{given}=BLANK())"),
    )


def _value(value: str | bool | int) -> str:  # noqa: FBT001 -- as it stands in the policy
    if isinstance(value, bool):
        return "TRUE()" if value else "FALSE()"
    return str(value) if isinstance(value, int) else _quoted(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def _escaped(name: str) -> str:
    """Return a field's name as a formula has it between braces."""
    return name.replace("\\", "\\\\").replace("}", "\\}")


def _day(edge: date) -> str:
    moment = datetime.combine(edge + timedelta(days=1), time.min, UTC)
    return _quoted(moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"))


def _copies(asking: Asking) -> Iterator[Part]:
    """Yield what Airtable says of its bin and snapshots: it is so for every base."""
    del asking
    for name, value, period, of in _BACK:
        yield SettingSeen(
            name=f"{name} (Airtable's documentation)",
            value=value,
            effect="outlives_deletion",
            period=period,
            of=of,
        )


def _find(asking: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Count a person's records by a formula over every field in which people may be written.

    What is computed from other fields goes with these, and is not looked into.
    """
    for table in _schema(asking):
        parts = [
            part
            for field in table.fields
            for kind, value in wanted.keys.items()
            if (part := _sought(field, kind, value))
        ]
        if parts:
            number = _count(asking, table, f"OR({','.join(parts)})")
            yield Trace(place=_name_of(asking, table), number=number)


def _sought(field: _Field, kind: str, value: str) -> str:
    """Return the formula that a person is in a field, "" where the field holds no such thing."""
    text = f"{{{_escaped(field.name)}}}&''"
    plain = value.strip().lower()
    if kind == "email" and field.type == "email":
        return f"LOWER(TRIM({text}))={_quoted(plain)}"
    if kind == "email" and field.type in _TEXTS:
        return f"FIND({_quoted(plain)},LOWER({text}))>0"
    if kind == "phone" and field.type == "phoneNumber":
        digits = "".join(letter for letter in plain if letter.isdecimal())
        return f"REGEX_REPLACE({text},'[^0-9]','')={_quoted(digits)}" if digits else ""
    return ""


def _question(
    what: str, permission: str, ask: Callable[[Asking], Iterator[Part]], aspects: Sequence[Aspect]
) -> Question:
    return Question(what=what, permission=permission, aspects=tuple(aspects), ask=ask)


AIRTABLE: Final = Connector(
    name="airtable",
    service=Service(name="Airtable", hosts=(HOST,), pause=0.21, rest=30.0),
    questions=(
        _question(
            "tables",
            "the scopes schema.bases:read and data.records:read for this base",
            _tables,
            (Aspect.TABLES, Aspect.FIELDS, Aspect.AGES, Aspect.CONSENTS, Aspect.SUBJECTS),
        ),
        _question("what was deleted", "", _copies, (Aspect.SETTINGS,)),
    ),
    credential="Make a personal access token with schema.bases:read and data.records:read, for"
    " this base only",
    headers=bearer,
    cannot_show=(
        Gap(
            what="what the token may change",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="somebody who looks at the token in Airtable's builder hub, and attests that its"
            " scopes are schema.bases:read and data.records:read",
            aspects=(Aspect.PRIVILEGES,),
        ),
        Gap(
            what="how long Airtable keeps records and snapshots",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="its retention policies are in the admin panel of Enterprise only: attest who"
            " deletes records, and when, and how long snapshots reach back on your plan",
            aspects=(Aspect.SETTINGS,),
        ),
        Gap(
            what="comments on records, and what is in attachments",
            reason=Reason.CANNOT_BE_SHOWN,
            needs="they are not read here: attest how requests for erasure are met in them",
            aspects=(Aspect.TABLES,),
        ),
    ),
    find=_find,
    finds_by=("email", "phone"),
)
