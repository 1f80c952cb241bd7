"""Whole notices, and single sentences, as the facts that are read in them."""

# ruff: noqa: E501 -- a fact is a line

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.collect.notices.collecting import read_notice
from auditor.collect.notices.fetching import Got
from auditor.collect.refused import RefusedError
from auditor.evidence import Fact, NoticeEvidence

CASES = Path(__file__).parent / "cases"
MOMENT = datetime(2026, 1, 15, 12, tzinfo=UTC)


def read(text: str | bytes, name: str = "privacy.md", **server: str) -> NoticeEvidence:
    """Return what a notice says that is given as text or bytes."""
    data = text.encode() if isinstance(text, str) else text
    return read_notice("privacy", Got(data=data, place=name, **server), MOMENT)


def told(notice: NoticeEvidence, *kinds: str) -> list[str]:
    """Return facts as lines: place, kind, and every field that says something."""
    return [_line(fact) for fact in notice.facts if not kinds or fact.kind in kinds]


def _line(fact: Fact) -> str:
    parts = [
        f"{fact.place.line:>2} {fact.kind}",
        fact.key,
        fact.name,
        fact.owner,
        fact.address,
        f"for {fact.wording!r}" if fact.wording else "",
        f"about {' '.join(fact.about)}" if fact.about else "",
        fact.period,
        f"since {fact.anchor}" if fact.anchor else "",
        f"in {' '.join(fact.countries)}" if fact.countries else "",
        "listed" if fact.is_listed else "",
        f"({fact.confidence})",
    ]
    return " | ".join(part for part in parts if part)


def test_a_whole_notice_is_understood() -> None:
    """Every sentence of a whole English notice becomes the facts that people read in it."""
    notice = read((CASES / "en.md").read_text())
    about = (notice.title, notice.language, notice.declared, str(notice.updated), notice.gaps)
    assert about == snapshot(
        (
            "Privacy at Harbour Friends",
            "en",
            {"front_matter": "en", "title": "en", "path": "en"},
            "2026-03-03",
            (),
        )
    )
    assert [line for line in told(notice) if " topic" not in line] == snapshot(
        [
            "10 controller | Harbour Friends | (medium)",
            "10 dpo | email | dpo@harbour.example | (high)",
            "10 contact | email | dpo@harbour.example | (high)",
            "15 data_category | user.name | (high)",
            "15 data_category | user.contact.email | (high)",
            "15 data_category | user.demographic.date_of_birth | (high)",
            "15 absolute_claim | no_special_categories | (high)",
            "20 purpose | essential.service.operations | (high)",
            "20 purpose | essential.service.operations.support | (high)",
            "21 purpose | marketing.communications.email | (high)",
            "21 opt_in | marketing.communications | (high)",
            "23 purpose | marketing.communications.email | (high)",
            "23 legal_basis | consent | about marketing.communications.email | (medium)",
            "23 legal_basis | legitimate_interests | about marketing.communications.email | (medium)",
            "28 absolute_claim | never_sell | (high)",
            "32 processor | mailchimp | Mailchimp | The Rocket Science Group LLC | https://mailchimp.com/legal/ | for 'sends the newsletter' | about marketing.communications.email | in US | listed | (high)",
            "33 processor | Hafenhost GmbH | for 'hosts the website' | in DE | listed | (high)",
            "35 processor | stripe | Stripe | Stripe, LLC | about essential.service.payment_processing essential.fraud_detection | (medium)",
            "35 transfer | sccs | in US | (high)",
            "39 retention | fixed | about user.telemetry | P14D | (high)",
            "39 retention | fixed | P2Y | since account_closed | (high)",
            "39 legal_basis | legal_obligation | about finance | (medium)",
            "39 retention | fixed | P10Y | (high)",
            "39 retention | by_law | (medium)",
            "44 absolute_claim | only_necessary_cookies | (high)",
            "48 cookie | session | Harbour Friends | for 'keeps you signed in' | session | (high)",
            "49 cookie | _ga | Google Analytics | for 'visitor statistics' | about analytics | P13M | (high)",
            "49 cookie | _ga_* | Google Analytics | for 'visitor statistics' | about analytics | P13M | (high)",
            "49 processor | google-analytics | Google Analytics | Google LLC | for 'visitor statistics' | about analytics | (medium)",
            "53 right | access | (high)",
            "53 right | portability | (high)",
            "53 right | rectification | (medium)",
            "53 right | erasure | (medium)",
            "53 right | restriction | (medium)",
            "53 right | objection | (medium)",
            "53 right | withdraw_consent | (high)",
            "53 contact | email | privacy@harbour.example | (high)",
            "53 right_channel | url | https://harbour.example/rights | (high)",
            "53 right_channel | email | privacy@harbour.example | (high)",
            "57 supervisory_authority | Hamburgische Beauftragte für Datenschutz | in DE | (high)",
            "57 right | complaint | (high)",
            "59 unmapped | (low)",
            " 8 updated | 2026-03-03 | (high)",
        ]
    )
    assert {fact.key for fact in notice.of("topic")} == snapshot(
        {"cookies", "legitimate_interest", "sale_or_sharing", "source"}
    )


def test_the_same_notice_gives_the_same_facts() -> None:
    """Reading twice makes no difference, and neither do line ends, a byte-order mark, blanks."""
    text = (CASES / "en.md").read_text()
    first = read(text)
    assert read(text).facts == first.facts
    assert read(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()).facts == first.facts
    assert read(text.replace("privacy", "pri\u00advacy")).facts == first.facts


def test_a_page_says_the_same_as_its_source() -> None:
    """HTML and Markdown of one notice give the same facts; a page's have selectors, not lines."""
    page = read(PAGE, "notice.html")
    source = read(SOURCE)
    assert [(f.kind, f.key, f.sentence) for f in page.facts] == [
        (f.kind, f.key, f.sentence) for f in source.facts
    ]
    assert {(f.place.line, f.place.selector) for f in page.of("retention")} == snapshot(
        {(0, "#keep")}
    )
    assert {(f.place.line, f.place.selector) for f in source.of("retention")} == snapshot(
        {(12, "")}
    )


SOURCE = """# Privacy

We use only necessary cookies.

## Who gets data

These services process your data:

- Payments: [Stripe](https://stripe.com/)
- Hosting: [Netlify](https://www.netlify.com/)

We keep your name and e-mail address for 12 months after your last visit.
"""
PAGE = """<!doctype html><html lang="en"><title>Privacy</title><body><nav>Shop Stripe</nav><main>
<h1>Privacy</h1><p>We use only necessary cookies.</p><h2>Who gets data</h2>
<p>These services process your data:</p><ul><li>Payments: <a href="https://stripe.com/">Stripe</a>
<li>Hosting: <a href="https://www.netlify.com/">Netlify</a></ul>
<p id="keep">We keep your name and <b>e-mail</b> address for 12&nbsp;months after your last visit.</p>
<p hidden>We sell nothing to PayPal and keep it for 9 years.</p><script>"Mailchimp"</script>
<div style="display: none">Hotjar</div></main><footer>We use Vimeo</footer></body></html>"""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We delete logs after 30 days.", ["P30D"]),
        ("Backups are overwritten and removed within 4 weeks.", ["P4W"]),
        ("Data is stored for one year and 6 months after the last login.", ["P1Y6M last_login"]),
        ("We retain accounts for 24 months since you last used the app.", ["P24M last_used"]),
        ("Your data is kept as long as necessary.", ["as_needed"]),
        ("We store it until you delete your account.", ["until_event account_closed"]),
        ("We keep your message indefinitely.", ["indefinite"]),
        ("We reply to you within one month.", []),
        ("You must be at least 16 years old to keep an account.", []),
        ("We have collected donations for 20 years.", []),
        ("We keep records of the last 12 months.", []),
        ("We answer within a week and delete your message after 90 days.", ["P90D"]),
    ],
)
def test_periods_are_those_of_keeping(sentence: str, expected: list[str]) -> None:
    """A period counts where data is kept or deleted, with what it counts from; others do not."""
    found = read(f"# Privacy\n\n{sentence}\n").of("retention")
    said = [" ".join(filter(None, (f.period or f.key, f.anchor))) for f in found]
    assert said == expected


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("We use only necessary cookies.", "only_necessary_cookies"),
        ("This site does not use any cookies.", "no_cookies"),
        ("We never sell or rent your information.", "never_sell"),
        ("Your data will not be shared with third parties.", "no_sharing"),
        ("We do not use automated decision-making.", "no_profiling"),
        ("We do not track you across websites.", "no_tracking"),
        ("IP addresses are not stored.", "no_ip_addresses"),
    ],
)
def test_claims_without_exception_are_found(sentence: str, claim: str) -> None:
    """What is claimed without exception is a claim; asked as a question it is none."""
    assert [f.key for f in read(f"# Privacy\n\n{sentence}\n").of("absolute_claim")] == [claim]
    assert not read(f"# Privacy\n\n{sentence[:-1]}?\n").of("absolute_claim")


@pytest.mark.parametrize(
    "sentence",
    [
        "Our shop sells bread and rents rooms.",
        "We use cookies.",
        "Necessary cookies are set at once.",
        "We share our kitchen with you.",
    ],
)
def test_other_sentences_claim_nothing(sentence: str) -> None:
    """Sentences about selling, sharing and cookies are no claims by themselves."""
    assert not read(f"# Privacy\n\n{sentence}\n").of("absolute_claim")


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("We do not collect health data.", []),
        ("We collect your name, but we do not collect health data.", ["user.name"]),
        ("We never ask for health data, and we collect your name.", []),
        ("Health data is not collected.", []),
        ("No health data is collected.", []),
        ("We collect health data only if you give it.", ["user.health_and_medical"]),
        ("We do not store health data longer than needed.", ["user.health_and_medical"]),
        ("If you do not agree, we collect your name.", ["user.name"]),
        ("Nous ne recueillons pas de données de santé.", []),
        ("Aucune donnée de santé n'est recueillie.", []),
        ("Les données de santé ne sont pas collectées.", []),
        ("Nous recueillons votre nom mais jamais de données de santé.", ["user.name"]),
        (
            "Nous ne traitons vos données de santé que si vous le demandez.",
            ["user.health_and_medical"],
        ),
        ("Wir erheben keine Gesundheitsdaten.", []),
        ("Gesundheitsdaten verarbeiten wir nicht.", []),
        ("Wir erheben Ihren Namen, aber keine Gesundheitsdaten.", ["user.name"]),
        ("No recogemos datos de salud.", []),
        ("Los datos de salud no se recogen.", []),
        ("Não recolhemos dados de saúde.", []),
    ],
)
def test_what_is_denied_is_not_collected(sentence: str, found: list[str]) -> None:
    """A category that a notice says is not collected is none that it says is."""
    assert [fact.key for fact in read(f"{sentence}\n").of("data_category")] == found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("We do not use your data for marketing.", []),
        (
            "We use your data for payments and never for marketing.",
            ["essential.service.payment_processing"],
        ),
        (
            "We use your e-mail to send our newsletter and never share it.",
            ["marketing.communications.email"],
        ),
    ],
)
def test_what_is_denied_is_no_purpose(sentence: str, found: list[str]) -> None:
    """A purpose that a notice says data is not used for is none."""
    assert [fact.key for fact in read(f"{sentence}\n").of("purpose")] == found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("We do not use Google Analytics.", []),
        ("Nous n'utilisons pas Google Analytics.", []),
        ("Wir verwenden kein Google Analytics.", []),
        ("No utilizamos Google Analytics.", []),
        ("Não usamos o Google Analytics.", []),
        ("We no longer use [Hotjar](https://www.hotjar.com/).", []),
        ("We do not use Google Analytics, Facebook Pixel or Hotjar.", []),
        ("Wir setzen keine Dienste wie Google Analytics, Hotjar oder Facebook ein.", []),
        ("We use Stripe for payments and do not use Google Analytics.", ["stripe"]),
        ("We host with Netlify, not with AWS.", ["netlify"]),
        ("We use Matomo instead of Google Analytics.", ["matomo"]),
        ("We don't process payments ourselves, Stripe does.", ["stripe"]),
        ("We don't store card numbers; Stripe does.", ["stripe"]),
        ("We do not sell data and use Stripe for payments.", ["stripe"]),
        ("Payments go through Stripe, so we never see your card number.", ["stripe"]),
        ("We won't sell your data, which is stored with Airtable.", ["airtable"]),
        ("We do not share your data with anyone except Stripe.", ["stripe"]),
        ("If you do not pay with PayPal, we use Stripe.", ["paypal", "stripe"]),
    ],
)
def test_who_is_denied_gets_nothing(sentence: str, found: list[str]) -> None:
    """A service that a notice says is not used is no recipient; in doubt it stays one."""
    facts = read(f"{sentence}\n")
    assert [fact.key for fact in facts.of("processor")] == found
    assert not [fact for fact in facts.of("absolute_claim") if fact.key == "no_analytics"]


def test_what_is_denied_by_name_is_a_claim() -> None:
    """A service that is not used, and special categories that are not collected."""
    text = "We do not use Google Analytics or Hotjar.\n\nWe collect no health data and no names.\n"
    claims = [(fact.key, fact.about) for fact in read(text).of("absolute_claim")]
    assert claims == [
        ("not_used", ("google-analytics",)),
        ("not_used", ("hotjar",)),
        ("not_collected", ("user.health_and_medical",)),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ihren Namen verarbeiten wir nicht.",
        "Your name is not collected.",
    ],
)
def test_what_is_denied_is_listed_as_a_promise(sentence: str) -> None:
    """Nothing is dropped: a draft asks what would show it."""
    assert [fact.sentence for fact in read(f"{sentence}\n").of("unmapped")] == [sentence]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("You do not have the right to object.", "right", []),
        ("There is no right to data portability.", "right", []),
        ("# Your rights\n\nYou cannot ask us to delete your data.", "right", []),
        (
            "You have the right to access your data, but no right to data portability.",
            "right",
            ["access"],
        ),
        ("Vous n'avez pas le droit d'opposition.", "right", []),
        ("Sie haben kein Recht auf Datenübertragbarkeit.", "right", []),
        ("No tiene derecho de oposición.", "right", []),
        ("Não tem direito de oposição.", "right", []),
        ("You do not have to pay to use your right of access.", "right", ["access"]),
        ("We never treat you worse for using your right of access.", "right", ["access"]),
        ("We do not keep your name for 12 months; we delete it immediately.", "retention", []),
        ("We do not keep your name for longer than 12 months.", "retention", ["fixed"]),
        ("We do not keep your name after 12 months.", "retention", ["fixed"]),
        ("Data that is no longer used is deleted after 12 months.", "retention", ["fixed"]),
        ("Wir speichern Ihre Daten nicht länger als 12 Monate.", "retention", ["fixed"]),
        ("We have no data protection officer.", "dpo", []),
        ("Não temos encarregado da proteção de dados.", "dpo", []),
        (
            "## Third parties\n\nWe do not share data with:\n\n- Facebook\n- Stripe\n",
            "processor",
            [],
        ),
        ("## Third parties\n\nWe share data only with:\n\n- Stripe\n", "processor", ["stripe"]),
        (
            "## Your data\n\nWe do not collect:\n\n- health data\n- your name\n",
            "data_category",
            [],
        ),
    ],
)
def test_what_is_denied_is_not_told(text: str, kind: str, found: list[str]) -> None:
    """Rights, periods, officers, and what a list says is not so."""
    assert [fact.key for fact in read(f"{text}\n").facts if fact.kind == kind] == found


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("half a year", "P6M"),
        ("a year and a half", "P18M"),
        ("1.5 years", "P18M"),
        ("1,000 days", "P1000D"),
        ("0.3 years", ""),
        ("1.5 months", ""),
    ],
)
def test_parts_and_thousands(text: str, period: str) -> None:
    """A number with marks is one number; what is no whole number of units is no period."""
    found = [fact.period for fact in read(f"We keep it for {text}.\n").of("retention")]
    assert found == ([period] if period else [])


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The controller is Example Ltd. We collect your name.", "Example Ltd"),
        ("The controller is Example Inc. Contact us at a@example.org.", "Example Inc"),
        ("The controller is Example Ltd & Co.", "Example Ltd & Co"),
    ],
)
def test_where_the_controllers_name_ends(sentence: str, name: str) -> None:
    """A legal form's dot may end the sentence, too."""
    assert [fact.name for fact in read(f"{sentence}\n").of("controller")] == [name]


def test_what_waits_for_a_yes_is_no_claim_without_exception() -> None:
    """Without consent no cookies: that promises to ask, and not that there are none."""
    notice = read("# Privacy\n\nWe do not use any cookies unless you give us your consent.\n")
    assert [fact.kind for fact in notice.of("absolute_claim", "opt_in")] == ["opt_in"]


def test_a_recipient_is_known_by_link_and_by_name() -> None:
    """Links say which service of a firm is meant; names of everyday words need a list or a link."""
    notice = read(
        "# Privacy\n\n## Third parties\n\nThese companies process data for us:\n\n"
        "- Analytics: [Google](https://firebase.google.com/docs/analytics)\n"
        "- [Segment](https://segment.com/): customer data\n- Acme Hosting GmbH: hosting\n"
        "- Backups, twice a week\n\n"
        "## Other\n\nWe segment our readers and use Matomo. Follow [us](https://github.com/acme).\n"
    )
    assert told(notice, "processor") == snapshot(
        [
            " 7 processor | firebase-analytics | Google | Google LLC | https://firebase.google.com/docs/analytics | for 'Analytics' | about analytics | listed | (high)",
            " 8 processor | segment | Segment | Twilio Inc. | https://segment.com/ | for 'customer data' | about analytics | listed | (high)",
            " 9 processor | Acme Hosting GmbH | for 'hosting' | about essential.service.operations | listed | (medium)",
            "14 processor | matomo | Matomo | InnoCraft Limited | about analytics.reporting | (low)",
        ]
    )


def test_a_promise_that_fits_nothing_is_listed() -> None:
    """A sentence that promises something and could not be mapped is listed, not dropped."""
    notice = read(
        "# Privacy\n\nWe will always treat your stories with respect.\n\nBread is good.\n"
    )
    assert [fact.sentence for fact in notice.of("unmapped")] == [
        "We will always treat your stories with respect."
    ]


@pytest.mark.parametrize(
    ("text", "name", "server", "needs"),
    [
        ("", "privacy.md", {}, "some text in it"),
        ("<html><script src=app.js></script>", "a.html", {}, "a page that holds its text"),
        (
            "# Informativa\n\n" + "Raccogliamo i tuoi dati personali. " * 9,
            "it.md",
            {},
            "this is it",
        ),
        ("<div>" * 500 + "We never sell data.", "deep.html", {}, "at most 400 within"),
    ],
)
def test_what_could_not_be_read_is_a_gap(
    text: str, name: str, server: dict[str, str], needs: str
) -> None:
    """Nothing to read, text that scripts write, a foreign language: each is a gap."""
    (gap,) = read(text, name, **server).gaps
    assert needs in gap.needs


def test_a_section_in_a_language_that_is_not_read_is_a_gap() -> None:
    """What an Italian section of an English notice claims, nobody has read."""
    english = "# Privacy\n\n" + "We never sell the data that you give us to anybody. " * 9
    notice = read(f"{english}\n\n## Cookie\n\nUsiamo soltanto cookie tecnici necessari al sito.\n")
    (gap,) = notice.gaps
    assert (notice.language, gap.what) == ("en", "section “Cookie”")
    assert gap.needs.endswith("this is it")
    assert read(english).gaps == ()


@pytest.mark.parametrize(
    ("data", "name", "media"),
    [
        (b"%PDF-1.7 \0\1", "privacy.pdf", "application/pdf"),
        (b"%PDF-1.7 \0\1", "privacy.md", ""),
        (b"\xff\xfe\xfa\xfb", "privacy.md", ""),
    ],
)
def test_other_files_are_refused(data: bytes, name: str, media: str) -> None:
    """A PDF, or bytes that are no text, are refused with what to give instead."""
    with pytest.raises(RefusedError, match=r"as HTML or Markdown|in UTF-8"):
        read(data, name, media=media)


def test_a_page_in_another_encoding_is_read() -> None:
    """An encoding that a page or its server names is used."""
    body = "<p>We keep your naïve name for 3 months.</p>"
    named = f'<html><meta charset="windows-1252">{body}'.encode("cp1252")
    assert read(named, "a.html").of("retention")[0].sentence.startswith("We keep your naïve")
    served = read(f"<html>{body}".encode("cp1252"), "a", media="text/html; charset=cp1252")
    assert served.of("retention")[0].period == "P3M"


def test_what_a_notice_calls_itself_is_kept_beside_what_it_is() -> None:
    """The language that tags, addresses and servers name stands beside that of the text."""
    page = "<html lang='fr-FR'><title>Privacy</title><p>We keep your data for two years. " * 2
    notice = read(page, "https://x.org/de/privacy", media="text/html", language="pt-BR, en")
    assert notice.language == "en"
    assert notice.declared["html"] == "fr"
    assert notice.declared["header"] == "pt"


@given(st.text(max_size=300))
def test_any_text_is_read_to_an_end(text: str) -> None:
    """Whatever is written is read, and each fact's sentence is one of the notice's sentences."""
    data = text.encode("utf-8", "replace")
    for name in ("a.md", "a.html"):
        try:
            notice = read(data, name)
        except RefusedError:
            continue
        sentences = {sentence.text for sentence in notice.sentences}
        assert all(f.sentence in sentences or f.kind == "updated" for f in notice.facts)


@given(st.integers(1, 999), st.sampled_from(["day", "week", "month", "year"]))
def test_any_number_of_any_unit_is_a_period(number: int, unit: str) -> None:
    """A number and a unit are read as ISO 8601 has them."""
    notice = read(f"# Privacy\n\nWe keep your data for {number} {unit}s.\n")
    assert [f.period for f in notice.of("retention")] == [f"P{number}{unit[0].upper()}"]


def test_a_long_line_takes_no_long_time() -> None:
    """A megabyte without an end of a sentence is cut, and read in a few seconds."""
    begun = monotonic()
    notice = read("we keep your data for " * 50_000)
    assert monotonic() - begun < 60
    assert all(len(sentence.text) <= 2_000 for sentence in notice.sentences)
