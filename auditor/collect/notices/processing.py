"""Which data, what for, on what ground, to where: what a notice says of the processing."""

from collections.abc import Iterator

from auditor.collect.notices.saying import affirmed, closest, said
from auditor.collect.notices.units import Unit
from auditor.evidence import Fact
from auditor.knowledge.notices.naming import countries_in, services_in
from auditor.vocabulary import is_special_category

_CONDITIONAL = frozenset({"no_cookies", "no_tracking", "no_analytics"})
_GENERAL = frozenset({"user"})
# Cookies and e-mail are means, and data where they stand beside other data.
_MEANS = frozenset({"user.device.cookie", "user.contact.email"})


def categories(unit: Unit) -> Iterator[Fact]:
    """Find which data is collected: where the text is about that, or a verb says so."""
    listed = unit.is_about("data") and unit.form in {"item", "row"}
    told = unit.has("verb", "collects") and unit.form != "heading"
    if unit.form == "heading" or not (listed or told) or _is_denied(unit):
        return
    if unit.is_about("rights", "contact") and not listed:
        return
    found = [key for key in affirmed(unit, "category") if key not in _GENERAL]
    no = set(closest(unit, "category")) - set(found)
    if special := tuple(sorted(key for key in no if is_special_category(key))):
        yield said(
            unit, "named as not collected", "absolute_claim", "not_collected", about=special
        )
    for key in found:
        if key in _MEANS and not listed and (len(found) == 1 or key == "user.device.cookie"):
            continue
        sure = "high" if told and unit.is_about("data") else "medium" if told else "low"
        yield said(unit, "what is collected", "data_category", key, confidence=sure)


def purposes(unit: Unit) -> Iterator[Fact]:
    """Find what data is used for."""
    if unit.form in {"heading", "row"} or unit.is_about("rights"):
        return
    told = unit.has("verb", "uses")
    if not told and not unit.is_about("purposes"):
        return
    for key in affirmed(unit, "purpose"):
        sure = "high" if unit.is_about("purposes") else "medium"
        yield said(unit, "what it is used for", "purpose", key, confidence=sure)


def legal_bases(unit: Unit) -> Iterator[Fact]:
    """Find grounds (GDPR Art. 6), with the purposes that stand in the same sentence."""
    if unit.form == "heading" or unit.is_about("rights"):
        return
    for key in unit.keys("legal_basis"):
        sure = "high" if unit.is_about("legal_basis") else "medium"
        about = closest(unit, "purpose")
        yield said(unit, "ground", "legal_basis", key, about=about, confidence=sure)


def transfers(unit: Unit) -> Iterator[Fact]:
    """Find where data goes, and what makes that lawful (GDPR Art. 44-49)."""
    if unit.form in {"heading", "row"}:
        return
    mechanisms = unit.keys("mechanism")
    if not (mechanisms or unit.hits.get("transfer_verb") or unit.is_about("transfer")):
        return
    where = countries_in(unit.text)
    is_about = unit.is_about("transfer", "recipients", "sub_processors")
    if not mechanisms and not (where and (is_about or unit.has("verb", "shares"))):
        return
    for key in mechanisms or ("",):
        sure = "high" if mechanisms or is_about else "medium"
        yield said(unit, "where data goes", "transfer", key, countries=where, confidence=sure)


def opt_ins(unit: Unit) -> Iterator[Fact]:
    """Find what only happens after somebody has said yes."""
    if unit.form == "heading":
        return
    for key in unit.keys("opt_in"):
        yield said(unit, "only after a yes", "opt_in", key, confidence="high")


def claims(unit: Unit) -> Iterator[Fact]:
    """Find what is claimed without exception, so that one thing seen contradicts it.

    "No cookies without your consent" has one: it waits for a yes.
    """
    if unit.form in {"heading", "row"} or unit.text.endswith("?"):
        return
    for key in unit.keys("claim"):
        if key in _CONDITIONAL and unit.hits.get("opt_in"):
            continue
        if key == "no_analytics" and services_in(unit.text):  # of one service, not of all
            continue
        yield said(unit, "claim without exception", "absolute_claim", key, confidence="high")


def topics(unit: Unit) -> Iterator[Fact]:
    """Find what checklists ask for, and no other rule finds."""
    if unit.form == "row":
        return
    sure = "low" if unit.form == "heading" else "medium"
    for key in unit.keys("topic"):
        yield said(unit, "topic", "topic", key, confidence=sure)


def _is_denied(unit: Unit) -> bool:
    """Return whether a sentence says what is *not* collected."""
    return any(key.startswith("no_") for key in unit.keys("claim"))
