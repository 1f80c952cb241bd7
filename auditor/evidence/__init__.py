"""What was seen: frozen data, one module per kind, with a JSON round trip (`bundle`)."""

from auditor.evidence.bundle import MAX_BYTES, Evidence, Tool, decode, encode
from auditor.evidence.gaps import Aspect, Gap, Reason, State
from auditor.evidence.site import (
    Contact,
    Cookie,
    CookieSent,
    CookieSet,
    HostFacts,
    Observation,
    PageLoaded,
    RequestSent,
    SiteEvidence,
    SiteObservation,
    Source,
    ValueShape,
)
from auditor.evidence.views import EverySite, PolicyItself, WaiverUse

__all__ = [
    "MAX_BYTES",
    "Aspect",
    "Contact",
    "Cookie",
    "CookieSent",
    "CookieSet",
    "EverySite",
    "Evidence",
    "Gap",
    "HostFacts",
    "Observation",
    "PageLoaded",
    "PolicyItself",
    "Reason",
    "RequestSent",
    "SiteEvidence",
    "SiteObservation",
    "Source",
    "State",
    "Tool",
    "ValueShape",
    "WaiverUse",
    "decode",
    "encode",
]
