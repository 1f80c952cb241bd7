"""Names with `*`: never so short that they cover nearly everything (contract, meaning 1).

Evidence keeps ids as `*`, so a name that is nothing but an id is as short as that.
"""

from collections.abc import Iterator

from auditor.names import check_pattern, is_only_an_id
from auditor.policy import Policy
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path


def pattern_faults(policy: Policy) -> Iterator[Fault]:
    """Yield names in which a `*` stands beside fewer than three other characters."""
    for path, text in _patterns(policy):
        try:
            check_pattern(text)
        except ValueError as error:
            yield Fault(path=path, message=str(error))
            continue
        if is_only_an_id(text):
            message = (
                f"{shown(text)} looks like an id, and evidence keeps no ids: every other id would"
                " fit it too; name a part that stays the same"
            )
            yield Fault(path=path, message=message)


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
