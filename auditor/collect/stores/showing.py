"""What stores would be asked, before they are: only their catalogues are read for it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from auditor.collect.stores.asking import ages_asked, consents_asked, looks_into
from auditor.collect.stores.collecting import StoreLooking
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import (
    AgesQuestion,
    ConsentQuestion,
    Reader,
    RefusedError,
    TableInfo,
)
from auditor.collect.stores.sql_reader import SqlReader
from auditor.policy import Policy, Store

Question = AgesQuestion | ConsentQuestion | TableInfo


class Shown(Struct, frozen=True, kw_only=True):
    """A statement that a store would be asked about a table; or `needs`: what keeps it unknown."""

    store: str
    about: str = ""
    text: str = ""
    needs: str = ""


def queries(policy: Policy, stores: Sequence[Store], looking: StoreLooking) -> Iterator[Shown]:
    """Yield what would be asked, store by store."""
    for store in stores:
        try:
            folder = Path(looking.folder)
            reader = open_store(store, folder, looking.secrets, seconds=looking.seconds)
        except RefusedError as error:
            yield Shown(store=store.id, needs=error.needs)
            continue
        try:
            yield from _of_store(policy, store, reader, looking)
        except RefusedError as error:
            yield Shown(store=store.id, needs=error.needs)
        finally:
            reader.close()


def _of_store(
    policy: Policy, store: Store, reader: Reader, looking: StoreLooking
) -> Iterator[Shown]:
    declared = {table.name: table for table in store.tables}
    for info in reader.tables():
        table = declared.get(info.name)
        questions: list[Question] = []
        if looks_into(store, info.name):
            questions.append(info)
        if table:
            questions += ages_asked(policy, table)
            questions += consents_asked(table)
        if looking.exhaustive and looks_into(store, info.name):
            yield from _of_all(store, reader, info)
        for question in questions:
            about = _about(info.name, question)
            try:
                for text in reader.statements(question):
                    yield Shown(store=store.id, about=about, text=text)
            except RefusedError as error:
                yield Shown(store=store.id, about=about, needs=error.needs)


def _of_all(store: Store, reader: Reader, info: TableInfo) -> Iterator[Shown]:
    """Yield what is asked to see every value of a table; patterns are bound."""
    about = f"every value of {info.name}"
    if not isinstance(reader, SqlReader):
        needs = "nothing more: it is read from its beginning to its end"
        yield Shown(store=store.id, about=about, needs=needs)
        return
    for column in info.columns:
        if column.kind != "blob" and not column.needs:
            for text in reader.search(info, column.name).texts():
                yield Shown(store=store.id, about=f"{about}, {column.name}", text=text)


def _about(table: str, question: Question) -> str:
    if isinstance(question, AgesQuestion):
        return f"the ages of {table} by {question.anchor}"
    if isinstance(question, ConsentQuestion):
        return f"the consents in {table}"
    return f"a sample of each field of {table}"
