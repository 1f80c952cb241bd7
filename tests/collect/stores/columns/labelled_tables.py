"""Made-up tables in eleven languages, each column with what it holds: seeded, the same each time.

    python tests/collect/stores/columns/labelled_tables.py DIRECTORY

writes them as `benchmarks/columns.py` reads them. The headers are such as people give them in
forms and databases, and were written apart from the lexicon.
"""

import csv
import json
import random
import string
import sys
from collections.abc import Callable
from pathlib import Path

ROWS = 120
Make = Callable[[random.Random], str]

GIVEN = (
    "Anna Peter Marie Lukas Sofia Jan Elena Pierre Carmen Björn Zofia Marco Ingrid João".split()
)
FAMILY = "Weber Moreau Rossi Kowalska Lindqvist Silva Bakker Novák Ionescu O'Brien Ødegård".split()
TOWNS = "Lyon Graz Porto Gdynia Utrecht Bergamo Malmö Brno Cork Sevilla".split()
STREETS = ("Lindenstraße {n}", "{n} rue Victor Hugo", "Via Garibaldi {n}", "{n} Mill Lane")
THINGS = "Lamp Chair Kettle Notebook Backpack Bottle Mirror Carpet Pillow Blender".split()


def one_of(*options: str) -> Make:
    """Return a maker of one of a few values."""
    return lambda r: r.choice(options)


def number(low: int, high: int) -> Make:
    """Return a maker of whole numbers."""
    return lambda r: str(r.randint(low, high))


def day(first: int, last: int) -> Make:
    """Return a maker of days, in years from `first` to `last`."""
    return lambda r: f"{r.randint(first, last)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}"


def given(r: random.Random) -> str:
    """Return a given name."""
    return r.choice(GIVEN)


def family(r: random.Random) -> str:
    """Return a family name."""
    return r.choice(FAMILY)


def full(r: random.Random) -> str:
    """Return both names."""
    return f"{given(r)} {family(r)}"


def email(r: random.Random) -> str:
    """Return an e-mail address."""
    host = r.choice(["example.org", "mail.example.com"])
    return f"{r.choice(string.ascii_lowercase)}.{r.randint(1, 9999)}@{host}"


def phone(r: random.Random) -> str:
    """Return a phone number in one of several forms."""
    form = r.choice(["+49 30 {}{}", "0{}-{}", "0{} / {}", "+33 1 70 18 {:.2} {:.2}"])
    return (
        form.format(r.randint(20, 99), r.randint(100000, 999999))
        if "{:" not in form
        else (f"+33 1 70 18 {r.randint(10, 99)} {r.randint(10, 99)}")
    )


def street(r: random.Random) -> str:
    """Return a street with a number."""
    return r.choice(STREETS).format(n=r.randint(1, 190))


def iban(r: random.Random) -> str:
    """Return a German IBAN with its check digits (ISO 13616)."""
    body = f"{r.randint(10**17, 10**18 - 1)}"
    return f"DE{98 - int(body + '131400') % 97:02}{body}"


def ip(r: random.Random) -> str:
    """Return an address of a range for documentation."""
    return f"{r.choice(['192.0.2', '198.51.100', '203.0.113'])}.{r.randint(1, 254)}"


def sku(r: random.Random) -> str:
    """Return the code of a thing."""
    return f"{r.choice('ABCD')}{r.randint(10, 99)}-{r.randint(1000, 9999)}"


def price(r: random.Random) -> str:
    """Return an amount."""
    return f"{r.uniform(1, 900):.2f}"


def uuid(r: random.Random) -> str:
    """Return a random UUID."""
    h = f"{r.getrandbits(128):032x}"
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def chat(r: random.Random) -> str:
    """Return a sentence that sometimes has an e-mail address in it."""
    said = f"Customer asked for the {r.choice(THINGS).lower()} again and wants it soon"
    return f"{said}, write to {email(r)} please" if r.random() < 0.08 else said


def thing(r: random.Random) -> str:
    """Return the name of a thing."""
    return f"{r.choice(THINGS)} {r.choice(['Classic', 'Pro', 'Mini', 'XL'])}"


NONE = "none"
# table -> header -> (what it holds, how values are made)
TABLES: dict[str, dict[str, tuple[str, Make]]] = {
    "crm_contacts": {
        "ContactID": (NONE, number(1, 9999)),
        "GivenName": ("user.name.first", given),
        "Surname": ("user.name.last", family),
        "WorkEmailAddr": ("user.contact.email", email),
        "MobilePhone1": ("user.contact.phone_number", phone),
        "MailingStreet": ("user.contact.address", street),
        "EmailOptOut": (NONE, one_of("0", "1")),
        "LastLoginIP": ("user.device.ip_address", ip),
        "LeadScore": (NONE, number(1, 100)),
        "CreatedAt": (NONE, day(2021, 2025)),
    },
    "kundenstamm": {
        "KdNr": (NONE, number(10000, 99999)),
        "Anrede": ("user.demographic.gender", one_of("Herr", "Frau")),
        "Vorname": ("user.name.first", given),
        "Nachname": ("user.name.last", family),
        "GebDatum": ("user.demographic.date_of_birth", day(1940, 2004)),
        "Strasse_HausNr": ("user.contact.address", street),
        "Tel_privat": ("user.contact.phone_number", phone),
        "E_Mail": ("user.contact.email", email),
        "Konfession": ("user.demographic.religious_belief", one_of("rk", "ev", "ohne", "--")),
        "Kontoverbindung": ("user.financial.bank_account", iban),
        "Rabattstufe": (NONE, number(1, 5)),
        "letzteAenderung": (NONE, day(2020, 2025)),
    },
    "adherents": {
        "num_adherent": (NONE, number(1000, 9999)),
        "nomFamille": ("user.name.last", family),
        "prenom_usuel": ("user.name.first", given),
        "dateNaissance": ("user.demographic.date_of_birth", day(1940, 2010)),
        "adresse_complete": ("user.contact.address", street),
        "telPortable": ("user.contact.phone_number", phone),
        "allergies_alimentaires": ("user.health_and_medical", one_of("noix", "aucune", "lait")),
        "montant_cotisation": (NONE, price),
        "date_adhesion": (NONE, day(2015, 2025)),
    },
    "empleados": {
        "id_empleado": (NONE, number(1, 999)),
        "nombre": ("user.name", full),
        "fechaNacimiento": ("user.demographic.date_of_birth", day(1960, 2003)),
        "correo_e": ("user.contact.email", email),
        "movil_empresa": ("user.contact.phone_number", phone),
        "afiliado_sindicato": ("user.demographic.trade_union", one_of("si", "no", "UGT")),
        "grado_discapacidad": ("user.health_and_medical", one_of("0", "33", "65")),
        "sueldo_bruto": ("user.financial", price),
        "centro_coste": (NONE, sku),
    },
    "clienti": {
        "codCliente": (NONE, sku),
        "ragione_sociale": (NONE, thing),
        "cognome_nome": ("user.name", full),
        "luogoNascita": ("user.demographic", one_of(*TOWNS)),
        "indirizzoSpedizione": ("user.contact.address", street),
        "recapitoTel": ("user.contact.phone_number", phone),
        "IBANcliente": ("user.financial.bank_account", iban),
        "ultimoOrdine": (NONE, day(2022, 2025)),
    },
    "leden": {
        "lidnummer": (NONE, number(1000, 9999)),
        "achternaam": ("user.name.last", family),
        "geb_datum": ("user.demographic.date_of_birth", day(1950, 2012)),
        "straat_huisnr": ("user.contact.address", street),
        "telefoonThuis": ("user.contact.phone_number", phone),
        "mailadres_ouder": ("user.contact.email", email),
        "contributie": (NONE, price),
    },
    "pacjenci": {
        "id_pacjenta": (NONE, number(1, 9999)),
        "imie": ("user.name.first", given),
        "nazwisko_panienskie": ("user.name.last", family),
        "dataUrodzenia": ("user.demographic.date_of_birth", day(1935, 2015)),
        "nrTelefonu": ("user.contact.phone_number", phone),
        "rozpoznanie_wstepne": ("user.health_and_medical", one_of("J45", "E11", "I10")),
        "termin_wizyty": (NONE, day(2024, 2025)),
    },
    "anstallda": {
        "anst_nr": (NONE, number(100, 999)),
        "Förnamn": ("user.name.first", given),
        "EFTERNAMN": ("user.name.last", family),
        "fodelsedatum": ("user.demographic.date_of_birth", day(1955, 2004)),
        "hemadress": ("user.contact.address", street),
        "mobilnr": ("user.contact.phone_number", phone),
        "lonegrupp": (NONE, number(1, 9)),
    },
    "zamestnanci": {
        "os_cislo": (NONE, number(100, 999)),
        "prijmeni": ("user.name.last", family),
        "datNarozeni": ("user.demographic.date_of_birth", day(1955, 2004)),
        "trvaleBydliste": ("user.contact.address", street),
        "zdravPojistovna": ("user.health_and_medical", one_of("111", "201", "205")),
        "nakladove_stredisko": (NONE, number(100, 900)),
    },
    "utilizatori": {
        "prenume": ("user.name.first", given),
        "data_nasterii": ("user.demographic.date_of_birth", day(1955, 2004)),
        "adresaDomiciliu": ("user.contact.address", street),
        "nr_tel": ("user.contact.phone_number", phone),
        "puncte_fidelitate": (NONE, number(0, 500)),
    },
    "asiakkaat": {
        "etunimi": ("user.name.first", given),
        "kotiosoite": ("user.contact.address", street),
        "syntymaaika": ("user.demographic.date_of_birth", day(1955, 2004)),
        "sahkopostiosoite": ("user.contact.email", email),
        "ostot_yht": (NONE, price),
    },
    "products": {
        "product_name": (NONE, thing),
        "sku": (NONE, sku),
        "ean13": (NONE, number(10**12, 10**13 - 1)),
        "unit_price": (NONE, price),
        "description": (NONE, lambda r: f"A {thing(r).lower()} for every day"),
        "title": (NONE, thing),
        "brand_name": (NONE, one_of("Acme", "Globex", "Initech")),
        "weight_g": (NONE, number(50, 9000)),
        "image_url": (NONE, lambda r: f"https://cdn.example.org/p/{r.randint(1, 999)}@2x.png"),
        "stock": (NONE, number(0, 500)),
        "firmware": (NONE, lambda r: f"{r.randint(1, 4)}.{r.randint(0, 9)}.{r.randint(0, 9)}.1"),
        "color": (NONE, one_of("black", "white", "red")),
    },
    "orders": {
        "order_uuid": (NONE, uuid),
        "customer_id": (NONE, number(1, 9999)),
        "invoice_no": (NONE, lambda r: f"2024-{r.randint(10000, 99999)}"),
        "ship_to_address": ("user.contact.address", street),
        "delivery_instructions": ("user.contact.email", chat),
        "tracking_number": (NONE, number(10**11, 10**12 - 1)),
        "placed_at": (NONE, lambda r: f"{day(2023, 2025)(r)}T1{r.randint(0, 9)}:00:00Z"),
        "period": (NONE, one_of("2023-2024", "2024-2025")),
        "total_gross": (NONE, price),
        "status": (NONE, one_of("open", "paid", "sent")),
        "checksum": (NONE, lambda r: f"{r.getrandbits(128):032x}"),
    },
    "warehouses": {
        "city": (NONE, one_of(*TOWNS)),
        "country_code": (NONE, one_of("DE", "FR", "PL")),
        "name": (NONE, lambda r: f"{r.choice(TOWNS)} {r.randint(1, 4)}"),
        "capacity": (NONE, number(100, 9000)),
        "host_ip_count": (NONE, number(1, 5)),
        "email_template": (NONE, one_of("welcome", "goodbye", "late")),
        "phone_type": (NONE, one_of("desk", "mobile")),
    },
    "app_events": {
        "event_name": (NONE, one_of("open", "close", "tap")),
        "visitorId": ("user.device.cookie_id", uuid),
        "payload": ("user.device.ip_address", lambda r: f'{{"src": "{ip(r)}", "n": 1}}'),
        "ua": ("user.device", lambda r: f"Mozilla/5.0 (X11; Linux) Gecko/{r.randint(1, 99)}"),
        "build": (NONE, lambda r: f"10.0.{r.randint(1000, 9999)}.{r.randint(1, 99)}"),
        "duration_ms": (NONE, number(1, 90000)),
    },
}


def values_of(table: str, header: str, rows: int = ROWS) -> tuple[str, ...]:
    """Return the made-up values of one column."""
    source = random.Random(f"{table}.{header}")  # noqa: S311 -- the same each time
    make = TABLES[table][header][1]
    return tuple(make(source) for _ in range(rows))


def write(directory: Path) -> None:
    """Write each table as CSV, and the labels."""
    labels = {f"{t}.{c}": label for t, cs in TABLES.items() for c, (label, _) in cs.items()}
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
    for table, columns in TABLES.items():
        with (directory / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*(values_of(table, name) for name in columns), strict=True))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
