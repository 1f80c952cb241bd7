"""The report's shapes: fingerprints that hold still, and JSON in the contract's words."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence import Reason
from auditor.findings import Counts, JudgedGap, fingerprint

words = st.text(max_size=20)


def test_a_fingerprint_is_a_fixed_digest() -> None:
    """It is the same in each version of the tool: people keep it in waivers and trackers."""
    told = fingerprint("cookie-undeclared", "site:www", "cookie:_ga@example.org", "")
    assert told == "2609c99a6a5310c55cb9eb22ad7c64e3949b965a731ab6e7a8c5b8f6016ff5af"


@given(st.tuples(words, words, words, words), st.tuples(words, words, words, words))
def test_fingerprints_differ_by_each_part(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    """Check, subject, object and facet are told apart, also where they run into each other."""
    assert (fingerprint(*one) == fingerprint(*other)) is (one == other)


def test_json_uses_the_words_of_the_contract() -> None:
    """`pass` is no Python name, and a gap without attestation says null."""
    assert msgspec.to_builtins(Counts(passed=2))["pass"] == 2
    gap = msgspec.to_builtins(JudgedGap(what="w", reason=Reason.NO_CREDENTIAL, needs="n"))
    assert gap == {"what": "w", "reason": "no_credential", "needs": "n", "attested_by": None}
