"""From stores to evidence: which tables there are, what is in their fields, how old records are.

Values are looked at in this process and forgotten: evidence holds names, counts and days.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from auditor.collect.progress import Progress, quiet
from auditor.collect.stores.asking import ages_asked, consents_asked, looks_into
from auditor.collect.stores.fields import fields_of, is_in, missed, named
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.people import is_compared, people_in
from auditor.collect.stores.reader import (
    VALUES,
    HasSettings,
    Reader,
    RefusedError,
    Sample,
    TableInfo,
)
from auditor.evidence import (
    Ages,
    Aspect,
    ConsentCounted,
    Gap,
    Reason,
    SettingSeen,
    Source,
    StoreEvidence,
    SubjectsSeen,
    TableSeen,
)
from auditor.policy import Policy, Store, Table

if TYPE_CHECKING:
    from auditor.collect.stores.counting import Scan

MOST_COLUMNS = 2_000
MOST_UNREAD = 100  # files that are named


class StoreLooking(Struct, frozen=True, kw_only=True):
    """How stores are read in one run: `folder` is that of policy.yaml, `secrets` the environment.

    A statement may take `seconds`, and `values` of each column are looked into; all of them if
    `exhaustive`, and then looking at a column may take `seconds_for_all`. With a `scheduler` files
    are read in parts (`spread_out`).
    """

    folder: str = "."
    secrets: Mapping[str, str] = {}
    seconds: float = 120.0
    values: int = VALUES
    exhaustive: bool = False
    seconds_for_all: float = 1800.0
    scheduler: str = ""

    @property
    def longest(self) -> float:
        """Return how many seconds a statement may take."""
        return self.seconds_for_all if self.exhaustive else self.seconds


def collect_stores(
    policy: Policy,
    stores: Sequence[Store],
    looking: StoreLooking | None = None,
    progress: Progress = quiet,
) -> tuple[StoreEvidence, ...]:
    """Read stores, one after the other; what breaks in one is a gap of that one."""
    how = looking or StoreLooking()
    if policy.detectors:
        from auditor.knowledge.columns.own import also, extension_of  # noqa: PLC0415

        with also(extension_of(policy.detectors)):
            return _all(policy, stores, how, progress)
    return _all(policy, stores, how, progress)


def _all(
    policy: Policy, stores: Sequence[Store], how: StoreLooking, progress: Progress
) -> tuple[StoreEvidence, ...]:
    found = []
    for number, store in enumerate(stores):
        progress(store.id, number / len(stores))

        def tell(table: str, part: float, before: int = number, name: str = store.id) -> None:
            progress(f"{name}: {table}", (before + part) / len(stores))

        found.append(_collected(policy, store, how, tell))
        progress(store.id, (number + 1) / len(stores))
    return tuple(found)


def _collected(
    policy: Policy, store: Store, looking: StoreLooking, tell: Progress
) -> StoreEvidence:
    looker = _Looker(policy, store, looking, tell)
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
        settings=tuple(looker.settings),
        can_write=looker.can_write,
        gaps=tuple(dict.fromkeys(looker.gaps)),
    )


class _Looker:
    """Looks at one store, and keeps what it saw until then."""

    def __init__(
        self, policy: Policy, store: Store, looking: StoreLooking, tell: Progress
    ) -> None:
        self._policy, self._store, self._looking, self._tell = policy, store, looking, tell
        self._declared = {table.name: table for table in store.tables}
        self.tables: list[TableSeen] = []
        self.settings: list[SettingSeen] = []
        self.is_open = False
        self.can_write: tuple[str, ...] = ()
        self.gaps: list[Gap] = []

    def look(self) -> None:
        """Open it, and look at every table; `RefusedError` if it does not open."""
        folder, how = Path(self._looking.folder), self._looking
        reader = open_store(
            self._store, folder, how.secrets, seconds=how.longest, scheduler=how.scheduler
        )
        try:
            tables = reader.tables()
            self.is_open = True
            with self._refused("what the credential may do", Aspect.PRIVILEGES):
                self.can_write = reader.can_write()
            if isinstance(reader, HasSettings):
                with self._refused("how it is set", Aspect.SETTINGS):
                    self.settings += reader.settings()
            unread = reader.unread()
            self.gaps += [one for one in unread if isinstance(one, Gap)]
            if self._store.undeclared_tables == "fail":
                self._beside([one for one in unread if isinstance(one, str)])
            for number, table in enumerate(tables):
                self._tell(named(table.name), number / len(tables))
                self.tables.append(self._table(reader, table, number / len(tables)))
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

    def _table(self, reader: Reader, info: TableInfo, before: float) -> TableSeen:
        declared = self._declared.get(info.name)
        samples: dict[str, Sample] = {}
        is_looked_into = looks_into(self._store, info.name)
        if is_looked_into:
            self.gaps += info.gaps
            info = self._readable(info)
            with self._refused(f"the fields of {info.name}", Aspect.FIELDS):
                samples = reader.sample(info, self._looking.values)
        rows = max((sample.rows for sample in samples.values()), default=info.rows or 0)
        scans = self._scans(reader, info, samples, before) if self._looking.exhaustive else {}
        fields, gaps = fields_of(info, samples, scans, rows, is_looked_into=is_looked_into)
        self.gaps += gaps
        return TableSeen(
            name=named(info.name),
            kind=info.kind,
            rows=rows,
            fields=fields,
            ages=tuple(self._ages(reader, declared)) if declared else (),
            consents=tuple(self._consents(reader, declared)) if declared else (),
            subjects=tuple(self._people(reader, info, declared)) if declared else (),
        )

    def _people(self, reader: Reader, info: TableInfo, table: Table) -> Iterator[SubjectsSeen]:
        """Hash who is in a table, if it is compared with another."""
        if is_compared(self._policy, self._store, table):
            with self._refused(f"who is in {table.name}", Aspect.SUBJECTS):
                yield people_in(reader, info, table, self._looking.secrets)

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

    def _scans(
        self, reader: Reader, info: TableInfo, samples: Mapping[str, Sample], before: float
    ) -> "dict[str, Scan]":
        """Look at every value of each column that can be looked into."""
        from auditor.collect.stores.scanning import scan  # noqa: PLC0415 -- takes a while

        found: dict[str, Scan] = {}
        for column in info.columns:
            mine = {path: samples[path] for path in samples if is_in(column.name, [path])}
            if any(sample.values for sample in mine.values()):
                self._tell(named(f"{info.name}.{column.name}"), before)
                with self._refused(f"every value of {info.name}.{column.name}", Aspect.FIELDS):
                    found |= scan(reader, info, column, mine, self._looking.longest)
        return found

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
        self.gaps.append(missed(what, reason, needs, aspect))
