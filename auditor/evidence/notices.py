"""What a privacy notice says: its sentences, and the facts that were read out of them.

A notice is public, so its sentences are kept. Each fact stands with the sentence it came from.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from auditor.evidence.gaps import Gap
from auditor.evidence.scalars import Count, Name
from auditor.evidence.site import Source

LONGEST_SENTENCE = 2_000  # characters
MOST_SENTENCES = 10_000
MOST_FACTS = 10_000

Sentence = Annotated[str, Meta(max_length=LONGEST_SENTENCE)]
Share = Annotated[float, Meta(ge=0, le=1)]

FactKind = Literal[
    "processor",
    "sub_processor",
    "data_category",
    "purpose",
    "retention",
    "cookie",
    "right",
    "right_channel",
    "contact",
    "controller",
    "representative",
    "dpo",
    "supervisory_authority",
    "transfer",
    "legal_basis",
    "opt_in",
    "absolute_claim",
    "topic",
    "updated",
    "unmapped",
]


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where something stands: under which heading ("" before the first), and there exactly.

    `line` is the line of the file, from 1 (Markdown; 0 in HTML), `selector` that of the element
    (CSS; "" in Markdown).
    """

    section: Name = ""
    line: Count = 0
    selector: Name = ""


class SentenceSeen(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A sentence, an item of a list with its lead-in, or a row of a table, as plain text.

    Links are their words alone. Blanks are single; characters that nobody sees are left out.
    `form` says what it is written as: `prose`, `item`, `row` (cells parted by " | ") or `heading`.
    """

    text: Sentence
    place: Place = Place()
    form: Literal["prose", "item", "row", "heading"] = "prose"


class SectionSeen(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A section by its heading ("" before the first), and the language that it is written in.

    `language` is an ISO 639-1 code, "" where the text is too short to tell; `confidence` how sure
    that is, among the languages that are known.
    """

    heading: Name = ""
    level: Count = 0
    place: Place = Place()
    language: Name = ""
    confidence: Share = 0.0


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing that a notice says, with the sentence that says it.

    `key` is what it was mapped to in fixed words, `name` what it is called there. By `kind`:

    - `processor`, `sub_processor` (in a list or table of such): `key` is the catalogue's service
      ("" where it is not known), `owner` the firm behind it, `address` what is linked, `host` its
      host. `wording` says what it is used for, `about` are purposes, `countries` where.
      `is_listed`: in a list or table of recipients, and not only named in a sentence.
    - `data_category`, `purpose`, `legal_basis`, `right`: `key` is the vocabulary's. Beside a
      legal basis, `about` are the purposes in the same sentence.
    - `retention`: `key` is `fixed` (with `period`, ISO 8601), `as_needed`, `by_law`, `indefinite`
      or `until_event`; `anchor` is that of the policy ("" where none is said), and `about` are the
      data categories that the sentence, or else its heading, is about (() for all).
    - `cookie`: `name` is the cookie's, `owner` who sets it as written, `wording` what for, and
      `period` its lifetime (ISO 8601, or `session`; "" where it cannot be read).
    - `right_channel`: how to use rights; `key` is `email`, `url`, `post` or `phone`, `address`
      that address, `about` the rights (() for all).
    - `contact`, `dpo`, `representative`, `supervisory_authority`, `controller`: `name` and
      `address`, either may be ""; `key` is the address's kind as above.
    - `transfer`: `countries` are ISO 3166-1 codes, `key` is the vocabulary's mechanism, or "".
    - `opt_in`: `key` is the purpose that waits for a yes.
    - `absolute_claim`: `key` is one of `CLAIMS`; `about` are the services, or the categories, that
      are named as not used, or not collected.
    - `topic`: `key` is one of `TOPICS`: what a checklist asks for, and no other kind says.
    - `updated`: `key` is the date (ISO 8601).
    - `unmapped`: reads like a promise, and nothing but topics was found in it.

    `rule` names the rule that found it. `confidence`: `high` where the form leaves no doubt.
    """

    kind: FactKind
    key: Name = ""
    name: Name = ""
    owner: Name = ""
    address: Name = ""
    host: Name = ""
    wording: Sentence = ""
    about: tuple[Name, ...] = ()
    period: Name = ""
    anchor: Name = ""
    countries: tuple[Name, ...] = ()
    is_listed: bool = False
    sentence: Sentence
    place: Place = Place()
    confidence: Literal["high", "medium", "low"] = "medium"
    rule: Name = ""


# What a notice claims without exception, so that one thing seen contradicts it.
CLAIMS: dict[str, str] = {
    "no_cookies": "no cookies are used",
    "only_necessary_cookies": "only necessary cookies are used",
    "no_tracking": "nobody is tracked",
    "no_analytics": "no statistics on visitors are made",
    "no_advertising": "there is no advertising, or no data is used for it",
    "never_sell": "data is not sold",
    "no_sharing": "data is not shared with anybody",
    "no_third_parties": "no third parties are involved",
    "no_transfer": "data does not leave the country, or the EEA",
    "no_profiling": "nobody is profiled, or decided upon by a machine alone",
    "no_personal_data": "no personal data is collected",
    "no_ip_addresses": "IP addresses are not kept",
    "no_special_categories": "no sensitive data is collected",
    "no_children": "children's data is not collected",
    "not_used": "a service that it names is not used",
    "not_collected": "special categories of data that it names are not collected",
}

# What checklists of notices ask for (policy-vocabulary, N and C rows), beyond the other kinds.
TOPICS: dict[str, str] = {
    "legitimate_interest": "which legitimate interest is pursued",
    "recipients": "who receives data",
    "safeguards_copy": "how to get a copy of the safeguards of a transfer",
    "obligation": "whether data must be given, and what follows if not",
    "automated_decisions": "decisions made by a machine alone",
    "source": "where data comes from",
    "changes": "how changes of the notice are told",
    "security": "how data is protected",
    "children": "children's data",
    "cookies": "cookies or other storage on the device",
    "cookie_choice": "how to refuse cookies, or take consent back",
    "sale_or_sharing": "whether data is sold or shared (CCPA)",
    "do_not_sell": "a way to opt out of sale and sharing (CCPA)",
    "limit_sensitive": "a way to limit the use of sensitive data (CCPA)",
    "gpc": "opt-out signals such as Global Privacy Control",
    "authorised_agent": "a request through somebody else (CCPA)",
    "verification": "how a person who asks is verified",
    "no_retaliation": "nobody is treated worse for using a right (CCPA)",
    "past_12_months": "what was collected in the last 12 months (CCPA)",
}


class NoticeEvidence(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Everything read in one notice, and every gap.

    `declared` says in which language the notice calls itself, by where it does: `html` (the lang
    attribute), `front_matter`, `header` (Content-Language), `title`, `slug`, `path`. `language` is
    what the text is written in ("" where that cannot be told), `confidence` how sure that is.
    `updated` is the date that the notice gives for itself, the latest of several.
    """

    scope: ClassVar[str] = "notice"

    notice: Name
    sources: Annotated[tuple[Source, ...], Meta(min_length=1)]
    title: Name = ""
    declared: dict[Name, Name] = {}
    language: Name = ""
    confidence: Share = 0.0
    updated: date | None = None
    sections: tuple[SectionSeen, ...] = ()
    sentences: Annotated[tuple[SentenceSeen, ...], Meta(max_length=MOST_SENTENCES)] = ()
    facts: Annotated[tuple[Fact, ...], Meta(max_length=MOST_FACTS)] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def subject(self) -> str:
        """Return the subject of the contract."""
        return f"notice:{self.notice}"

    @property
    def collected_at(self) -> datetime:
        """Return when the oldest part was collected."""
        return min(source.collected_at for source in self.sources)

    @property
    def is_looked_at(self) -> bool:
        """Return whether the notice was read: one that says nothing was, too."""
        return any(source.kind == "notice" for source in self.sources)

    def of(self, *kinds: FactKind) -> tuple[Fact, ...]:
        """Return the facts of some kinds, in the order of the text."""
        return tuple(fact for fact in self.facts if fact.kind in kinds)
