"""Whose host it is: the index answers as a comparison with every pattern would."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.hosts import covers, parse_host_pattern, specificity
from auditor.matching import Declarations
from auditor.testing import policy, site

labels = st.sampled_from(["a", "b", "cdn", "x-y"])
hosts = st.lists(labels, min_size=1, max_size=3).map(lambda parts: ".".join([*parts, "example"]))
paths = st.lists(labels, max_size=3).map(lambda parts: "".join(f"/{part}" for part in parts))
patterns = st.builds(
    lambda star, host, path: f"{'*.' if star else ''}{host}{path}", st.booleans(), hosts, paths
)


@given(st.lists(patterns, min_size=1, max_size=8, unique=True), hosts, paths)
def test_looking_up_is_trying_each(written: list[str], host: str, path: str) -> None:
    """The index answers as a comparison with every pattern would."""
    entries = "\n".join(f"  - {{id: p{i}, domains: ['{t}']}}" for i, t in enumerate(written))
    promised = policy(f"processors:\n{entries}")
    fitting = [
        (specificity(pattern), f"p{number}")
        for number, pattern in enumerate(map(parse_host_pattern, written))
        if covers(pattern, host, path or "/")
    ]
    found = Declarations(promised, site()).processor(host, path or "/")
    assert (found.id if found else "") == max(fitting, default=(None, ""))[1]
