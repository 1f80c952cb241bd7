"""Two files of evidence side by side: what came, what went, and where nobody looked."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from msgspec import Struct

from auditor.diff.things import Thing, names_of, states_of, things_in
from auditor.durations import humanize_seconds
from auditor.evidence import Evidence, Item, State

Turn = Literal["new", "in more states", "longer", "changed", "shorter", "in fewer states", "gone"]
TURNS: tuple[Turn, ...] = get_args(Turn)
_JOINTS = (" of ", " to ", " that ", " in ")
_DAY = 86_400  # seconds: an expiry date is counted from a clock that may be wrong
_SHARE = 0.1  # of a lifetime that is shorter than ten days


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that was seen otherwise: in which visitor states, and what is known of it."""

    subject: str
    kind: str
    name: str
    turn: Turn
    states: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    note: str = ""


class Unlooked(Struct, frozen=True, kw_only=True):
    """Where the two cannot be compared, and why."""

    subject: str
    what: str
    why: str


class EvidenceComparison(Struct, frozen=True, kw_only=True):
    """What differs, and where nobody can tell."""

    differences: tuple[Difference, ...] = ()
    unlooked: tuple[Unlooked, ...] = ()

    def summary(self) -> str:
        """Return the difference in one line: `+1 third-party host, +2 cookies, -1 table`."""
        counts = Counter((one.turn, one.kind) for one in self.differences)
        return ", ".join(_counted(turn, kind, number) for (turn, kind), number in counts.items())


def compare_evidence(base: Evidence, head: Evidence) -> EvidenceComparison:
    """Return what the newer evidence shows otherwise. Cost: linear in the observations."""
    before, after = ({item.subject: item for item in seen.items} for seen in (base, head))
    differences: list[Difference] = []
    unlooked: dict[Unlooked, None] = {}
    for subject in sorted({*before, *after}):
        first, second = before.get(subject), after.get(subject)
        if first is None or second is None:
            which = "newer" if second is None else "older"
            why = f"not there ({which})"
            unlooked[Unlooked(subject=subject, what=subject, why=why)] = None
        else:
            found = _Pair(first, second)
            differences += found.differences()
            unlooked |= dict.fromkeys(found.unlooked())
    return EvidenceComparison(
        differences=tuple(sorted(differences, key=_order)), unlooked=tuple(unlooked)
    )


class _Pair:
    """Two pieces of evidence of one subject, with the states in which somebody looked."""

    def __init__(self, base: Item, head: Item) -> None:
        self.subject = base.subject
        self.sides = {"older": base, "newer": head}
        self.before, self.after = things_in(base), things_in(head)
        self.then, self.now = states_of(base), states_of(head)

    def differences(self) -> Iterator[Difference]:
        for key in dict.fromkeys((*self.before, *self.after)):
            first, second = self.before.get(key), self.after.get(key)
            if first and second:
                yield from self._in_both(first, second)
            elif second and second.states & self.then:
                yield self._one(second, "new", second.states)
            elif first and not self._hidden(first):
                yield self._one(first, "gone", first.states)

    def unlooked(self) -> Iterator[Unlooked]:
        """Yield what may be there still, or was there before; then where nobody looked."""
        for which, item in self.sides.items():
            if not item.is_looked_at:
                yield self._unlooked(self.subject, f"nothing was seen ({which})")
        for key in sorted(self.before.keys() - self.after.keys()):
            if self._hidden(self.before[key]):
                yield self._unlooked(self.before[key].name, "seen before; nobody looked again")
        for key in sorted(self.after.keys() - self.before.keys()):
            if not self.after[key].states & self.then:
                yield self._unlooked(self.after[key].name, "seen now; nobody looked before")
        for states, which in ((self.then - self.now, "newer"), (self.now - self.then, "older")):
            for name in names_of(states):
                yield self._unlooked(f"visitor state {name}", f"no visit ({which})")
        told = {which: dict.fromkeys(item.gaps) for which, item in self.sides.items()}
        for gap in dict.fromkeys((*told["older"], *told["newer"])):
            where = [which for which, gaps in told.items() if gap in gaps]
            state = f" ({gap.state.value})" if gap.state else ""
            words = gap.reason.replace("_", " ")
            which = "both" if len(where) > 1 else where[0]
            yield self._unlooked(f"{gap.what}{state}", f"{words} ({which})")

    def _hidden(self, thing: Thing) -> frozenset[State | None]:
        """Return the states in which a thing may be there still: nobody looked, or not at all."""
        aspects = frozenset({thing.aspect} if thing.aspect else ())
        return frozenset(
            state
            for state in thing.states
            if state not in self.now
            or any(
                gap.concerns(aspects, frozenset({state} if state else ()))
                for gap in self.sides["newer"].gaps
            )
        )

    def _in_both(self, first: Thing, second: Thing) -> Iterator[Difference]:
        if more := (second.states - first.states) & self.then:
            yield self._one(second, "in more states", more)
        if less := first.states - second.states - self._hidden(first):
            yield self._one(first, "in fewer states", less)
        if first.value != second.value:
            yield self._one(second, "changed", second.states, (first.value, second.value))
        was, now = first.seconds, second.seconds
        if abs(was - now) > min(_DAY, _SHARE * max(was, now)):
            turn: Turn = "longer" if now > was else "shorter"
            yield self._one(second, turn, second.states, (_length(was), _length(now)))

    def _one(
        self,
        thing: Thing,
        turn: Turn,
        states: Iterable[State | None],
        values: tuple[str, str] = ("", ""),
    ) -> Difference:
        return Difference(
            subject=self.subject,
            kind=thing.kind,
            name=thing.name,
            turn=turn,
            states=names_of(states),
            before=values[0],
            after=values[1],
            note="" if any(values) else thing.note,
        )

    def _unlooked(self, what: str, why: str) -> Unlooked:
        return Unlooked(subject=self.subject, what=what, why=why)


def _length(seconds: int) -> str:
    return humanize_seconds(seconds) if seconds else "session"


def _order(one: Difference) -> tuple[int, str, str, str]:
    return TURNS.index(one.turn), one.kind, one.subject, one.name


def _counted(turn: Turn, kind: str, number: int) -> str:
    """Return `+2 cookies`, or `1 cookie longer`."""
    noun = kind if number == 1 else plural_of(kind)
    sign = {"new": "+", "gone": "-"}.get(turn, "")
    return f"{sign}{number} {noun}" + ("" if sign else f" {turn}")


def plural_of(kind: str) -> str:
    """Return `cookies`, `categories of data`, `rights to write`."""
    head, of, rest = kind.partition(next((w for w in _JOINTS if w in kind), "\n"))
    ending = head[:-1] + "ies" if head.endswith("y") and head[-2:] != "ey" else f"{head}s"
    return f"{ending}{of}{rest}"
