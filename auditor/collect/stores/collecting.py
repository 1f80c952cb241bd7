"""From stores to evidence: which tables there are, what is in their fields, how old records are.

Values are looked at in this process and forgotten: evidence holds names, counts and days.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from auditor.collect.progress import Progress, quiet
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import (
    AgesQuestion,
    Column,
    ConsentQuestion,
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
from auditor.matching.stored import rules_of
from auditor.policy import Policy, Store, Table

VALUES = 1000  # of each column, drawn at random
WITHDRAWN = "consent_withdrawn"


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
            for table in tables:
                self.tables.append(self._table(reader, table))
        finally:
            reader.close()

    def _table(self, reader: Reader, info: TableInfo) -> TableSeen:
        declared = self._declared.get(info.name)
        samples: dict[str, Sample] = {}
        if declared or self._store.undeclared_tables == "fail":
            with self._refused(f"the fields of {info.name}", Aspect.FIELDS):
                samples = reader.sample(info, self._looking.values)
        rows = max((sample.rows for sample in samples.values()), default=info.rows or 0)
        return TableSeen(
            name=info.name,
            kind=info.kind,
            rows=rows,
            fields=tuple(self._fields(info, samples, rows)),
            ages=tuple(self._ages(reader, declared)) if declared else (),
            consents=tuple(self._consents(reader, declared)) if declared else (),
        )

    def _fields(
        self, info: TableInfo, samples: Mapping[str, Sample], rows: int
    ) -> Iterator[FieldSeen]:
        columns = {column.name: column for column in info.columns}
        paths = [*samples, *(name for name in columns if not _is_in(name, samples))]
        for path in paths:
            column = columns.get(path) or Column(name=path, type="nested", kind="text")
            sample = samples.get(path)
            if sample is None:
                yield FieldSeen(name=path, type=column.type, rows=rows)
                if samples and rows:  # the others were looked into
                    self._missed(
                        f"what {info.name}.{path} holds",
                        Reason.NOT_VERIFIED,
                        f"a column that can be looked into; this one is {column.type or 'binary'}",
                        Aspect.FIELDS,
                    )
                continue
            yield FieldSeen(
                name=path,
                type=column.type,
                rows=sample.rows,
                filled=sample.filled,
                looked_at=len(sample.values),
                exhaustive=sample.is_all,
                found=_found(info.name, column, sample),
            )

    def _ages(self, reader: Reader, table: Table) -> Iterator[Ages]:
        questions = {
            AgesQuestion(
                table=table.name,
                anchor=rule.anchor,
                columns=rule.columns,
                fallback=rule.fallback,
                holding=rule.holding,
            ): None
            for rule in rules_of(self._policy, table)
            if not rule.missing
        }
        for question in questions:
            with self._refused(f"the ages of {table.name} by {question.anchor}", Aspect.AGES):
                yield reader.ages(question)

    def _consents(self, reader: Reader, table: Table) -> Iterator[ConsentCounted]:
        said = table.consent
        if said is None or not said.given_at:
            return
        withdrawn = next((c for name, c in table.anchors.items() if name == WITHDRAWN), "")
        question = ConsentQuestion(
            table=table.name,
            activity=said.activity,
            given_at=said.given_at,
            withdrawn_at=withdrawn if isinstance(withdrawn, str) else withdrawn.field,
            audience=said.audience,
        )
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
        self.gaps.append(Gap(what=what, reason=reason, needs=needs, aspects=(aspect,)))


def _is_in(name: str, samples: Mapping[str, Sample]) -> bool:
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for path in samples)


def _found(table: str, column: Column, sample: Sample) -> tuple[Found, ...]:
    from auditor.collect.stores.profiling import profile_column  # noqa: PLC0415 -- takes a while

    return profile_column(table, column, sample)
