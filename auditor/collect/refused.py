"""What is raised by anything that was asked and did not answer."""

from auditor.evidence import Reason


class RefusedError(Exception):
    """A question that was not answered: why, and what is needed. Never quotes the other's text.

    The text of a database's or a service's error may hold a record's values.
    """

    def __init__(self, reason: Reason, needs: str) -> None:
        """Keep the gap's reason; `needs` names the missing grant, limit or format."""
        super().__init__(needs)
        self.reason, self.needs = reason, needs
