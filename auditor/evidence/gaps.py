"""What could not be observed, as a value: nothing is ever green for lack of looking."""

from enum import StrEnum

from msgspec import Struct


class Reason(StrEnum):
    """Why something in scope was not observed (contract §4)."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    NO_CREDENTIAL = "no_credential"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate_limited"
    PROBE_NOT_ARMED = "probe_not_armed"
    CANNOT_BE_SHOWN = "cannot_be_shown"  # no page or API exists: an attestation may cover it
    EVIDENCE_TOO_OLD = "evidence_too_old"
    CAP_REACHED = "cap_reached"
    CHECK_CRASHED = "check_crashed"
    NOT_IN_EVIDENCE = "not_in_evidence"
    NOT_VERIFIED = "not_verified"
    NOBODY_LOOKS = "nobody_looks"
    UNDECIDED = "undecided"


class State(StrEnum):
    """What the visitor had chosen in the consent banner when something was seen."""

    BEFORE = "before"
    REJECT = "reject"
    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    GPC = "gpc"


class Aspect(StrEnum):
    """A part of what evidence shows; a gap in one part does not concern checks of another."""

    REQUESTS = "requests"
    COOKIES = "cookies"
    STORAGE = "storage"
    LINKS = "links"
    CHOICES = "choices"
    CONTENT = "content"  # of documents and scripts
    DEVICE = "device"  # what scripts read of it
    INPUT = "input"  # what visitors type and do, and who hears of it
    NAMES = "names"  # to whom hosts' names lead in the DNS
    TABLES = "tables"  # which there are
    FIELDS = "fields"  # what is in them
    AGES = "ages"  # of records
    CONSENTS = "consents"  # on record
    PRIVILEGES = "privileges"  # of a credential
    SETTINGS = "settings"  # of a service
    SCRIPTS = "scripts"  # that a service adds to pages
    SUBJECTS = "subjects"  # who is in it, to be compared


class Gap(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Something in scope that was not observed, why, and what is needed to observe it.

    `what` is a page, state, credential, promise (`claim:ID`) and so on. A gap may be confined to
    some aspects and to one visitor state; otherwise it concerns everything.
    """

    what: str
    reason: Reason
    needs: str
    aspects: tuple[Aspect, ...] = ()
    state: State | None = None

    def concerns(self, aspects: frozenset[Aspect], states: frozenset[State]) -> bool:
        """Return whether somebody who looks at these aspects and states misses something."""
        return (not self.aspects or not aspects or not aspects.isdisjoint(self.aspects)) and (
            self.state is None or not states or self.state in states
        )
