"""Why, whose, which, how long, with whom: the record of processing (GDPR Art. 30)."""

from datetime import date
from typing import Annotated, Literal

from auditor.policy.types import (
    Anchor,
    Category,
    Country,
    DateDuration,
    Entry,
    Host,
    Id,
    LegalBasis,
    Purpose,
    SpecialCategoryBasis,
    Subject,
    Text,
    TransferMechanism,
    Url,
    says,
)


class Transfer(Entry, frozen=True, kw_only=True):
    """What makes sending data out of the EEA lawful (GDPR Art. 44-49)."""

    mechanism: Annotated[TransferMechanism, says("The safeguard.")] = ""
    details: Annotated[Text, says("Which decision, clauses or framework.")] = ""
    countries: Annotated[tuple[Country, ...], says("Where the data goes.")] = ()


class Contract(Entry, frozen=True, kw_only=True):
    """The processing contract (GDPR Art. 28(3))."""

    url: Annotated[Url, says("Where it can be read.")] = ""
    signed: Annotated[date | None, says("The day on which it was signed.")] = None


class SubProcessors(Entry, frozen=True, kw_only=True):
    """Where the processor lists who works for it (GDPR Art. 28(2))."""

    url: Annotated[Url, says("The page with the list.")] = ""


class Processor(Entry, frozen=True, kw_only=True):
    """Somebody else who handles the data; the reserved id `self` is the controller."""

    id: Id
    name: Annotated[Text, says("As people know it, and as the notice calls it.")] = ""
    legal_name: Annotated[Text, says("As it is registered.")] = ""
    services: Annotated[
        tuple[Id, ...], says("Catalogue entries, for names and attribution; declare nothing.")
    ] = ()
    domains: Annotated[
        tuple[Host, ...], says("What belongs to it: `host`, `*.host` or `host/path-prefix`.")
    ] = ()
    role: Annotated[
        Literal["processor", "joint_controller", "independent_controller", "sub_processor"],
        says("Whose decisions it carries out: ours (Art. 28), common ones (Art. 26), its own."),
    ] = "processor"
    consent: Annotated[
        Literal["required", "not_required"],
        says("May a page talk to it without the visitor's consent? `required`: it may not."),
    ] = "required"
    country: Annotated[
        Country, says("Where it is established: ISO 3166-1 alpha-2, such as FR.")
    ] = ""
    transfer: Transfer | None = None
    contract: Contract | None = None
    privacy_policy: Annotated[Url, says("Its own privacy notice.")] = ""
    sub_processors: SubProcessors | None = None
    sites: Annotated[tuple[Id, ...], says("The sites that use it; default: all.")] = ()
    optional: Annotated[bool, says("True: need not be seen on every audit.")] = False

    @property
    def countries(self) -> tuple[str, ...]:
        """Where it handles data: its own country first, then those of `transfer`, each once."""
        further = self.transfer.countries if self.transfer else ()
        return tuple(dict.fromkeys(filter(None, (self.country, *further))))


class Retention(Entry, frozen=True, kw_only=True):
    """How long, counted from what, and what happens then (GDPR Art. 5(1)(e), 30(1)(f))."""

    period: Annotated[DateDuration, says("How long: ISO 8601, such as P12M or P30D.")] = ""
    anchor: Annotated[Anchor | None, says("The event from which the period runs.")] = None
    action: Annotated[
        Literal["delete", "anonymize", "aggregate"], says("What happens after the period.")
    ] = "delete"
    data_categories: Annotated[
        tuple[Category, ...], says("In a list of periods: what this one is for.")
    ] = ()
    grace: Annotated[DateDuration, says("Time for the deletion job to run.")] = ""
    legal_basis: Annotated[LegalBasis, says("What makes it lawful to keep it so long.")] = ""
    on_missing_anchor: Annotated[
        Literal["fail", "use_created"], says("What a record without the date counts as.")
    ] = "fail"


class ProcessingActivity(Entry, frozen=True, kw_only=True):
    """One thing that is done with people's data."""

    id: Id
    purpose: Annotated[Purpose, says("What the data is used for.")] = ""
    purpose_description: Annotated[Text, says("The same in your own words.")] = ""
    data_subjects: Annotated[tuple[Subject, ...], says("Whose data it is.")] = ()
    data_categories: Annotated[
        tuple[Category, ...], says("Which data; each key covers those below it.")
    ] = ()
    legal_basis: Annotated[LegalBasis, says("What makes it lawful (Art. 6(1)).")] = ""
    legitimate_interest: Annotated[Text, says("The interest pursued (Art. 13(1)(d)).")] = ""
    special_category_basis: Annotated[
        SpecialCategoryBasis, says("What makes it lawful for special categories (Art. 9(2)).")
    ] = ""
    source: Annotated[
        Literal["direct", "indirect"], says("From people themselves (Art. 13), or not (Art. 14)?")
    ] = "direct"
    processors: Annotated[tuple[Id, ...], says("Who receives this data for this purpose.")] = ()
    retention: Annotated[
        Retention | tuple[Retention, ...] | None, says("One rule, or a list by data category.")
    ] = None

    @property
    def retention_rules(self) -> tuple[Retention, ...]:
        """Return the rules as a list, however they were written."""
        if self.retention is None:
            return ()
        return self.retention if isinstance(self.retention, tuple) else (self.retention,)
