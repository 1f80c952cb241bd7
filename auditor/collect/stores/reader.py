"""What every kind of store answers: the interface between the questions and the engines.

A reader is one open, read-only connection. It answers with counts, and with values only to be
looked at in this process and forgotten. Whatever it cannot answer it raises as `RefusedError`.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol, runtime_checkable

from msgspec import Struct, structs

from auditor.collect.ages import AgeCount
from auditor.collect.refused import RefusedError
from auditor.evidence import Ages, ConsentCounted, Gap, SettingSeen
from auditor.policy import AnchorField, Audience

__all__ = [
    "VALUES",
    "AgesQuestion",
    "Column",
    "ConsentQuestion",
    "HasSettings",
    "Kind",
    "Reader",
    "RefusedError",
    "Sample",
    "TableInfo",
]

VALUES = 1000  # of each column, drawn at random

Kind = Literal[
    "text",
    "integer",
    "real",
    "date",
    "timestamp",
    "timestamptz",
    "boolean",
    "json",
    "blob",
    "other",
]


class Column(Struct, frozen=True, kw_only=True):
    """A column: its name as it is, the engine's word for its type, and what that amounts to.

    `needs` is the grant without which the credential may not read it, "" if it may.
    """

    name: str
    type: str
    kind: Kind
    needs: str = ""


class TableInfo(Struct, frozen=True, kw_only=True):
    """A table that is there, with its columns in their order; `rows` may be an estimate.

    One without columns is there, and nobody could read what they are. `gaps` tell what of it the
    credential may not see: some of its rows, or of its columns.
    """

    name: str
    kind: Literal["table", "view", "collection", "files"] = "table"
    columns: tuple[Column, ...] = ()
    rows: int | None = None
    gaps: tuple[Gap, ...] = ()


class AgesQuestion(Struct, frozen=True, kw_only=True):
    """How many records are there for each day? As `Ages`; `columns` are tried in this order."""

    table: str
    anchor: str
    columns: tuple[AnchorField, ...]
    fallback: str = ""
    holding: tuple[str, ...] = ()

    def count(self) -> AgeCount:
        """Return what counts the records of the answer."""
        zones = sorted({field.timezone for field in self.columns if field.timezone})
        basis = f"dates without a time zone are of {', '.join(zones) or 'UTC'}"
        return AgeCount(self.anchor, basis)

    def answer(self, counted: AgeCount) -> Ages:
        """Return what was counted as the answer to this question."""
        return structs.replace(
            counted.ages(),
            columns=tuple(field.read_as for field in self.columns),
            fallback=self.fallback,
            holding=self.holding,
        )


class ConsentQuestion(Struct, frozen=True, kw_only=True):
    """How many in the audience have consented? The columns say when, and in which form."""

    table: str
    activity: str
    given_at: AnchorField
    withdrawn_at: AnchorField | None = None
    audience: Audience | None = None


class Sample(Struct, frozen=True, kw_only=True):
    """Values of one column, drawn at random from those that are there; all, if `is_all`.

    `rows` are the records of the table, `filled` those in which the column has a value: both
    exact, or scaled from the sample where counting costs a scan of its own. `is_cut`: some
    of the objects in the values drawn were too deep, or had too many paths, to be among them.
    Of `shortened` values only the beginning is here.
    """

    rows: int
    filled: int
    values: tuple[str, ...]
    is_all: bool = False
    is_cut: bool = False
    shortened: int = 0


class Reader(Protocol):
    """One open, read-only store. Statements run with a time limit; each raises `RefusedError`."""

    def tables(self) -> tuple[TableInfo, ...]:
        """Return what is there, sorted by name; tables of the engine itself are left out."""

    def unread(self) -> tuple[str | Gap, ...]:
        """Return what lies beside the tables and is not read: names of files, or gaps."""

    def ages(self, question: AgesQuestion) -> Ages:
        """Count records by day, in the engine (contract, meaning 6)."""

    def consent(self, question: ConsentQuestion) -> ConsentCounted:
        """Count who is in the audience, and who of these has consented."""

    def sample(self, table: TableInfo, most: int) -> dict[str, Sample]:
        """Return up to `most` random values of each column, as text; never the first rows."""

    def scan(self, table: TableInfo, column: str) -> Iterator[Sequence[str]]:
        """Yield every value of a column as text, in batches."""

    def statements(self, question: AgesQuestion | ConsentQuestion | TableInfo) -> Iterator[str]:
        """Yield the text of what the store would be asked for an answer, or a table's sample."""

    def can_write(self) -> tuple[str, ...]:
        """Return what the credential could change, in the server's words; () for nothing."""

    def close(self) -> None:
        """Let go of the connection."""


@runtime_checkable
class HasSettings(Protocol):
    """A reader of a store that has settings of its own: what it deletes, what it brings back."""

    def settings(self) -> Iterator[SettingSeen]:
        """Yield them; `RefusedError` where the credential may not see them."""
