"""The record of processing activities (GDPR Art. 30(1)), each cell with what is known of it.

A row is an activity and one of its periods. After the seven columns of Art. 30(1)(a)-(g) come
those that regulators' own templates ask for, as far as policy.yaml answers them.
"""

from collections.abc import Iterator

from msgspec import Struct

from auditor.export.format import Wanted
from auditor.export.ropa import parties, values
from auditor.export.ropa.saying import EN, is_open
from auditor.export.ropa.standing import Mark, Row, Standing, objections, standing
from auditor.policy import ProcessingActivity

__all__ = ["COLUMNS", "Cell", "Column", "Entry", "Mark", "record"]


class Column(Struct, frozen=True, kw_only=True):
    """A column: its key in `rules.RULES`, its heading, the text that asks for it, what it says.

    Without a `value` the checks alone say something.
    """

    key: str
    head: str
    law: str
    value: values.Value | None = None


class Cell(Struct, frozen=True, kw_only=True):
    """What is declared, line by line, and what is known of it."""

    column: Column
    lines: tuple[str, ...]
    standing: Standing


class Entry(Struct, frozen=True, kw_only=True):
    """One row of the record: `period` tells the rows of one activity apart."""

    activity: str
    period: str
    cells: tuple[Cell, ...]


COLUMNS = (
    Column(key="controller", head="Controller", law="Art. 30(1)(a)", value=values.controller),
    Column(key="purpose", head="Purpose", law="Art. 30(1)(b)", value=values.purpose),
    Column(key="data_subjects", head="People", law="Art. 30(1)(c)", value=values.data_subjects),
    Column(key="data_categories", head="Data", law="Art. 30(1)(c)", value=values.data_categories),
    Column(key="recipients", head="Recipients", law="Art. 30(1)(d)", value=parties.recipients),
    Column(key="transfers", head="Transfers", law="Art. 30(1)(e)", value=parties.transfers),
    Column(key="erasure", head="Erasure", law="Art. 30(1)(f)", value=values.erasure),
    Column(key="security", head="Security", law="Art. 30(1)(g)", value=values.security),
    Column(key="practice", head="Is the period kept?", law="Art. 5(1)(e)"),
    Column(key="legal_basis", head="Legal basis", law="Art. 6, 9", value=values.legal_basis),
    Column(
        key="legitimate_interest",
        head="Legitimate interest",
        law="Art. 13(1)(d)",
        value=values.legitimate_interest,
    ),
    Column(key="source", head="Source", law="Art. 14(2)(f)", value=values.source),
    Column(key="contracts", head="Contracts", law="Art. 28(3)", value=parties.contracts),
    Column(key="locations", head="Where it is kept", law="guidance", value=parties.locations),
    Column(key="rights", head="Rights", law="Art. 15-22", value=values.rights),
    Column(
        key="automated_decisions",
        head="Automated decisions",
        law="Art. 22",
        value=values.automated_decisions,
    ),
    Column(key="reviewed", head="Last review", law="guidance", value=values.reviewed),
)


def record(wanted: Wanted) -> tuple[Entry, ...]:
    """Return the record, in the policy's order."""
    return tuple(
        entry
        for activity in wanted.policy.processing_activities
        for entry in _entries(wanted, activity)
    )


def _entries(wanted: Wanted, activity: ProcessingActivity) -> Iterator[Entry]:
    for rule in activity.retention_rules or (None,):
        row = Row(policy=wanted.policy, activity=activity, retention=rule, report=wanted.report)
        of = ", ".join(map(EN.category, rule.data_categories)) if rule else ""
        cells = tuple(_cell(column, row) for column in COLUMNS)
        yield Entry(activity=activity.id, period=of, cells=cells)


def _cell(column: Column, row: Row) -> Cell:
    if column.value is None:
        return _practice(column, row)
    lines = tuple(column.value(row.policy, row.activity, row.retention))
    is_empty = all(map(is_open, lines))
    return Cell(column=column, lines=lines, standing=standing(column.key, row, is_empty=is_empty))


def _practice(column: Column, row: Row) -> Cell:
    """Say whether the period is kept, and if not, why: what regulators ask for beside it."""
    is_empty = not (row.retention and row.retention.period)
    known = standing(column.key, row, is_empty=is_empty)
    match known.mark:
        case Mark.VERIFIED | Mark.ATTESTED:
            lines: tuple[str, ...] = ("yes",)
        case Mark.CONTRADICTED:
            lines = ("no", *(finding.message for finding in objections(column.key, row)))
        case Mark.EMPTY:
            lines = ()
        case _:
            lines = ("not known",)
    return Cell(column=column, lines=lines, standing=known)
