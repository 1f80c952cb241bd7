"""The scalar types of policy.yaml: what one value may be, as the schema and editors see it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from auditor import vocabulary
from auditor.durations import DATE_DURATION_PATTERN, DURATION_PATTERN
from auditor.errors import Position

NOWHERE = Position(line=1, column=1)


class Entry(Struct, frozen=True, kw_only=True):
    """A part of policy.yaml; `at` is where it begins (filled in by the loader, never written)."""

    at: Position = NOWHERE


def says(text: str) -> Meta:
    """Describe a key for the schema, for editors and for docs/policy.md."""
    return Meta(description=text)


def one_of(terms: "dict[str, vocabulary.Term]") -> Meta:
    """Close a key to the words of a vocabulary: open fields rot."""
    return Meta(extra_json_schema={"enum": list(terms)})


Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Id = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$",
        max_length=64,
        description="A name of your choice, unique in its list: letters, digits, `-`, `_`, `.`.",
    ),
]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s/?#@]+([/?#]\S*)?$", max_length=2000)]
Email = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
LocalPath = Annotated[str, Meta(min_length=1, max_length=500)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Country = Annotated[
    str,
    Meta(
        extra_json_schema={"enum": sorted(vocabulary.COUNTRIES)},
        description="ISO 3166-1 alpha-2 code, such as FR.",
    ),
]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Duration = Annotated[
    str, Meta(pattern=DURATION_PATTERN, description="ISO 8601 duration, such as P12M or PT30M.")
]
# One pattern: msgspec takes a text and a fixed word for one type, and would not let both in.
LIFETIME_PATTERN = rf"^session$(?!\n)|{DURATION_PATTERN}"
Lifetime = Annotated[
    str, Meta(pattern=LIFETIME_PATTERN, description="ISO 8601 duration, or `session`.")
]
DateDuration = Annotated[
    str,
    Meta(pattern=DATE_DURATION_PATTERN, description="ISO 8601 duration, such as P12M or P30D."),
]
Host = Annotated[str, Meta(min_length=1, max_length=300)]
Pattern = Annotated[str, Meta(min_length=1, max_length=200)]

Category = Annotated[str, one_of(vocabulary.CATEGORIES)]
Purpose = Annotated[str, one_of(vocabulary.PURPOSES)]
Subject = Annotated[str, one_of(vocabulary.SUBJECTS)]
LegalBasis = Annotated[str, one_of(vocabulary.LEGAL_BASES)]
SpecialCategoryBasis = Annotated[str, one_of(vocabulary.SPECIAL_CATEGORY_BASES)]
TransferMechanism = Annotated[str, one_of(vocabulary.TRANSFER_MECHANISMS)]
Jurisdiction = Literal["eu-gdpr", "eprivacy", "us-ca-ccpa"]
Anchor = Literal[
    "created",
    "collected",
    "last_used",
    "last_login",
    "last_updated",
    "account_closed",
    "consent_given",
    "consent_withdrawn",
    "contract_end",
    "transaction",
    "event_end",
    "fiscal_year_end",
]


class Env(Struct, frozen=True, kw_only=True):
    """A secret, kept out of the file: the name of an environment variable."""

    env: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
            max_length=100,
            description="The variable's name, such as GA_TOKEN.",
        ),
    ]
