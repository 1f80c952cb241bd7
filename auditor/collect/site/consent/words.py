"""What buttons of consent banners say, in ten languages, and what is meant by it.

Texts are compared in lower case and without accents (`plain`). The expressions are read by Python
and by the browser, so they hold nothing but words, alternatives and groups.
"""

import re
from enum import StrEnum
from unicodedata import combining, normalize

from auditor.names.text import whole

LONGEST = 60  # characters; what is longer is no button


class Meaning(StrEnum):
    """What a button does."""

    REJECT = "reject"
    ACCEPT = "accept"
    SAVE = "save"
    SETTINGS = "settings"


# Languages: en, de, fr, es, pt, it, nl, pl, sv, da.
_ALL = "all|alle|alles|tout|toutes|tous|todo|todos|todas|tudo|tutti|tutte|tutto|wszystkie|alla"
_NECESSARY = (
    "necessary|essential|essentials|required|notwendige|notwendigen|erforderliche|erforderlichen"
    "|essenzielle|essenziellen|necessaires|essentiels|indispensables|necesarias|necesarios"
    "|esenciales|necessarios|essenciais|necessari|essenziali|tecnici|noodzakelijke|noodzakelijk"
    "|functionele|niezbedne|nodvandiga|nødvendige"
)
_ONLY = (
    "only|just|nur|ausschliesslich|ausschließlich|uniquement|seulement|que|solo|unicamente"
    "|somente|apenas|so|soltanto|alleen|enkel|tylko|endast|bara|kun"
)
_REFUSE = (
    "reject|refuse|decline|deny|disagree|opt out|object"
    "|ablehnen|verweigern|widersprechen|refuser|rejeter|interdire|je refuse"
    "|rechazar|rechazo|denegar|rejeitar|recusar|nao aceitar|no aceptar"
    "|rifiuta|rifiutare|rifiuto|nega|non accetto|weigeren|weiger|afwijzen|niet akkoord"
    "|odrzuc|odmow|nie zgadzam sie|avvisa|neka|afvis|afslå"
)
_WITHOUT = (
    "without accepting|without consent|without agreeing|ohne zustimmung|ohne einwilligung"
    "|ohne zu akzeptieren|sans accepter|sin aceptar|sem aceitar|senza accettare"
    "|zonder accepteren|zonder te accepteren|bez akceptacji|utan att acceptera|uden at acceptere"
)
_NOT = "do not (?:accept|agree|consent|allow)|don't (?:accept|agree|consent|allow)|no,? thanks"
_AGREE = (
    "accept|accepting|agree|allow|consent|enable|okay|ok|got it|i understand|understood|yes"
    "|akzeptieren|akzeptiere|zustimmen|zulassen|erlauben|einverstanden|annehmen|verstanden"
    "|accepter|j'accepte|autoriser|d'accord|compris|aceptar|acepto|permitir|entendido|de acuerdo"
    "|aceitar|aceito|concordo|entendi|accetta|accettare|accetto|acconsento|consenti|ho capito"
    "|accepteren|accepteer|akkoord|toestaan|begrepen|akceptuj|akceptuje|zgadzam sie|zezwol"
    "|acceptera|godkann|tillat|jag forstar|accepter alle|godkend|tillad|accepterer"
)
_STORE = (
    "save|confirm|submit|apply|accept selected|allow selected|accept selection|allow selection"
    "|speichern|auswahl erlauben|auswahl akzeptieren|auswahl zulassen|auswahl bestatigen"
    "|bestatigen|enregistrer|valider|confirmer|sauvegarder|guardar|confirmar|salvar|gravar"
    "|salva|conferma|opslaan|bevestigen|selectie toestaan|zapisz|potwierdz|spara|bekrafta"
    "|gem|bekraeft|bekræft"
)
_SET = (
    "settings|preferences|manage|customi[sz]e|options|choices|configure|personali[sz]e"
    "|einstellungen|anpassen|verwalten|konfigurieren|auswahlen|mehr optionen"
    "|parametrer|parametres|personnaliser|gerer|choisir|reglages"
    "|configurar|configuracion|ajustes|preferencias|gestionar|personalizar"
    "|configuracoes|definicoes|gerir|gerenciar"
    "|impostazioni|preferenze|gestisci|personalizza|scegli"
    "|instellingen|voorkeuren|beheren|aanpassen|instellen"
    "|ustawienia|preferencje|dostosuj|zarzadzaj|installningar|anpassa|hantera|indstillinger|tilpas"
)
# A way out that is paid for is no refusal; nor is a link to a text one.
_OTHER = (
    "subscribe|subscription|abonnieren|abo|abonner|abonnement|abbonati|suscribirse|suscribete"
    "|pay|policy|notice|statement|richtlinie|datenschutzerklarung|politique|politica|beleid"
    "|sign in|log in|login|read more|learn more|mehr erfahren|en savoir plus"
)
_COOKIES = (
    "cookie|cookies|consent|privacy|tracking|gdpr|datenschutz|einwilligung|privatsphare"
    "|confidentialite|consentement|traceurs|privacidad|consentimiento|privacidade|consentimento"
    "|riservatezza|consenso|toestemming|prywatnosc|prywatnosci|ciasteczka|samtycke|samtykke|rgpd"
)


def _words(*alternatives: str) -> str:
    return rf"(?:^|[^a-z0-9])(?:{'|'.join(alternatives)})(?:[^a-z0-9]|$)"


_NECESSARY_ONLY = f"(?:{_ONLY}) .{{0,30}}(?:{_NECESSARY})|(?:{_NECESSARY}) .{{0,20}}(?:{_ONLY})"
_AGREE_ALL = f"(?:{_AGREE}) (?:.{{0,20}} )?(?:{_ALL})|(?:{_ALL}) (?:.{{0,20}} )?(?:{_AGREE})"

# In this order: "continue without accepting" refuses, "accept selected" saves.
_MEANINGS: tuple[tuple[Meaning | None, str], ...] = (
    (None, _words(_OTHER)),
    (Meaning.REJECT, _words(_REFUSE, _WITHOUT, _NOT, _NECESSARY_ONLY)),
    (Meaning.ACCEPT, _words(_AGREE_ALL)),
    (Meaning.SAVE, _words(_STORE)),
    (Meaning.SETTINGS, _words(_SET)),
    (Meaning.ACCEPT, _words(_AGREE)),
)
_COMPILED = tuple((meaning, re.compile(words)) for meaning, words in _MEANINGS)
_AGAIN = re.compile(_words(_SET))
_ABOUT = re.compile(_COOKIES)  # also in "cookiebanner"
# What the browser sends back at all: everything that any of them would find.
ANY = "|".join((*(words for meaning, words in _MEANINGS if meaning), _words(_COOKIES)))


def plain(text: str) -> str:
    """Return a text as it is compared: lower case, no accents, single spaces."""
    apart = normalize("NFKD", whole(text)).lower().replace("\u2019", "'")
    return " ".join("".join(mark for mark in apart if not combining(mark)).split())


def meaning(text: str) -> Meaning | None:
    """Return what a button with this text does in a banner; None where that is not said."""
    said = plain(text)
    if len(said) > LONGEST:
        return None
    return next((found for found, words in _COMPILED if words.search(said)), None)


def is_about_consent(text: str) -> bool:
    """Return whether a text is about cookies, consent or tracking."""
    return bool(_ABOUT.search(plain(text)))


def leads_back(text: str) -> bool:
    """Return whether a link leads to cookie settings: there people change their mind."""
    said = plain(text)
    return len(said) <= LONGEST and bool(_AGAIN.search(said)) and is_about_consent(said)
