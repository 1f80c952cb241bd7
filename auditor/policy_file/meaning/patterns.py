"""Names with `*`: never so short that they cover nearly everything (contract, meaning 1)."""

from collections.abc import Iterator

from auditor.names import check_pattern
from auditor.policy import Policy
from auditor.policy_file.messages import Fault
from auditor.policy_file.strict_yaml import Path


def pattern_faults(policy: Policy) -> Iterator[Fault]:
    """Yield names in which a `*` stands beside fewer than three other characters."""
    for path, text in _patterns(policy):
        try:
            check_pattern(text)
        except ValueError as error:
            yield Fault(path=path, message=str(error))


def _patterns(policy: Policy) -> Iterator[tuple[Path, str]]:
    for i, row in enumerate(policy.device_storage):
        yield ("device_storage", i, "identifier"), row.identifier
        for j, page in enumerate(row.pages):
            yield ("device_storage", i, "pages", j), page
    for i, site in enumerate(policy.sites):
        for j, page in enumerate(site.crawl.exclude):
            yield ("sites", i, "crawl", "exclude", j), page
    for j, name in enumerate(policy.code.exclude if policy.code else ()):
        yield ("code", "exclude", j), name
