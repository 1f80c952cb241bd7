"""The row that people are shown can be written into the policy, whatever was seen."""

from hypothesis import example, given
from hypothesis import strategies as st

from auditor.evidence import SiteEvidence, StorageKept
from auditor.matching import Declarations, Kept, stanza
from auditor.names import template
from auditor.testing import cookie, kept, policy, site

KINDS = ("local_storage", "session_storage", "indexed_db", "cache_storage", "service_worker")
HOSTS = ("example.org", "www.example.org", "js.stripe.com", "who.example", "192.0.2.1")
STRIPE = "processors: [{id: stripe, domains: ['*.stripe.com']}]\n"


def rows_of(seen: SiteEvidence) -> str:
    """Return the rows to write for everything that is kept."""
    declarations = Declarations(policy(STRIPE), seen)
    items = [stanza(declarations, item) for item in seen.storage]
    items += [stanza(declarations, item, "P1D") for item in seen.cookies]
    return "".join(item.partition("\n")[2] for item in items)


@given(st.text(max_size=250), st.sampled_from(KINDS), st.sampled_from(HOSTS))
@example("00000", "local_storage", "example.org")
def test_every_row_loads(name: str, kind: str, host: str) -> None:
    """Names are data of pages: no name breaks the file, or says something else in it."""
    text = f"{STRIPE}device_storage:\n{rows_of(site(kept(name, storage=kind, host=host)))}"
    (row,) = policy(text).device_storage or (None,)
    assert row is None or row.identifier in {name, "TODO"}
    assert row is None or row.type == kind


@given(st.text(alphabet="ab_ .:é", min_size=3, max_size=30).filter(str.strip))
def test_a_row_that_is_written_names_what_was_seen(name: str) -> None:
    """Nothing but what people have to decide is missing: the row then covers it."""
    seen = site(kept(template(name)), cookie(template(name)))
    rows = rows_of(seen)
    for key, value in (("purpose", "essential"), ("consent", "required")):
        rows = rows.replace(f"{key}: TODO", f"{key}: {value}")
    declarations = Declarations(policy(f"device_storage:\n{rows}"), seen)
    items: tuple[Kept, ...] = (*seen.storage, *seen.cookies)
    for item in items:
        assert [match.is_declared for match, _ in declarations.matches_of(item)] == [True]


def test_a_foreign_writer_goes_before_our_own() -> None:
    """Two wrote it: the one that people have to be told of is named."""
    ours: StorageKept = kept("uid")
    assert "set_by: stripe" in rows_of(site(ours, kept("uid", writer="js.stripe.com")))
