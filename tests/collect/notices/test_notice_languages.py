"""Whole notices in the other languages, as the facts that people read in them."""

# ruff: noqa: E501 -- a fact is a line

from datetime import UTC, datetime
from pathlib import Path

from inline_snapshot import snapshot

from auditor.collect.notices.collecting import read_notice
from auditor.collect.notices.fetching import Got
from auditor.evidence import Fact

CASES = Path(__file__).parent / "cases"
MOMENT = datetime(2026, 1, 15, 12, tzinfo=UTC)


def facts_in(language: str) -> list[str]:
    """Return what the notice in a language says, as lines; its language is known by its text."""
    place = f"{language}.md"
    notice = read_notice("privacy", Got(data=(CASES / place).read_bytes(), place=place), MOMENT)
    assert (notice.language, str(notice.updated)) == (language, "2026-03-03")
    assert notice.gaps == ()
    topics = " ".join(sorted({fact.key for fact in notice.of("topic")}))
    return [_line(fact) for fact in notice.facts if fact.kind != "topic"] + [f"topics {topics}"]


def _line(fact: Fact) -> str:
    """Return where a fact stands, what kind it is, and all that it says."""
    parts = (fact.key, fact.name, fact.address, fact.wording, fact.period, fact.anchor)
    lists = (" ".join(fact.about), " ".join(fact.countries), "listed" if fact.is_listed else "")
    said = " | ".join(part for part in (*parts, *lists) if part)
    return f"{fact.place.line:>2} {fact.kind} {said}".rstrip()


def test_a_french_notice_is_understood() -> None:
    """Every sentence of a whole French notice becomes the facts that people read in it."""
    assert facts_in("fr") == snapshot(
        [
            "10 controller L'association Les Amis du Port",
            "10 dpo email | dpo@port.example",
            "10 contact email | dpo@port.example",
            "15 data_category user.name",
            "15 data_category user.contact.email",
            "15 data_category user.demographic.date_of_birth",
            "19 purpose essential.service.operations",
            "19 purpose essential.service.operations.support",
            "20 purpose marketing.communications.email",
            "20 opt_in marketing.communications",
            "22 purpose marketing.communications.email",
            "22 legal_basis consent | marketing.communications.email",
            "22 legal_basis legitimate_interests | marketing.communications.email",
            "26 absolute_claim never_sell",
            "30 processor brevo | Brevo | https://www.brevo.com/ | envoi de la newsletter | marketing.communications.email | FR | listed",
            "31 processor Hébergeur du Large | hébergement du site | essential.service.operations | DE | listed",
            "33 processor stripe | Stripe | essential.service.payment_processing essential.fraud_detection",
            "33 transfer sccs | US",
            "37 retention fixed | P14D | user.telemetry",
            "37 retention fixed | P2Y | account_closed",
            "37 legal_basis legal_obligation | finance",
            "37 retention fixed | P10Y",
            "37 retention by_law",
            "37 unmapped",
            "42 absolute_claim only_necessary_cookies",
            "46 cookie session | vous garder connecté | session | essential.service.authentication",
            "47 cookie _pk_id | mesure d'audience | P13M | analytics",
            "47 processor matomo | Matomo | mesure d'audience | analytics",
            "51 right restriction",
            "51 right erasure",
            "51 right rectification",
            "51 right access",
            "51 right objection",
            "51 right portability",
            "51 right withdraw_consent",
            "51 contact email | vieprivee@port.example",
            "51 right_channel email | vieprivee@port.example",
            "55 supervisory_authority CNIL | FR",
            "55 right complaint",
            "57 unmapped",
            " 8 updated 2026-03-03",
            "topics cookies recipients sale_or_sharing",
        ]
    )


def test_a_german_notice_is_understood() -> None:
    """Every sentence of a whole German notice becomes the facts that people read in it."""
    assert facts_in("de") == snapshot(
        [
            "10 controller Hafenfreunde",
            "10 dpo email | dsb@hafen.example",
            "10 contact email | dsb@hafen.example",
            "15 data_category user.name",
            "15 data_category user.contact.email",
            "15 data_category user.demographic.date_of_birth",
            "15 data_category user.device.ip_address",
            "15 absolute_claim no_special_categories",
            "21 purpose essential.service.operations",
            "21 purpose essential.service.operations.support",
            "22 purpose marketing.communications.email",
            "22 legal_basis consent | marketing.communications.email",
            "22 opt_in marketing.communications",
            "24 purpose marketing.communications.email",
            "24 purpose essential.service.operations",
            "24 legal_basis consent | marketing.communications.email essential.service.operations",
            "24 legal_basis legitimate_interests | marketing.communications.email essential.service.operations",
            "29 absolute_claim never_sell",
            "33 processor mailchimp | Mailchimp | https://mailchimp.com/legal/ | Versand des Newsletters | marketing.communications.email | US | listed",
            "34 processor Alsterhost GmbH | Hosting der Website | essential.service.operations | DE | listed",
            "36 processor stripe | Stripe | essential.service.payment_processing essential.fraud_detection",
            "36 transfer sccs | US",
            "41 retention fixed | P14D | user.telemetry",
            "41 retention fixed | P2Y | account_closed",
            "41 legal_basis legal_obligation | finance essential.legal_obligation",
            "41 retention fixed | P10Y",
            "41 retention by_law",
            "47 absolute_claim only_necessary_cookies",
            "51 cookie sitzung | hält Sie angemeldet | session | essential.service.authentication",
            "52 cookie _pk_id | Besucherstatistik | P13M | analytics",
            "52 processor matomo | Matomo | Besucherstatistik | analytics",
            "56 right rectification",
            "56 right access",
            "56 right restriction",
            "56 right erasure",
            "56 right portability",
            "56 right objection",
            "56 right withdraw_consent",
            "56 contact email | datenschutz@hafen.example",
            "56 right_channel email | datenschutz@hafen.example",
            "60 supervisory_authority Hamburgischen Beauftragten für Datenschutz | DE",
            "60 right complaint",
            "63 unmapped",
            " 8 updated 2026-03-03",
            "topics cookies legitimate_interest recipients sale_or_sharing",
        ]
    )


def test_a_spanish_notice_is_understood() -> None:
    """Every sentence of a whole Spanish notice becomes the facts that people read in it."""
    assert facts_in("es") == snapshot(
        [
            "10 controller Asociación Amigos del Puerto",
            "10 dpo email | dpd@puerto.example",
            "10 contact email | dpd@puerto.example",
            "15 data_category user.name",
            "15 data_category user.contact.email",
            "15 data_category user.demographic.date_of_birth",
            "15 absolute_claim no_special_categories",
            "20 purpose essential.service.operations",
            "20 purpose essential.service.operations.support",
            "21 purpose marketing.communications.email",
            "21 opt_in marketing.communications",
            "23 purpose marketing.communications.email",
            "23 purpose essential.service.operations",
            "23 purpose essential.service.security",
            "23 legal_basis consent | marketing.communications.email essential.service.operations essential.service.security",
            "23 legal_basis legitimate_interests | marketing.communications.email essential.service.operations essential.service.security",
            "28 absolute_claim never_sell",
            "32 processor mailchimp | Mailchimp | https://mailchimp.com/legal/ | envío del boletín | marketing.communications.email | US | listed",
            "33 processor Nube del Norte S.L | alojamiento del sitio | essential.service.operations | ES | listed",
            "35 processor stripe | Stripe | essential.service.payment_processing essential.fraud_detection",
            "35 transfer sccs | US",
            "40 retention fixed | P14D | user.telemetry",
            "40 retention fixed | P2Y | account_closed",
            "40 legal_basis legal_obligation | finance",
            "40 retention fixed | P10Y",
            "40 retention by_law",
            "46 absolute_claim only_necessary_cookies",
            "50 cookie sesion | mantiene la sesión iniciada | session | essential.service.authentication",
            "51 cookie _ga | estadísticas de visitas | P13M | analytics",
            "51 processor google-analytics | Google Analytics | estadísticas de visitas | analytics",
            "55 right restriction",
            "55 right erasure",
            "55 right rectification",
            "55 right access",
            "55 right portability",
            "55 right objection",
            "55 right withdraw_consent",
            "55 contact email | privacidad@puerto.example",
            "55 right_channel email | privacidad@puerto.example",
            "59 supervisory_authority Agencia Española de Protección de Datos | ES",
            "59 right complaint",
            "61 unmapped",
            " 8 updated 2026-03-03",
            "topics cookies legitimate_interest recipients sale_or_sharing source",
        ]
    )


def test_a_portuguese_notice_is_understood() -> None:
    """Every sentence of a whole Portuguese notice becomes the facts that people read in it."""
    assert facts_in("pt") == snapshot(
        [
            "10 controller Associação Amigos do Porto",
            "10 dpo email | epd@porto.example",
            "10 contact email | epd@porto.example",
            "15 data_category user.name",
            "15 data_category user.contact.email",
            "15 data_category user.demographic.date_of_birth",
            "15 data_category user.device.ip_address",
            "15 absolute_claim no_special_categories",
            "20 purpose essential.service.operations",
            "20 purpose essential.service.operations.support",
            "21 purpose marketing.communications.email",
            "21 opt_in marketing.communications",
            "23 purpose marketing.communications.email",
            "23 purpose essential.service.security",
            "23 legal_basis consent | marketing.communications.email essential.service.security",
            "23 legal_basis legitimate_interests | marketing.communications.email essential.service.security",
            "28 absolute_claim never_sell",
            "32 processor mailchimp | Mailchimp | https://mailchimp.com/legal/ | envio da newsletter | marketing.communications.email | US | listed",
            "33 processor Nuvem do Douro Lda | alojamento do site | essential.service.operations | PT | listed",
            "35 processor stripe | Stripe | essential.service.payment_processing essential.fraud_detection",
            "35 transfer sccs | US",
            "40 retention fixed | P14D | user.telemetry",
            "40 retention fixed | P2Y | account_closed",
            "40 legal_basis legal_obligation | finance",
            "40 retention fixed | P10Y",
            "40 retention by_law",
            "46 absolute_claim only_necessary_cookies",
            "50 cookie sessao | mantém a sessão iniciada | session | essential.service.authentication",
            "51 cookie _ga | estatísticas de visitas | P13M | analytics",
            "51 processor google-analytics | Google Analytics | estatísticas de visitas | analytics",
            "55 right restriction",
            "55 right erasure",
            "55 right rectification",
            "55 right access",
            "55 right portability",
            "55 right objection",
            "55 right withdraw_consent",
            "55 contact email | privacidade@porto.example",
            "55 right_channel email | privacidade@porto.example",
            "59 supervisory_authority Comissão Nacional de Proteção de Dados | PT",
            "59 right complaint",
            "61 unmapped",
            " 8 updated 2026-03-03",
            "topics cookies legitimate_interest recipients sale_or_sharing",
        ]
    )
