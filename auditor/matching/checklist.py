"""What a notice must state, row by row: when it applies, and what would be missing.

The rows are those of GDPR Art. 13 and 14 (N), of the rules on cookies and electronic marketing
(E), and of California's regulations, 11 CCR 7011 (C; experimental). Finding the words is not the
same as telling people well: whether they are clear, true and enough is for people to judge. Not
here: N16, which `audit diff` asks about; C03 (data of children that is sold), the age of a notice
(`notice-stale`), unticked boxes (`consent-preticked`), and whether words are plain: facts do not
show these.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from auditor.evidence import NoticeEvidence
from auditor.matching.checklist_rules import (
    Applies,
    Lacking,
    all_of,
    always,
    asking_first,
    asks_consent,
    asks_on_device,
    bases,
    californian_rights,
    can_be_objected_to,
    collects,
    decides_alone,
    keeps_cookies,
    lifetimes,
    needs_representative,
    objection_apart,
    promotes,
    rests_on,
    rights,
    said,
    sells,
    sends_abroad,
    transfers,
    uses_sensitive_data,
)
from auditor.policy import Policy

GDPR: Final = "eu-gdpr"
EPRIVACY: Final = "eprivacy"
CCPA: Final = "us-ca-ccpa"
_LAWS: Final = {"N": GDPR, "E": EPRIVACY, "C": CCPA}


class Row(Struct, frozen=True, kw_only=True):
    """One thing that a notice states: `lacking` says in words what of it is not found, or ""."""

    id: str
    name: str
    references: tuple[str, ...]
    applies: Applies
    lacking: Lacking
    minor: bool = False

    @property
    def law(self) -> str:
        """Return the jurisdiction that asks for it."""
        return _LAWS[self.id[0]]


def rows_for(policy: Policy, notices: Sequence[NoticeEvidence]) -> tuple[Row, ...]:
    """Return the rows that apply to notices that are told together, by their jurisdictions."""
    laws = _jurisdictions(policy, {notice.notice for notice in notices})
    return tuple(row for row in ROWS if row.law in laws and row.applies(policy))


def _jurisdictions(policy: Policy, notices: set[str]) -> set[str]:
    """Return those of the sites that show these notices, else those of the policy."""
    sites = [
        site for site in policy.sites if not site.notices or not notices.isdisjoint(site.notices)
    ]
    of_sites: set[str] = {law for site in sites for law in policy.jurisdictions_of(site)}
    return of_sites or set(policy.jurisdictions)


def _row(  # noqa: PLR0913 -- one row of a table has as many columns as it has
    row_id: str,
    name: str,
    references: str,
    applies: Applies,
    lacking: Lacking,
    *,
    minor: bool = False,
) -> Row:
    """Write one row of the table: references are parted by blanks."""
    return Row(
        id=row_id,
        name=name,
        references=tuple(references.split()),
        applies=applies,
        lacking=lacking,
        minor=minor,
    )


# A table: two or three lines a row, which the formatter would make eight.
# fmt: off
ROWS: Final = (
    _row("N01", "controller", "gdpr:13-1-a", always, all_of(
        said("who is responsible", ("controller", "")),
        said("how to reach them", ("contact", ""), ("right_channel", "")))),
    _row("N02", "representative", "gdpr:13-1-a gdpr:27", needs_representative,
        said("the representative in the EU", ("representative", ""))),
    _row("N03", "data protection officer", "gdpr:13-1-b", lambda p: p.controller.dpo is not None,
        said("how to reach the data protection officer", ("dpo", ""))),
    _row("N04", "purposes and legal bases", "gdpr:13-1-c", always, all_of(
        said("what data is used for", ("purpose", "")), bases)),
    _row("N05", "legitimate interest", "gdpr:13-1-d", rests_on("legitimate_interests"),
        said("which legitimate interest is pursued", ("topic", "legitimate_interest"))),
    _row("N06", "recipients", "gdpr:13-1-e", lambda p: bool(p.processors),
        said("who receives data", ("processor", ""), ("sub_processor", ""),
            ("topic", "recipients"))),
    _row("N07", "transfers", "gdpr:13-1-f", sends_abroad, transfers),
    _row("N08", "how long", "gdpr:13-2-a", always,
        said("how long data is kept", ("retention", ""))),
    _row("N09", "rights", "gdpr:13-2-b", always, rights),
    _row("N10", "taking consent back", "gdpr:13-2-c gdpr:7-3", asks_consent,
        said("that consent can be taken back", ("right", "withdraw_consent"))),
    _row("N11", "complaint", "gdpr:13-2-d", always,
        said("that people can complain to an authority", ("supervisory_authority", ""),
            ("right", "complaint"))),
    _row("N12", "must it be given", "gdpr:13-2-e", collects("direct"),
        said("whether data must be given, and what follows if not", ("topic", "obligation")),
        minor=True),
    _row("N13", "automated decisions", "gdpr:13-2-f", decides_alone,
        said("decisions by machines alone", ("topic", "automated_decisions"))),
    _row("N14", "categories", "gdpr:14-1-d", collects("indirect"),
        said("which data it is", ("data_category", ""))),
    _row("N15", "source", "gdpr:14-2-f", collects("indirect"),
        said("where data that people did not give comes from", ("topic", "source"))),
    _row("N17", "objection apart", "gdpr:21-4", can_be_objected_to, objection_apart, minor=True),
    _row("E01", "what is kept on devices", "eprivacy:5-3 edpb:2-2023",
        lambda p: bool(p.device_storage),
        said("what is kept on visitors' devices", ("topic", "cookies"), ("cookie", ""))),
    _row("E02", "asking before cookies", "eprivacy:5-3 cjeu:c-673-17", asks_on_device,
        asking_first),
    _row("E03", "how long cookies last", "cjeu:c-673-17", keeps_cookies, lifetimes),
    _row("E04", "refusing cookies", "gdpr:7-3", asks_on_device,
        said("how to refuse cookies, or to take consent back", ("topic", "cookie_choice"),
            ("right", "withdraw_consent"))),
    _row("E05", "stopping promotion", "eprivacy:13 gdpr:21-2", promotes,
        said("how to stop promotional messages", ("right", "marketing_opt_out"))),
    _row("C01", "what was collected", "ccpa:1798.130", always, all_of(
        said("which data was collected", ("data_category", "")),
        said("that this is about the last 12 months", ("topic", "past_12_months")))),
    _row("C02", "sale and sharing", "ccpa:1798.130", always,
        said("whether data is sold or shared", ("topic", "sale_or_sharing"),
            ("absolute_claim", "never_sell"))),
    _row("C04", "disclosures", "ccpa:1798.130", lambda p: bool(p.processors),
        said("to whom data is disclosed, and why", ("processor", ""), ("sub_processor", ""),
            ("topic", "recipients"))),
    _row("C05", "limit sensitive data", "ccpa:1798.121", uses_sensitive_data,
        said("how to limit the use of sensitive data", ("topic", "limit_sensitive"))),
    _row("C06", "rights", "ccpa:1798.105 ccpa:1798.106 ccpa:1798.130", always, all_of(
        californian_rights,
        said("that nobody is treated worse for using a right", ("topic", "no_retaliation")))),
    _row("C07", "how to use rights", "ccpa:1798.130 ccpa:1798.135", always, all_of(
        said("how to use the rights", ("right_channel", "")),
        said("how people who ask are verified", ("topic", "verification")),
        said("that somebody else may ask for them", ("topic", "authorised_agent")),
        said("signals of browsers (GPC)", ("topic", "gpc")))),
    _row("C08", "date", "ccpa:1798.130", always,
        said("the date of the last update", ("updated", ""))),
    _row("C09", "how long", "ccpa:1798.100", always,
        said("how long data is kept", ("retention", ""))),
    _row("C10", "opt-out of sale", "ccpa:1798.120 ccpa:1798.135", sells,
        said("a way to opt out of sale and sharing", ("topic", "do_not_sell"))),
)
# fmt: on
