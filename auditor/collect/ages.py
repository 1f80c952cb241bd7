"""Ages: records counted by day, one after the other, in constant memory."""

from datetime import UTC, date, datetime

from auditor.evidence import EARLIEST, LATEST, Ages


class AgeCount:
    """Counts records by the day (UTC) of an anchor."""

    def __init__(self, anchor: str, basis: str) -> None:
        """Count by an anchor; `basis` says what is taken for its date: which field, or of what."""
        self._anchor, self._basis = anchor, basis
        self._days: dict[date, int] = {}
        self._undated = self._unreadable = 0

    def add(self, moment: datetime | None) -> None:
        """Count a record of a moment; None is no date."""
        if moment is None:
            self.add_undated()
            return
        try:
            whole = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            self.add_day(whole.astimezone(UTC).date())
        except OverflowError:
            self.add_day(None)

    def add_day(self, day: date | None, number: int = 1) -> None:
        """Count records of a day; None is a date that cannot be read, as are days far away."""
        if day is not None and EARLIEST <= day <= LATEST:
            self._days[day] = self._days.get(day, 0) + number
        else:
            self._unreadable += number

    def add_undated(self, number: int = 1) -> None:
        """Count records that have no date."""
        self._undated += number

    def add_text(self, text: object) -> None:
        """Count a record by a date as services write it (RFC 3339); None and "" are no date."""
        if text is None or text == "":
            self.add_undated()
            return
        try:
            self.add(datetime.fromisoformat(text if isinstance(text, str) else ""))
        except ValueError:
            self.add_day(None)

    def add_seconds(self, seconds: float | None) -> None:
        """Count a record by a number of seconds since 1970; None is no date."""
        if seconds is None:
            self.add_undated()
            return
        try:
            self.add(datetime.fromtimestamp(seconds, UTC))
        except (OverflowError, ValueError, OSError):
            self.add_day(None)

    def ages(self) -> Ages:
        """Return what was counted."""
        return Ages(
            anchor=self._anchor,
            rows=sum(self._days.values()) + self._undated + self._unreadable,
            days=dict(sorted(self._days.items())),
            undated=self._undated,
            unreadable=self._unreadable,
            assumed=self._basis,
        )
