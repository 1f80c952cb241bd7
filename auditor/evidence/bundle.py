"""The evidence of one run: a file that can be kept, judged again, and told from any other."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from auditor.errors import CollectError
from auditor.evidence.accounts import AccountEvidence
from auditor.evidence.code import CodeEvidence
from auditor.evidence.notices import NoticeEvidence
from auditor.evidence.site import SiteEvidence
from auditor.evidence.stores import StoreEvidence

FORMAT = "policy-auditor evidence"
VERSION = 1
MAX_BYTES = 512 * 1024 * 1024
MOST_SITES = 1000

_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Tool(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What wrote the evidence."""

    name: str
    version: str


Item = SiteEvidence | StoreEvidence | AccountEvidence | NoticeEvidence | CodeEvidence


class Evidence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that was seen in one run, by subject. Other kinds join here as they come."""

    format: Literal["policy-auditor evidence"] = "policy-auditor evidence"
    version: Literal[1] = 1
    tool: Tool
    sites: Annotated[tuple[SiteEvidence, ...], Meta(max_length=MOST_SITES)] = ()
    stores: Annotated[tuple[StoreEvidence, ...], Meta(max_length=MOST_SITES)] = ()
    accounts: Annotated[tuple[AccountEvidence, ...], Meta(max_length=MOST_SITES)] = ()
    notices: Annotated[tuple[NoticeEvidence, ...], Meta(max_length=MOST_SITES)] = ()
    code: Annotated[tuple[CodeEvidence, ...], Meta(max_length=1)] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Return every piece, whatever its kind."""
        return (*self.sites, *self.stores, *self.accounts, *self.notices, *self.code)

    def collected_at(self) -> datetime | None:
        """Return when the oldest piece was collected, None where there is none."""
        return min((item.collected_at for item in self.items), default=None)


class _Header(Struct):
    """The part of a file that says what it is, read before the rest."""

    format: str = ""
    version: int = 0
    log: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET  # a HAR file has nothing else


class _File(Evidence, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same as it is written: msgspec sorts maps by text only, and ages are by day."""

    stores: msgspec.Raw  # type: ignore[assignment]
    accounts: msgspec.Raw  # type: ignore[assignment]


def encode(evidence: Evidence) -> bytes:
    """Return the file's bytes: JSON, the same for the same evidence."""
    file = _File(
        tool=evidence.tool,
        sites=evidence.sites,
        stores=_with_days(evidence.stores),
        accounts=_with_days(evidence.accounts),
        notices=evidence.notices,
        code=evidence.code,
    )
    return msgspec.json.encode(file, order="deterministic") + b"\n"


def _with_days(items: tuple[Item, ...]) -> msgspec.Raw:
    built = msgspec.to_builtins(items, str_keys=True, order="deterministic")
    return msgspec.Raw(msgspec.json.encode(built))


def decode(data: bytes, shown_as: str) -> Evidence:
    """Read a file back. `CollectError` says what is wrong with one that is broken or foreign."""
    if len(data) > MAX_BYTES:
        message = f"{shown_as}: larger than {MAX_BYTES // 2**20} MiB; collect fewer pages"
        raise CollectError(message)
    try:
        header = msgspec.json.decode(data, type=_Header)
    except _BROKEN as error:
        message = f"{shown_as}: not an evidence file ({_short(error)}); `audit collect` writes one"
        raise CollectError(message) from error
    if wrong := _what_is_wrong(header):
        raise CollectError(f"{shown_as}: {wrong}")
    try:
        found = msgspec.json.decode(data, type=Evidence)
        for source in (source for item in found.items for source in item.sources):
            source.collected_at.astimezone(UTC)  # at the calendar's ends there is no such moment
    except (*_BROKEN, OverflowError) as error:
        message = f"{shown_as}: damaged evidence ({_short(error)}); collect it again"
        raise CollectError(message) from error
    return found


def _what_is_wrong(header: _Header) -> str:
    if header.format == "" and header.log is not msgspec.UNSET:
        return "a recording (HAR); give it a name that ends in .har, and it is read as one"
    if header.format != FORMAT:
        return "not an evidence file; `audit collect` writes one"
    if header.version != VERSION:
        return (
            f"evidence of version {header.version}; this tool reads version {VERSION}. Collect it"
            " again, or use the version of the tool that wrote it"
        )
    return ""


def _short(error: Exception) -> str:
    """Cap an error text: it may quote the file."""
    return str(error)[:200]
