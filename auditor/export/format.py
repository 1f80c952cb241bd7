"""What an export is: a name, and a function from what was promised to a text."""

from typing import Protocol

from msgspec import Struct

from auditor.findings import Report
from auditor.policy import Policy

LANGUAGES = ("en", "fr", "de", "es", "pt")


class Wanted(Struct, frozen=True, kw_only=True):
    """What is to be written: the policy, the report about it if there is one, the language."""

    policy: Policy
    report: Report | None = None
    language: str = "en"


class Renderer(Protocol):
    """Writes one format."""

    def __call__(self, wanted: Wanted) -> str:
        """Return the whole file: the same text for the same policy and report."""


class Format(Struct, frozen=True, kw_only=True):
    """One format: `what` it is in a few words, its media type (RFC 6838), how it is written.

    `reads_report`: it tells what an audit found, so `--report` means something to it.
    `languages`: those in which it can be written.
    """

    name: str
    what: str
    media: str
    render: Renderer
    reads_report: bool = False
    languages: tuple[str, ...] = ("en",)
