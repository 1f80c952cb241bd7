"""What was promised: policy.yaml as frozen data, no I/O.

The types here are the one source of the format: the JSON Schema that editors use, the reference
in docs/policy.md and the strict loader (`auditor.policy_file`) are all derived from them.
Section names follow GDPR Art. 30; values are keys of `auditor.vocabulary`.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Struct

from auditor.errors import Position
from auditor.policy.data import (
    NOTHING_PERSONAL,
    Account,
    AnchorField,
    Audience,
    Code,
    ConsentRecord,
    Field,
    Store,
    Table,
)
from auditor.policy.detectors import OwnDetector
from auditor.policy.people import (
    Attestation,
    AutomatedDecisions,
    Claim,
    Complaint,
    Contact,
    Controller,
    Notice,
    Proof,
    Right,
    Rights,
    Waiver,
)
from auditor.policy.processing import (
    Contract,
    ProcessingActivity,
    Processor,
    Retention,
    SubProcessors,
    Transfer,
)
from auditor.policy.site import (
    Access,
    ConsentBanner,
    Crawl,
    Site,
    Step,
    StorageRow,
    StorageType,
    Vantage,
)
from auditor.policy.types import NOWHERE, Entry, Env, Jurisdiction, Text, says

SELF = "self"


class Undecided(Struct, frozen=True, kw_only=True):
    """A `TODO` in policy.yaml: something nobody has decided yet."""

    where: str
    at: Position
    keys: tuple[tuple[Position, str], ...] = ()
    """Every entry around it, by its place, with the key that leads from there to the `TODO`."""
    path: str = "policy.yaml"

    @property
    def needs(self) -> str:
        """Return what to do about it."""
        return f"a decision: write the value in place of TODO ({self.path}:{self.at.line})"


class Origin(Struct, frozen=True, kw_only=True):
    """The file a policy was read from, as it was then, and the places of its sections."""

    path: str = "policy.yaml"
    sha256: str = ""
    text: str = ""
    sections: dict[str, Position] = {}
    undecided: tuple[Undecided, ...] = ()


class Policy(Struct, frozen=True, kw_only=True):
    """The one machine-readable statement of what happens to people's data."""

    version: Annotated[Literal[1], says("The version of this format.")]
    controller: Annotated[Controller, says("Who decides why and how personal data is used.")]
    jurisdictions: Annotated[tuple[Jurisdiction, ...], says("The laws whose rules apply.")] = (
        "eu-gdpr",
        "eprivacy",
    )
    notices: Annotated[tuple[Notice, ...], says("What people are told.")] = ()
    claims: Annotated[
        tuple[Claim, ...], says("Sentences of a notice that are promises, and what covers them.")
    ] = ()
    processors: Annotated[tuple[Processor, ...], says("Who else handles the data.")] = ()
    processing_activities: Annotated[
        tuple[ProcessingActivity, ...], says("Why, whose, which, how long, with whom.")
    ] = ()
    device_storage: Annotated[
        tuple[StorageRow, ...], says("What is kept on, or read from, a visitor's device.")
    ] = ()
    sites: Annotated[tuple[Site, ...], says("Where it is deployed.")] = ()
    stores: Annotated[tuple[Store, ...], says("Where data rests, in our own systems.")] = ()
    accounts: Annotated[tuple[Account, ...], says("Data and settings at processors.")] = ()
    code: Annotated[Code | None, says("What the code scope reads.")] = None
    detectors: Annotated[
        tuple[OwnDetector, ...],
        says("What columns of one's own hold: values and headers that are known only here."),
    ] = ()
    rights: Annotated[Rights | None, says("The rights people are given.")] = None
    security_measures: Annotated[
        tuple[Text, ...], says("How data is kept safe (Art. 32), a line each.")
    ] = ()
    automated_decisions: Annotated[
        AutomatedDecisions | None, says("Decisions by machines alone that matter to people.")
    ] = None
    attestations: Annotated[
        tuple[Attestation, ...], says("What only a person can state, for a time.")
    ] = ()
    waivers: Annotated[tuple[Waiver, ...], says("Findings accepted until a date.")] = ()
    rules: Annotated[tuple[Text, ...], says("Reserved: must be empty.")] = ()
    origin: Origin = Origin()

    def section(self, name: str) -> Position:
        """Return where a top-level section begins, or the top of the file if it is not there."""
        return self.origin.sections.get(name, NOWHERE)

    def undecided_keys(self) -> dict[tuple[Position, str], Undecided]:
        """Return what is undecided by (place of an entry, key in it)."""
        return {key: todo for todo in self.origin.undecided for key in todo.keys}

    def processor(self, processor_id: str) -> Processor | None:
        """Return the processor of that id, if it is declared."""
        return next((p for p in self.processors if p.id == processor_id), None)

    def site(self, site_id: str) -> Site | None:
        """Return the site of that id, if it is declared."""
        return next((s for s in self.sites if s.id == site_id), None)

    def jurisdictions_of(self, site: Site) -> tuple[Jurisdiction, ...]:
        """Return the site's own jurisdictions, else the policy's."""
        return site.jurisdictions or self.jurisdictions

    def tables(self) -> Iterator[tuple[Store | Account, Table]]:
        """Yield every declared table with the store or account that holds it."""
        holders: tuple[Store | Account, ...] = (*self.stores, *self.accounts)
        for holder in holders:
            for table in holder.tables:
                yield holder, table

    def subjects(self) -> tuple[str, ...]:
        """Return everything that can be looked at, as `site:ID`, `store:ID` and so on."""
        return (
            *(f"site:{site.id}" for site in self.sites),
            *(f"notice:{notice.id}" for notice in self.notices),
            *(f"store:{store.id}" for store in self.stores),
            *(f"account:{account.id}" for account in self.accounts),
            *(("code",) if self.code else ()),
            "policy",
        )

    def declared_scopes(self) -> frozenset[str]:
        """Return the scopes in which something is declared to look at."""
        return frozenset(map(scope_of, self.subjects())) - {"policy"}


def scope_of(subject: str) -> str:
    """Return the scope to which a subject belongs: `stores` for `store:ID`."""
    kind = subject.partition(":")[0]
    return {"store": "stores", "account": "accounts"}.get(kind, kind)


def appears_on(entry: Processor | StorageRow, site_id: str) -> bool:
    """Return whether a row or a processor may be seen on a site: without `sites`, on all."""
    return not entry.sites or site_id in entry.sites


__all__ = [
    "NOTHING_PERSONAL",
    "NOWHERE",
    "SELF",
    "Access",
    "Account",
    "AnchorField",
    "Attestation",
    "Audience",
    "AutomatedDecisions",
    "Claim",
    "Code",
    "Complaint",
    "ConsentBanner",
    "ConsentRecord",
    "Contact",
    "Contract",
    "Controller",
    "Crawl",
    "Entry",
    "Env",
    "Field",
    "Jurisdiction",
    "Notice",
    "Origin",
    "OwnDetector",
    "Policy",
    "ProcessingActivity",
    "Processor",
    "Proof",
    "Retention",
    "Right",
    "Rights",
    "Site",
    "Step",
    "StorageRow",
    "StorageType",
    "Store",
    "SubProcessors",
    "Table",
    "Transfer",
    "Undecided",
    "Vantage",
    "Waiver",
    "appears_on",
    "scope_of",
]
