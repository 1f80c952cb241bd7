"""Secrets: nobody is given a key that opens what is behind the site (GDPR Art. 32)."""

import re
from collections.abc import Iterator
from typing import Final

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, SecretFound, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.policy import Policy
from auditor.sighting import sightings as tell

MILD: Final = frozenset({"Stripe test key"})  # nothing real is behind it
LONGEST_NAME = 64  # characters


@check(
    "secret-exposed",
    title="No secret key is given to everybody",
    needs=SiteEvidence,
    references=["gdpr:5-1-f", "gdpr:32"],
    looks_at=[Aspect.CONTENT, Aspect.REQUESTS],
    passing=Example(policy="", seen=(example.request(f"{example.HOME}app.js"),)),
    failing=Example(policy="", seen=(example.secret("Stripe secret key"),)),
)
def exposed_secret(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Revoke the key first, then take it out: whoever opened the page may have it.

    Make a new one, and keep it on a server of your own that asks in the page's place. Then look
    in the service's log for what was done with the old key; if that touched personal data, it may
    be a breach that has to be reported.
    """
    found: dict[tuple[str, str], list[SecretFound]] = {}
    for seen in site.observations:
        if isinstance(seen, SecretFound):
            found.setdefault((seen.secret, seen.url), []).append(seen)
    declared = policy.site(site.site)
    for (kind, url), sightings in found.items():
        yield Finding(
            object=f"secret:{_slug(kind)}@{sightings[0].host}",
            facet=url,
            severity=Severity.MEDIUM if kind in MILD else Severity.CRITICAL,
            message=f"{url} holds what has to stay secret: {kind}",
            at=declared.at if declared else policy.section("sites"),
            seen=tell(sightings),
            remedies=(
                Remedy(kind="remove", text="revoke it now, where it was made: it is public"),
                Remedy(
                    kind="remove",
                    text="take it out, and let a server of your own ask with a new one",
                ),
            ),
        )


def _slug(kind: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-")[:LONGEST_NAME]
