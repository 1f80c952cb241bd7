"""What was seen: frozen data, one module per kind, with a JSON round trip (`bundle`)."""

from auditor.evidence.bundle import MAX_BYTES, Evidence, Tool, decode, encode
from auditor.evidence.cookies import Cookie
from auditor.evidence.gaps import Aspect, Gap, Reason, State
from auditor.evidence.observations import (
    BannerSeen,
    ChoiceMade,
    CookieSent,
    CookieSet,
    FormSeen,
    Observation,
    PageLoaded,
    RequestSent,
    SecretFound,
    SiteObservation,
    StorageKept,
    StorageKind,
    ValueShape,
)
from auditor.evidence.site import (
    FIRST_ERROR,
    Behind,
    Contact,
    HostFacts,
    SiteEvidence,
    Source,
    Tls,
)
from auditor.evidence.storage import StoredItem
from auditor.evidence.views import EverySite, PolicyItself, WaiverUse

__all__ = [
    "FIRST_ERROR",
    "MAX_BYTES",
    "Aspect",
    "BannerSeen",
    "Behind",
    "ChoiceMade",
    "Contact",
    "Cookie",
    "CookieSent",
    "CookieSet",
    "EverySite",
    "Evidence",
    "FormSeen",
    "Gap",
    "HostFacts",
    "Observation",
    "PageLoaded",
    "PolicyItself",
    "Reason",
    "RequestSent",
    "SecretFound",
    "SiteEvidence",
    "SiteObservation",
    "Source",
    "State",
    "StorageKept",
    "StorageKind",
    "StoredItem",
    "Tls",
    "Tool",
    "ValueShape",
    "WaiverUse",
    "decode",
    "encode",
]
