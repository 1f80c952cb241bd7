"""Which checks on which subjects bear out each cell of the record: data, to be argued with.

A proof bears a cell out: all its checks have to pass on every subject of that kind, and there has
to be one. An objection can only contradict: it passes for too many reasons to prove anything.
What neither can show rests on the policy alone.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct


class Where(StrEnum):
    """Kinds of subjects, as seen from one activity and one period of it."""

    STORES = "stores"  # those that hold its data
    ACCOUNTS = "accounts"  # those that are used for it
    KEPT_IN_STORES = "kept in stores"  # those with records that this very period is for
    KEPT_AT_PROCESSORS = "kept at processors"  # likewise, at a processor
    CONSENTS = "consents"  # stores and accounts with records of consent to it
    SITES = "sites"  # all, if each of its recipients has hosts by which it would be seen
    EVERY_SITE = "every site"
    NOTICES = "notices"
    CODE = "code"  # likewise
    POLICY = "policy"


class Look(Struct, frozen=True):
    """Some checks, on every subject of a kind."""

    where: Where
    checks: tuple[str, ...]


class Rule(Struct, frozen=True, kw_only=True):
    """What bears a cell out, and what speaks against it.

    `wherever_it_is`: it has to hold wherever the data are, so nobody looked if the policy names no
    place to look at, or none at one of the recipients. Without, the cell is "declared only" there.
    """

    proofs: tuple[Look, ...] = ()
    objections: tuple[Look, ...] = ()
    wherever_it_is: bool = False


_PERIOD: Final = Rule(
    proofs=(
        # Nothing too old is there, and of nothing it cannot be told how old it is.
        Look(
            Where.KEPT_IN_STORES,
            ("retention-overdue", "retention-unprovable", "processor-retention-setting"),
        ),
        # Either may not apply: some services show records, others only how long they keep them.
        Look(Where.KEPT_AT_PROCESSORS, ("processor-data-overdue", "processor-retention-setting")),
    ),
    objections=(Look(Where.NOTICES, ("notice-retention",)),),
    wherever_it_is=True,
)

RULES: Final[dict[str, Rule]] = {
    # Who is responsible shows nowhere; that people are told otherwise does.
    "controller": Rule(objections=(Look(Where.NOTICES, ("notice-contact",)),)),
    # What data are really used for shows in no page and no database.
    "purpose": Rule(),
    "data_subjects": Rule(),
    "data_categories": Rule(
        proofs=(
            Look(Where.STORES, ("category-undeclared", "field-undeclared", "table-undeclared")),
            Look(Where.ACCOUNTS, ("processor-category", "field-undeclared")),
        ),
        wherever_it_is=True,
    ),
    # Nobody but those named is talked to. What goes by post or on a server shows nowhere.
    "recipients": Rule(
        proofs=(
            Look(Where.SITES, ("third-party-undeclared",)),
            Look(Where.CODE, ("code-undeclared-processor",)),
        ),
        objections=(
            Look(Where.EVERY_SITE, ("third-party-undeclared",)),
            Look(Where.NOTICES, ("notice-processor-missing", "notice-processor-unlisted")),
        ),
    ),
    "transfers": Rule(objections=(Look(Where.POLICY, ("policy-transfer",)),)),
    "erasure": _PERIOD,
    "practice": _PERIOD,
    # Locks and procedures cannot be looked at; what lies open can.
    "security": Rule(
        objections=(
            Look(Where.EVERY_SITE, ("transport-insecure", "secret-exposed")),
            Look(Where.STORES, ("credential-privilege", "processor-exposed")),
            Look(Where.ACCOUNTS, ("credential-privilege", "processor-exposed")),
        )
    ),
    "legal_basis": Rule(
        proofs=(Look(Where.CONSENTS, ("consent-record",)),),
        objections=(Look(Where.POLICY, ("policy-legal-basis",)),),
    ),
    "legitimate_interest": Rule(),
    "source": Rule(),
    "contracts": Rule(objections=(Look(Where.POLICY, ("policy-contract",)),)),
    "locations": Rule(),
    "rights": Rule(
        objections=(
            Look(Where.NOTICES, ("notice-rights",)),
            Look(Where.ACCOUNTS, ("rights-unanswered",)),
        )
    ),
    "automated_decisions": Rule(),
    "reviewed": Rule(objections=(Look(Where.NOTICES, ("notice-stale",)),)),
}
