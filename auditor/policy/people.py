"""Who is responsible, what people are told, and how they reach us (GDPR Art. 12-22, 30(1)(a))."""

from datetime import date as Date  # noqa: N812 -- an attestation has a field named date
from typing import Annotated, Literal

from auditor.policy.types import (
    Country,
    DateDuration,
    Email,
    Entry,
    Id,
    Language,
    LocalPath,
    Sha256,
    Text,
    Url,
    says,
)


class Contact(Entry, frozen=True, kw_only=True):
    """A person or office that can be reached."""

    name: Text = ""
    address: Text = ""
    country: Country = ""
    email: Email = ""
    url: Url = ""
    phone: Text = ""


class Controller(Entry, frozen=True, kw_only=True):
    """Who decides why and how personal data is used (GDPR Art. 4(7))."""

    name: Text
    email: Email = ""
    address: Text = ""
    country: Country = ""
    representative: Annotated[Contact | None, says("Representative in the EU (Art. 27).")] = None
    dpo: Annotated[Contact | None, says("Data protection officer (Art. 37).")] = None


class Notice(Entry, frozen=True, kw_only=True):
    """A privacy notice: what people are told."""

    id: Id
    path: Annotated[LocalPath, says("The notice's source file, relative to policy.yaml.")] = ""
    url: Annotated[Url, says("Where people read it.")] = ""
    language: Language = ""
    translation_of: Annotated[Id, says("The notice that this one translates.")] = ""
    last_reviewed: Date | None = None


CoveredBy = Annotated[
    tuple[Text, ...] | Literal["attestation", "not_verifiable"],
    says("The checks that cover the sentence; or `attestation`, or `not_verifiable`."),
]


class Claim(Entry, frozen=True, kw_only=True):
    """A sentence of a notice that is a promise, with what covers it."""

    id: Id
    notice: Annotated[Id, says("The notice in which it stands.")] = ""
    quote: Annotated[Text, says("The words, as people read them.")] = ""
    covered_by: CoveredBy = ()


class Right(Entry, frozen=True, kw_only=True):
    """How people use one of their rights."""

    email: Email = ""
    url: Url = ""
    channel: Annotated[Text, says("Any other way: a form, a setting, an address.")] = ""
    respond_within: Annotated[DateDuration, says("One month at most (GDPR Art. 12(3)).")] = ""


class Complaint(Right, frozen=True, kw_only=True):
    """How and where people complain (GDPR Art. 13(2)(d), 77)."""

    supervisory_authority: Text = ""


class Rights(Entry, frozen=True, kw_only=True):
    """The rights that people are given, each with the way to use it."""

    access: Annotated[Right | None, says("GDPR Art. 15.")] = None
    rectification: Annotated[Right | None, says("GDPR Art. 16.")] = None
    erasure: Annotated[Right | None, says("GDPR Art. 17.")] = None
    restriction: Annotated[Right | None, says("GDPR Art. 18.")] = None
    portability: Annotated[Right | None, says("GDPR Art. 20.")] = None
    objection: Annotated[Right | None, says("GDPR Art. 21.")] = None
    marketing_opt_out: Annotated[Right | None, says("GDPR Art. 21(2); ePrivacy Art. 13.")] = None
    withdraw_consent: Annotated[Right | None, says("GDPR Art. 7(3).")] = None
    complaint: Annotated[Complaint | None, says("GDPR Art. 13(2)(d).")] = None


class AutomatedDecisions(Entry, frozen=True, kw_only=True):
    """Decisions by machines alone that matter to people (GDPR Art. 22)."""

    in_use: bool = False
    logic: Text = ""
    effects: Text = ""


class Proof(Entry, frozen=True, kw_only=True):
    """A document kept beside policy.yaml, with its digest."""

    path: LocalPath
    sha256: Sha256 = ""


class Attestation(Entry, frozen=True, kw_only=True):
    """What no page and no API can show, stated by a person, for a time."""

    id: Id
    covers: Annotated[Text, says("`SUBJECT:CHECK`, such as account:ga:..., or `claim:ID`.")] = ""
    statement: Text = ""
    by: Annotated[Text, says("Who states it.")] = ""
    role: Text = ""
    date: Date | None = None
    expires: Annotated[Date | None, says("Counts through the end of this day, UTC.")] = None
    evidence: Proof | None = None


class Waiver(Entry, frozen=True, kw_only=True):
    """Findings that are accepted until a date, by somebody, for a reason."""

    id: Id
    check: Annotated[Text, says("The check's id.")] = ""
    subject: Annotated[Text, says("Such as `site:www`; `*` stands for any characters.")] = ""
    object: Annotated[Text, says("Such as `cookie:_ga*`; `*` stands for any characters.")] = ""
    justification: Text = ""
    planned_fix: Text = ""
    owner: Text = ""
    approved_by: Text = ""
    created: Date | None = None
    expires: Annotated[
        Date | None, says("Counts through the end of this day, UTC; a year at most.")
    ] = None
