"""Services: each is one that the catalogue knows, since only those say anything."""

from collections.abc import Iterator

from auditor.knowledge.catalogue import services
from auditor.policy import Policy
from auditor.policy_file.messages import Fault, shown
from auditor.vocabulary import suggestion

ADVICE = "docs/services.md lists them; leave it out if it is not there"


def service_faults(policy: Policy) -> Iterator[Fault]:
    """Yield ids of services that the catalogue does not hold."""
    for i, processor in enumerate(policy.processors):
        for j, service in enumerate(processor.services):
            if service not in services():
                end = suggestion(service, services(), ADVICE)
                message = f"{shown(service)} is no service that we know; {end}"
                yield Fault(path=("processors", i, "services", j), message=message)
