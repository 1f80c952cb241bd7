"""How a policy can change: what each kind of change does to people, and who has to be told of it.

A change `widens` what happens to people's data, or takes a protection away; or it `narrows` it;
the rest is `neutral`. Where people have to be told, `references` name what has to be told, first:
GDPR Art. 13(3) of a further purpose, the paragraphs before it of all else that a notice says.
"""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

Weight = Literal["widens", "narrows", "neutral"]


class ChangeKind(msgspec.Struct, frozen=True, kw_only=True):
    """One way to change: `title` is what people read, `opposite` the key of the way back."""

    key: str
    title: str
    weight: Weight = "neutral"
    needs_notice: bool = False
    references: tuple[str, ...] = ()
    opposite: str


def _both(
    new: tuple[str, str], gone: tuple[str, str], *told: str, gone_too: bool = False
) -> tuple[ChangeKind, ChangeKind]:
    """Return what widens, and its opposite; people are told of the opposite only if it says so."""
    return (
        ChangeKind(
            key=new[0],
            title=new[1],
            weight="widens",
            needs_notice=bool(told),
            references=told,
            opposite=gone[0],
        ),
        ChangeKind(
            key=gone[0],
            title=gone[1],
            weight="narrows",
            needs_notice=gone_too,
            references=told,
            opposite=new[0],
        ),
    )


def _neutral(new: tuple[str, str], gone: tuple[str, str]) -> Iterator[ChangeKind]:
    """Return what comes and goes without people being any better or worse off."""
    return (msgspec.structs.replace(kind, weight="neutral") for kind in _both(new, gone))


def _other(key: str, title: str, *told: str, weight: Weight = "neutral") -> ChangeKind:
    """Return a change whose way back is of the same kind."""
    return ChangeKind(
        key=key,
        title=title,
        weight=weight,
        needs_notice=bool(told),
        references=told,
        opposite=key,
    )


_KINDS = (
    # why data is used
    *_both(
        ("activity-new", "new processing activity"),
        ("activity-gone", "processing activity no longer there"),
        "gdpr:13-3",
        "gdpr:13-1-c",
    ),
    *_both(
        ("purpose-wider", "wider purpose"),
        ("purpose-narrower", "narrower purpose"),
        "gdpr:13-3",
        "gdpr:13-1-c",
    ),
    _other("purpose-changed", "other purpose", "gdpr:13-3", "gdpr:13-1-c", weight="widens"),
    _other("basis-changed", "other legal basis", "gdpr:13-1-c", "gdpr:6"),
    _other("interest-changed", "other legitimate interest", "gdpr:13-1-d"),
    _other("special-basis-changed", "other basis for special categories", "gdpr:13-1-c", "gdpr:9"),
    # whose and which
    *_both(
        ("category-new", "new data category"),
        ("category-gone", "data category no longer used"),
        "gdpr:14-1-d",
        "gdpr:5-1-a",
    ),
    *_both(
        ("subject-new", "new group of people"),
        ("subject-gone", "group of people no longer concerned"),
        "gdpr:13",
    ),
    _other("source-changed", "other source of the data", "gdpr:14-2-f"),
    # with whom, and where
    *_both(
        ("processor-new", "new processor"),
        ("processor-gone", "processor no longer there"),
        "gdpr:13-1-e",
    ),
    *_both(
        ("recipient-new", "new recipient of an activity's data"),
        ("recipient-gone", "no longer a recipient of an activity's data"),
        "gdpr:13-1-e",
    ),
    _other("name-changed", "recipient under another name", "gdpr:13-1-e"),
    _other("role-changed", "other role of a recipient", "gdpr:13-1-e"),
    *_both(
        ("transfer-new", "new transfer out of the EEA"),
        ("transfer-gone", "transfer out of the EEA no longer there"),
        "gdpr:13-1-f",
    ),
    _other("safeguard-changed", "other safeguard of a transfer", "gdpr:13-1-f"),
    # how long
    *_both(
        ("retention-longer", "kept longer"),
        ("retention-shorter", "kept for a shorter time"),
        "gdpr:13-2-a",
        gone_too=True,
    ),
    _other("retention-changed", "kept longer or shorter, by the calendar", "gdpr:13-2-a"),
    *_both(
        ("anchor-later", "period runs from a later event"),
        ("anchor-earlier", "period runs from an earlier event"),
        "gdpr:13-2-a",
        gone_too=True,
    ),
    _other("anchor-changed", "period runs from another event", "gdpr:13-2-a"),
    *_both(
        ("deletion-weaker", "no longer deleted after the period"),
        ("deletion-stronger", "deleted after the period"),
        "gdpr:13-2-a",
        gone_too=True,
    ),
    _other("deletion-changed", "something else happens after the period", "gdpr:13-2-a"),
    # what people can do
    *_both(
        ("right-gone", "right no longer offered"),
        ("right-new", "right newly offered"),
        "gdpr:13-2-b",
        "gdpr:13-2-c",
        "gdpr:13-2-d",
        gone_too=True,
    ),
    _other("right-changed", "right is used in another way", "gdpr:13-2-b", "gdpr:12"),
    _other("contact-changed", "other contact", "gdpr:13-1-a"),
    _other("dpo-changed", "other data protection officer", "gdpr:13-1-b"),
    *_both(
        ("automated-on", "automated decisions are made"),
        ("automated-off", "automated decisions are no longer made"),
        "gdpr:13-2-f",
        "gdpr:22",
    ),
    _other("automated-changed", "automated decisions are made in another way", "gdpr:13-2-f"),
    # on the visitor's device
    *_both(
        ("storage-new", "new storage on the device"),
        ("storage-gone", "storage on the device no longer there"),
        "eprivacy:5-3",
        "gdpr:13-1-c",
    ),
    *_both(
        ("lifetime-longer", "stays longer on the device"),
        ("lifetime-shorter", "stays for a shorter time on the device"),
        "eprivacy:5-3",
        "gdpr:13-2-a",
    ),
    _other("lifetime-changed", "stays longer or shorter on the device", "gdpr:13-2-a"),
    *_both(
        ("consent-relaxed", "consent no longer asked for"),
        ("consent-tightened", "consent asked for"),
        "eprivacy:5-3",
        "gdpr:13-1-c",
    ),
    _other("exemption-changed", "exempt from consent for another reason", "eprivacy:5-3"),
    *_both(("spread-wider", "on more sites or pages"), ("spread-narrower", "on fewer")),
    # where it happens
    *_both(("site-new", "new site"), ("site-gone", "site no longer there")),
    *_both(("store-new", "new store"), ("store-gone", "store no longer there")),
    *_both(("account-new", "new account"), ("account-gone", "account no longer there")),
    *_both(("table-new", "new table"), ("table-gone", "table no longer there")),
    *_both(("field-new", "new field"), ("field-gone", "field no longer there")),
    _other("field-changed", "field holds something else"),
    # what is said, and what is accepted
    *_both(("claim-gone", "claim no longer made"), ("claim-new", "new claim")),
    _other("claim-changed", "claim in other words"),
    *_both(("notice-gone", "notice no longer there"), ("notice-new", "new notice")),
    *_both(
        ("measure-gone", "security measure no longer taken"),
        ("measure-new", "new security measure"),
    ),
    *_both(("waiver-new", "new waiver"), ("waiver-gone", "waiver no longer there")),
    *_neutral(
        ("attestation-new", "new attestation"),
        ("attestation-gone", "attestation no longer there"),
    ),
    *_neutral(
        ("jurisdiction-new", "new jurisdiction"),
        ("jurisdiction-gone", "jurisdiction no longer applied"),
    ),
    _other("detail-changed", "other detail"),
)

CHANGES: Final[dict[str, ChangeKind]] = {kind.key: kind for kind in _KINDS}
