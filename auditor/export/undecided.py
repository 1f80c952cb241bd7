"""What is said where policy.yaml says nothing: that it is not decided, or not declared."""

from auditor.policy import Entry, Policy


def is_undecided(policy: Policy, entry: Entry, key: str) -> bool:
    """Return whether the value of a key of an entry is `TODO`, or has one inside."""
    return (entry.at, key) in policy.undecided_keys()
