"""From stores to evidence: which tables there are, what is in their fields, how old records are.

Values are looked at in this process and forgotten: evidence holds names, counts and days.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, structs

from auditor.collect.progress import Progress, quiet
from auditor.collect.stores.asking import ages_asked, consents_asked, looks_into
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import (
    VALUES,
    Column,
    Reader,
    RefusedError,
    Sample,
    TableInfo,
)
from auditor.evidence import (
    Ages,
    Aspect,
    ConsentCounted,
    FieldSeen,
    Found,
    Gap,
    Reason,
    Source,
    StoreEvidence,
    TableSeen,
)
from auditor.policy import Policy, Store, Table

MOST_COLUMNS = 2_000
MOST_UNREAD = 100  # files that are named
LONGEST_NAME = 1_000  # characters


class StoreLooking(Struct, frozen=True, kw_only=True):
    """How stores are read in one run: `folder` is that of policy.yaml, `secrets` the environment.

    A statement may take `seconds`, and `values` of each column are looked into.
    """

    folder: str = "."
    secrets: Mapping[str, str] = {}
    seconds: float = 120.0
    values: int = VALUES


def collect_stores(
    policy: Policy,
    stores: Sequence[Store],
    looking: StoreLooking | None = None,
    progress: Progress = quiet,
) -> tuple[StoreEvidence, ...]:
    """Read stores, one after the other; what breaks in one is a gap of that one."""
    how = looking or StoreLooking()
    found = []
    for number, store in enumerate(stores):
        progress(store.id, number / len(stores))
        found.append(_collected(policy, store, how))
        progress(store.id, (number + 1) / len(stores))
    return tuple(found)


def _collected(policy: Policy, store: Store, looking: StoreLooking) -> StoreEvidence:
    looker = _Looker(policy, store, looking)
    began = datetime.now(UTC)
    try:
        looker.look()
    except RefusedError as error:
        looker.gaps.append(Gap(what=f"store:{store.id}", reason=error.reason, needs=error.needs))
    except Exception as error:  # noqa: BLE001 -- one store's crash is one store's gap
        needs = f"a reader that does not raise {type(error).__name__}"
        looker.gaps.append(Gap(what=f"store:{store.id}", reason=Reason.CHECK_CRASHED, needs=needs))
    return StoreEvidence(
        store=store.id,
        sources=(
            Source(
                kind="store" if looker.is_open else "attempt",
                path=f"store {store.id}",
                collected_at=began,
            ),
        ),
        tables=tuple(looker.tables),
        can_write=looker.can_write,
        gaps=tuple(dict.fromkeys(looker.gaps)),
    )


class _Looker:
    """Looks at one store, and keeps what it saw until then."""

    def __init__(self, policy: Policy, store: Store, looking: StoreLooking) -> None:
        self._policy, self._store, self._looking = policy, store, looking
        self._declared = {table.name: table for table in store.tables}
        self.tables: list[TableSeen] = []
        self.is_open = False
        self.can_write: tuple[str, ...] = ()
        self.gaps: list[Gap] = []

    def look(self) -> None:
        """Open it, and look at every table; `RefusedError` if it does not open."""
        folder, how = Path(self._looking.folder), self._looking
        reader = open_store(self._store, folder, how.secrets, seconds=how.seconds)
        try:
            tables = reader.tables()
            self.is_open = True
            with self._refused("what the credential may do", Aspect.PRIVILEGES):
                self.can_write = reader.can_write()
            if self._store.undeclared_tables == "fail":
                self._beside(reader.unread())
            for table in tables:
                self.tables.append(self._table(reader, table))
        finally:
            reader.close()

    def _beside(self, names: Sequence[str]) -> None:
        """Tell of files that nobody looked into: people may be in any of them."""
        for name in names[:MOST_UNREAD]:
            needs = "a form that is read, or a `path` that leaves it out, such as exports/*.csv"
            self._missed(f"the file {name}", Reason.NOT_VERIFIED, needs, Aspect.TABLES)
        if more := len(names[MOST_UNREAD:]):
            needs = f"fewer than {MOST_UNREAD} files in forms that are not read"
            self._missed(f"{more} more files", Reason.CAP_REACHED, needs, Aspect.TABLES)

    def _table(self, reader: Reader, info: TableInfo) -> TableSeen:
        declared = self._declared.get(info.name)
        samples: dict[str, Sample] = {}
        is_looked_into = looks_into(self._store, info.name)
        if is_looked_into:
            info = self._readable(info)
            with self._refused(f"the fields of {info.name}", Aspect.FIELDS):
                samples = reader.sample(info, self._looking.values)
        rows = max((sample.rows for sample in samples.values()), default=info.rows or 0)
        return TableSeen(
            name=_named(info.name),
            kind=info.kind,
            rows=rows,
            fields=tuple(self._fields(info, samples, rows, is_looked_into=is_looked_into)),
            ages=tuple(self._ages(reader, declared)) if declared else (),
            consents=tuple(self._consents(reader, declared)) if declared else (),
        )

    def _readable(self, info: TableInfo) -> TableInfo:
        """Return a table with as many columns as are looked at; a gap if those are not all."""
        what = f"the fields of {info.name}"
        if not info.columns:
            needs = f"columns of {info.name} that can be read, with a first line that names them"
            if info.kind != "files":
                needs = f"columns of {info.name} that can be read"
            self._missed(what, Reason.NOT_VERIFIED, needs, Aspect.FIELDS)
        if len(info.columns) > MOST_COLUMNS:
            needs = f"fewer than {MOST_COLUMNS:,} columns in {info.name}"
            self._missed(what, Reason.CAP_REACHED, needs, Aspect.FIELDS)
        return structs.replace(info, columns=info.columns[:MOST_COLUMNS])

    def _fields(
        self,
        info: TableInfo,
        samples: Mapping[str, Sample],
        rows: int,
        *,
        is_looked_into: bool,
    ) -> Iterator[FieldSeen]:
        columns = {column.name: column for column in info.columns}
        for path in (*samples, *(name for name in columns if not _is_in(name, samples))):
            column = columns.get(path) or Column(name=path, type="nested", kind="text")
            sample = samples.get(path) or Sample(rows=rows, filled=0, values=())
            what = f"what {info.name}.{path} holds"
            if sample.is_cut:
                needs = "objects that are less deep, or have fewer fields"
                self._missed(what, Reason.CAP_REACHED, needs, Aspect.FIELDS)
            if sample.filled and not sample.values:
                needs = f"a column that can be looked into; this one is {column.type or 'binary'}"
                self._missed(what, Reason.NOT_VERIFIED, needs, Aspect.FIELDS)
            yield FieldSeen(
                name=_named(path),
                type=column.type,
                rows=sample.rows,
                filled=sample.filled,
                looked_at=len(sample.values),
                exhaustive=sample.is_all,
                found=_found(info.name, column, sample) if is_looked_into else (),
            )

    def _ages(self, reader: Reader, table: Table) -> Iterator[Ages]:
        for question in ages_asked(self._policy, table):
            with self._refused(f"the ages of {table.name} by {question.anchor}", Aspect.AGES):
                yield reader.ages(question)

    def _consents(self, reader: Reader, table: Table) -> Iterator[ConsentCounted]:
        for question in consents_asked(table):
            with self._refused(f"the consents in {table.name}", Aspect.CONSENTS):
                yield reader.consent(question)

    @contextmanager
    def _refused(self, what: str, aspect: Aspect) -> Iterator[None]:
        """Turn what a reader refuses into a gap in one aspect."""
        try:
            yield
        except RefusedError as error:
            self._missed(what, error.reason, error.needs, aspect)

    def _missed(self, what: str, reason: Reason, needs: str, aspect: Aspect) -> None:
        gap = Gap(what=_named(what), reason=reason, needs=_named(needs), aspects=(aspect,))
        self.gaps.append(gap)


def _named(name: str) -> str:
    """Return a name as evidence takes it: not too long, and text that can be written."""
    return name[:LONGEST_NAME].encode("utf-8", "replace").decode()


def _is_in(name: str, samples: Mapping[str, Sample]) -> bool:
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for path in samples)


def _found(table: str, column: Column, sample: Sample) -> tuple[Found, ...]:
    from auditor.collect.stores.profiling import profile_column  # noqa: PLC0415 -- takes a while

    return profile_column(table, column, sample)
