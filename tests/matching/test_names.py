"""Which rows name a thing: the index answers as a comparison with every row would."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from auditor.matching import Declarations, Sight
from auditor.names import same_name
from auditor.policy import StorageRow
from auditor.testing import policy, site

identifiers = st.text(alphabet="ab_*", min_size=4, max_size=7).filter(
    lambda text: len(text.replace("*", "")) >= 3
)


@given(st.lists(identifiers, max_size=6), st.text(alphabet="ab_*", max_size=7))
def test_naming_is_trying_each(written: list[str], name: str) -> None:
    """The index of names answers as a comparison with every row would."""
    rows = tuple(StorageRow(identifier=text, type="cookie") for text in written)
    sight = Sight(type="cookie", name=name, domain="example.org")
    promised = structs.replace(policy(""), device_storage=rows)
    found = Declarations(promised, site()).match(sight).row
    fitting = [text for text in written if same_name(text, name)]
    best = min(fitting, key=lambda t: ("*" in t, -len(t)), default=None)
    assert (found.identifier if found else None) == best
