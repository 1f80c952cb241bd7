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

    name: Annotated[Text, says("The person or office.")] = ""
    address: Annotated[Text, says("Where letters arrive.")] = ""
    country: Country = ""
    email: Annotated[Email, says("Where e-mail arrives.")] = ""
    url: Annotated[Url, says("A page with a form or further addresses.")] = ""
    phone: Annotated[Text, says("As people dial it.")] = ""


class Controller(Entry, frozen=True, kw_only=True):
    """Who decides why and how personal data is used (GDPR Art. 4(7))."""

    name: Annotated[Text, says("The organisation, as people know it.")]
    email: Annotated[Email, says("Where people write to it.")] = ""
    address: Annotated[Text, says("Where letters arrive.")] = ""
    country: Country = ""
    representative: Annotated[Contact | None, says("Representative in the EU (Art. 27).")] = None
    dpo: Annotated[Contact | None, says("Data protection officer (Art. 37).")] = None


class Notice(Entry, frozen=True, kw_only=True):
    """A privacy notice: what people are told."""

    id: Id
    path: Annotated[LocalPath, says("The notice's source file, relative to policy.yaml.")] = ""
    url: Annotated[Url, says("Where people read it.")] = ""
    language: Annotated[Language, says("The language it is written in: en, fr, pt-BR.")] = ""
    translation_of: Annotated[Id, says("The notice that this one translates.")] = ""
    last_reviewed: Annotated[Date | None, says("The day on which somebody last checked it.")] = (
        None
    )


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

    email: Annotated[Email, says("Where to write.")] = ""
    url: Annotated[Url, says("A page where it can be used.")] = ""
    channel: Annotated[Text, says("Any other way: a form, a setting, an address.")] = ""
    respond_within: Annotated[DateDuration, says("One month at most (GDPR Art. 12(3)).")] = ""


class Complaint(Right, frozen=True, kw_only=True):
    """How and where people complain (GDPR Art. 13(2)(d), 77)."""

    supervisory_authority: Annotated[
        Text, says("The authority to which people can turn (Art. 77).")
    ] = ""


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

    in_use: Annotated[bool, says("True: there are such decisions.")] = False
    logic: Annotated[Text, says("How they are made (Art. 13(2)(f)).")] = ""
    effects: Annotated[Text, says("What they mean for people.")] = ""


class Proof(Entry, frozen=True, kw_only=True):
    """A document kept beside policy.yaml, with its digest."""

    path: Annotated[LocalPath, says("The document, relative to policy.yaml.")]
    sha256: Annotated[Sha256, says("Its SHA-256 digest.")] = ""


class Attestation(Entry, frozen=True, kw_only=True):
    """What no page and no API can show, stated by a person, for a time."""

    id: Id
    covers: Annotated[Text, says("`SUBJECT:CHECK`, such as account:ga:..., or `claim:ID`.")] = ""
    statement: Annotated[Text, says("What is so, in one sentence.")] = ""
    by: Annotated[Text, says("Who states it.")] = ""
    role: Annotated[Text, says("What that person does here.")] = ""
    date: Annotated[Date | None, says("The day on which it was stated; it counts from then.")] = (
        None
    )
    expires: Annotated[Date | None, says("Counts through the end of this day, UTC.")] = None
    evidence: Proof | None = None


class Waiver(Entry, frozen=True, kw_only=True):
    """Findings that are accepted until a date, by somebody, for a reason."""

    id: Id
    check: Annotated[Text, says("The check's id.")] = ""
    subject: Annotated[Text, says("Such as `site:www`; `*` stands for any characters.")] = ""
    object: Annotated[Text, says("Such as `cookie:_ga*`; `*` stands for any characters.")] = ""
    justification: Annotated[Text, says("Why this is accepted.")] = ""
    planned_fix: Annotated[Text, says("What will be done about it.")] = ""
    owner: Annotated[Text, says("Who sees to it.")] = ""
    approved_by: Annotated[Text, says("Who decided it.")] = ""
    created: Annotated[Date | None, says("The day on which it was decided.")] = None
    expires: Annotated[
        Date | None, says("Counts through the end of this day, UTC; a year at most.")
    ] = None
