import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.site.consent.words import ANY, Meaning, leads_back, meaning, plain

SAID = {
    Meaning.ACCEPT: (
        "Accept all|OK|I agree|Allow all cookies|Consent|Got it!|That's ok|Yes|Alle akzeptieren"
        "|Zustimmen|Verstanden|Tout accepter|J\u2019accepte|Accepter et fermer|Aceptar todo"
        "|Aceitar tudo|Concordo|Accetta tutti|Accetto|Alles accepteren|Akkoord|Akceptuj wszystkie"
        "|Zgadzam się|Godkänn alla|Tillad alle|Speichern und alle akzeptieren"
    ),
    Meaning.REJECT: (
        "Reject all|Decline|Deny|I do not accept|No, thanks|Only necessary cookies|Necessary only"
        "|Continue without accepting|Use necessary cookies only|Ablehnen|Alle ablehnen"
        "|Nur notwendige Cookies|Nur essenzielle Cookies akzeptieren|Weiter ohne Einwilligung"
        "|Tout refuser|Continuer sans accepter|Rechazar todo|Rejeitar|Recusar|Rifiuta tutti"
        "|Continua senza accettare|Weigeren|Alleen noodzakelijke|Odrzuć|Avvisa|Afvis"
    ),
    Meaning.SAVE: (
        "Save settings|Confirm my choices|Accept selected|Allow selection|Auswahl speichern"
        "|Enregistrer mes choix|Guardar|Salva preferenze|Opslaan"
    ),
    Meaning.SETTINGS: (
        "Cookie settings|Manage options|Customise|Einstellungen|Paramétrer|Personnaliser"
        "|Configurar|Personalizza|Instellingen|Ustawienia"
    ),
    None: "Privacy policy|Datenschutzerklärung|Close|\u00d7|Reject and subscribe|Home",
}


@pytest.mark.parametrize(
    ("text", "means"), [(text, means) for means in SAID for text in SAID[means].split("|")]
)
def test_what_buttons_say(text: str, means: Meaning | None) -> None:
    """Buttons of banners are understood; a way out that is paid for is no refusal."""
    assert meaning(text) is means
    assert means is None or re.search(ANY, plain(text))


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever a page writes on a button, it is read; and what has a meaning is sent back."""
    assert meaning(text) is None or re.search(ANY, plain(text))


def test_long_texts_are_no_buttons() -> None:
    """A sentence that speaks of accepting is not clicked."""
    assert meaning("By using this site you accept that we use cookies on your device.") is None


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Cookie settings", True),
        ("Manage consent", True),
        ("Datenschutz-Einstellungen", True),
        ("Gérer les cookies", True),
        ("Settings", False),
        ("Cookie recipes", False),
        ("A long text that speaks of cookies and of the settings of ovens", False),
    ],
)
def test_the_way_back(text: str, leads: bool) -> None:
    """Links to cookie settings are known from links to other settings."""
    assert leads_back(text) is leads
