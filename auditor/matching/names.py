"""Which rows name what was seen, without trying each row on each name."""

from collections.abc import Iterable, Iterator

from auditor.names import matches, template
from auditor.policy import StorageRow


class RowsByName:
    """Storage rows by the names that they stand for (contract, meaning 1).

    A name is looked up as it is, and by each beginning that a pattern has before its first `*`: so
    it costs no more, however many rows there are.
    """

    def __init__(self, rows: Iterable[StorageRow]) -> None:
        """Keep the rows that stand for one name apart from the patterns."""
        self._exact: dict[tuple[str, str], list[StorageRow]] = {}
        self._patterns: dict[tuple[str, str], list[StorageRow]] = {}
        self._known: dict[tuple[str, str], tuple[StorageRow, ...]] = {}
        self._longest = 0
        for row in rows:
            start, star, _ = row.identifier.partition("*")
            if star:
                self._patterns.setdefault((row.type, start), []).append(row)
                self._longest = max(self._longest, len(start))
            for name in {row.identifier, template(row.identifier)}:
                self._exact.setdefault((row.type, name), []).append(row)

    def named(self, kind: str, name: str) -> tuple[StorageRow, ...]:
        """Return the rows of a name: written out before patterns, longer before shorter."""
        known = self._known.get((kind, name))
        if known is None:
            found = {id(row): row for row in self._fitting(kind, name)}
            known = tuple(sorted(found.values(), key=_closeness))
            self._known[kind, name] = known
        return known

    def _fitting(self, kind: str, name: str) -> Iterator[StorageRow]:
        yield from self._exact.get((kind, name), ())
        for end in range(min(len(name), self._longest) + 1):
            for row in self._patterns.get((kind, name[:end]), ()):
                if matches(row.identifier, name):
                    yield row


def _closeness(row: StorageRow) -> tuple[bool, int, int]:
    return "*" in row.identifier, -len(row.identifier), row.at.line
