"""Counts of a scan, headers without proof, and values that two detectors fit."""

from auditor.collect.stores.counting import Counted, Scan
from auditor.collect.stores.profiling import profile_column
from auditor.collect.stores.reader import Column, Kind, Sample
from auditor.evidence import Found

NOTES = tuple(f"the customer called again about order {n}, no answer" for n in range(200))


def profiled(
    name: str,
    values: tuple[str, ...],
    *,
    kind: Kind = "text",
    filled: int = 100_000,
    scanned: Scan | None = None,
) -> tuple[Found, ...]:
    """Profile a column of a table of users by a sample."""
    sample = Sample(rows=filled, filled=filled, values=values)
    return profile_column(
        "users", Column(name=name, type=kind, kind=kind), sample, scanned=scanned
    )


def scan(**hits: int) -> Scan:
    """Return a scan in which every hit was tried, and was right."""
    counts = {
        name: Counted(hits=number, tried=number, fits=number, apart=0, alone=number)
        for name, number in hits.items()
    }
    return Scan(filled=100_000, counts=counts)


def test_a_scan_finds_what_the_sample_missed() -> None:
    """Counts of a whole scan are exact, and replace those of the sample."""
    (found,) = profiled("reason", NOTES, scanned=scan(iban=500))
    assert found.category == "user.financial.bank_account"
    assert (found.hits, found.looked_at, found.exhaustive) == (500, 100_000, True)
    assert found.low == found.high == 0.005


def test_a_scan_without_hits_takes_back_a_guess() -> None:
    """What a sample would say is not said where the scan counted nothing."""
    mails = tuple(f"p{n}@example.org" for n in range(20))
    assert [found.category for found in profiled("x", mails)] == ["user.contact.email"]
    assert profiled("x", mails, scanned=scan()) == ()


def test_names_of_users_under_email() -> None:
    """A header without one fitting value is believed a little, and bounded."""
    (found,) = profiled("email", ("ada", "grace", "alan", "edsger") * 25)
    assert (found.detector, found.hits, found.looked_at, found.low) == ("email", 0, 100, 0)
    assert 0.029 < found.high < 0.03
    assert found.confidence == "low"


def test_nothing_to_look_at() -> None:
    """Without values a header is believed a little, and of the share nothing is said."""
    for name in ("email", "first_name", "phone"):
        (found,) = profiled(name, (), filled=0)
        assert (found.looked_at, found.low, found.high) == (0, 0.0, 1.0)
        assert found.confidence == "low"


def test_blank_values_do_not_count() -> None:
    """A column of phones that is mostly blank is judged by what is there."""
    (found,) = profiled("phone", ("+49 30 901820", "+33 1 70 18 99 00") + (" ",) * 98)
    assert (found.hits, found.looked_at, found.confidence) == (2, 2, "high")


def test_cards_that_a_spreadsheet_mangled() -> None:
    """Digits are gone and checksums wrong: the header says it."""
    (found,) = profiled("card_number", ("5.5E+15", "4.1E+15", "3.7E+14"))
    assert (found.category, found.by_name) == ("user.financial.credit_card", True)


def test_phones_with_dots_are_no_addresses_of_machines() -> None:
    """What fits two detectors is not taken for the rarer one."""
    values = ("30.59.84.10", "26.47.15.10") * 3 + ("(171) 555-2222",) * 94
    assert [found.category for found in profiled("c", values)] == ["user.contact.phone_number"]


def test_a_truth_is_no_address() -> None:
    """A boolean column holds no e-mail; that somebody is disabled it does say."""
    assert profiled("email", ("true", "false"), kind="boolean") == ()
    (found,) = profiled("disabled", ("true", "false"), kind="boolean")
    assert found.category == "user.health_and_medical"
