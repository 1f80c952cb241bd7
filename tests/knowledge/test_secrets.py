"""Every kind of key is found wherever it stands; what only looks like one is not."""

import base64
import json
import random
import string
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.knowledge.secrets import KEYS, TooManyError, find_secrets

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
BASE32 = string.ascii_uppercase + "234567"
BASE64 = LETTERS + "+/"

Make = Callable[[random.Random], str]


def drawn(alphabet: str, length: int) -> Make:
    """Return what draws a random text."""
    return lambda chance: "".join(chance.choices(alphabet, k=length))


def joined(*parts: str | Make) -> Make:
    """Return what puts texts and random texts together."""
    return lambda chance: "".join(p if isinstance(p, str) else p(chance) for p in parts)


def token(claims: object) -> Make:
    """Return what makes a JSON Web Token."""
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return joined("eyJhbGciOiJIUzI1NiJ9.", body, ".", drawn(LETTERS, 43))


def pem(kind: str = "", line: str = "\n") -> Make:
    """Return what makes a private key as RFC 7468 writes it."""
    return joined(
        f"-----BEGIN {kind}PRIVATE KEY-----{line}",
        *(part for _ in range(3) for part in (drawn(BASE64, 64), line)),
        f"-----END {kind}PRIVATE KEY-----{line}",
    )


def google(quote: str = '"', line: str = "\\n") -> Make:
    """Return what makes the end of a key file of a service account."""
    name = f"{quote}private_key_id{quote}: {quote}"
    return joined(
        *(name, drawn(HEX, 40), f"{quote},\n  {quote}private_key{quote}: {quote}"),
        *(pem(line=line), f"{quote},"),
    )


AWS = joined("AKIA", drawn(BASE32, 16), '",secretAccessKey:"', drawn(BASE64, 40))
SLACK = joined("xoxb-", drawn(string.digits, 12), "-", drawn(LETTERS, 24))
OPENAI = joined(drawn(LETTERS, 20), "T3BlbkFJ", drawn(LETTERS, 20))
SERVICE_ROLE = {"iss": "supabase", "ref": "abc", "role": "service_role", "exp": 2_000_000_000}

PLANTED: list[tuple[str, Make]] = [
    ("Stripe secret key", joined("sk_live_", drawn(LETTERS, 24))),
    ("Stripe secret key", joined("rk_live_51", drawn(LETTERS, 97))),
    ("Stripe test key", joined("sk_test_", drawn(LETTERS, 24))),
    ("AWS access key", AWS),
    ("AWS access key", joined(drawn(BASE64, 40), "','AKIA", drawn(BASE32, 16))),
    ("Google service account key", google()),
    ("Google service account key", google('\\"', "\\\\n")),
    ("Slack token", SLACK),
    ("Slack token", joined("xoxe.xoxp-1-", drawn(LETTERS, 150))),
    ("Slack token", joined("xapp-1-A04B7C1D9E2-", drawn(string.digits, 13), "-", drawn(HEX, 64))),
    *(
        ("Slack webhook", joined(start, drawn(LETTERS, 24)))
        for start in (
            "https://hooks.slack.com/services/T0A1B2C3D/B0A1B2C3D4/",
            "https:\\/\\/hooks.slack.com\\/services\\/T0A1B2C3D\\/B0A1B2C3D4\\/",
            "https%3A%2F%2Fhooks.slack.com%2Fservices%2FT0A1B2C3D%2FB0A1B2C3D4%2F",
        )
    ),
    *(("GitHub token", joined(f"gh{letter}_", drawn(LETTERS, 36))) for letter in "pousr"),
    ("GitHub token", joined("ghs_", drawn(LETTERS, 40), ".", drawn(LETTERS, 90))),
    ("GitHub token", joined("github_pat_", drawn(LETTERS, 22), "_", drawn(LETTERS, 59))),
    (
        "Airtable personal access token",
        joined("pat", drawn(LETTERS, 14), ".", drawn(HEX, 64)),
    ),
    ("Airtable API key", joined("Airtable.configure({apiKey:'key", "aB3dE5gH7jK9mN", "'})")),
    ("SendGrid API key", joined("SG.", drawn(LETTERS, 22), ".", drawn(LETTERS + "-_", 43))),
    ("Mailgun API key", joined("key-", drawn(HEX, 32))),
    (
        "Mailgun API key",
        joined("api.mailgun.net',k:'", *(drawn(HEX, 32), "-"), drawn(HEX, 8), "-", drawn(HEX, 8)),
    ),
    ("Twilio key", joined("AC", drawn(HEX, 32), "','", drawn(HEX, 32))),
    ("Twilio key", joined("SK", drawn(HEX, 32), "','", drawn(LETTERS, 32))),
    ("npm token", joined("npm_", drawn(LETTERS, 36))),
    ("OpenAI API key", joined("sk-", OPENAI)),
    ("OpenAI API key", joined("sk-proj-", drawn(LETTERS + "-_", 54), "_", OPENAI)),
    ("Anthropic API key", joined("sk-ant-api03-", drawn(LETTERS + "-_", 93), "AA")),
    *(("Netlify token", joined(f"nf{letter}_", drawn(LETTERS, 36))) for letter in "bcopu"),
    ("Supabase secret key", joined("sb_secret_", drawn(LETTERS, 22), "_", drawn(LETTERS, 8))),
    ("Supabase secret key", token(SERVICE_ROLE)),
    ("private key", pem()),
    ("private key", pem(line="\\n")),
    ("private key", pem(line='\\n" +\n  "')),
    *(("private key", pem(f"{kind} ")) for kind in ("RSA", "EC", "OPENSSH", "ENCRYPTED")),
]
IDS = [f"{number}-{kind.replace(' ', '-')}" for number, (kind, _) in enumerate(PLANTED)]
# What stands before and after a key in documents, scripts and JSON.
AROUND = [('"', '"'), ("'", "',"), ("=", "&"), (">", "<"), (" ", " "), ("`", "`"), ("\n", "\n")]
ESCAPED = [('\\"', '\\"'), ("\\n", "\\n"), ("%22", "%22"), ("\\u0022", "\\u0022"), ("\\x27", "'")]


def test_every_kind_is_planted() -> None:
    """No row of the table is without its proof."""
    assert {row.kind for row in KEYS} == {kind for kind, _ in PLANTED}
    assert all(row.form.replace(rb"\(", b"").replace(b"(?", b"").count(b"(") == 1 for row in KEYS)


@pytest.mark.parametrize(("before", "after"), AROUND + ESCAPED)
@pytest.mark.parametrize(("kind", "make"), PLANTED, ids=IDS)
def test_each_is_found(kind: str, make: Make, before: str, after: str) -> None:
    """In quotes of all kinds, escaped or not, and as text."""
    key = make(random.Random(f"{kind}{before}"))  # noqa: S311 -- a test draws the same again
    assert find_secrets(f"x{before}{key}{after}y") == (kind,)


@given(
    st.sampled_from(PLANTED),
    st.integers(),
    st.text(max_size=200),
    st.text(max_size=200),
    st.sampled_from(AROUND),
)
def test_each_is_found_in_any_text(
    planted: tuple[str, Make], seed: int, start: str, end: str, around: tuple[str, str]
) -> None:
    """Whatever the key is and whatever stands before and after it."""
    kind, make = planted
    key = make(random.Random(seed))  # noqa: S311 -- Hypothesis chooses the seed
    assert kind in find_secrets(f"{start}{around[0]}{key}{around[1]}{end}")


@given(st.text(), st.sampled_from([row.form.decode()[:12] for row in KEYS]))
def test_no_text_breaks_it(text: str, start: str) -> None:
    """Any text, also with halves of surrogate pairs, is searched and not refused."""
    assert isinstance(find_secrets(f"{text}\ud800{start}{text}"), tuple)


def test_several_kinds_in_one_text() -> None:
    """Each kind once, in order."""
    chance = random.Random(1)  # noqa: S311 -- the same again
    text = " ".join(make(chance) for _, make in PLANTED * 2)
    assert find_secrets(text) == tuple(sorted({row.kind for row in KEYS}))


def test_a_key_after_many_that_are_none_is_found() -> None:
    """Thousands of placeholders before it do not hide it."""
    (make,) = (make for kind, make in PLANTED if kind == "npm token")
    key = make(random.Random(1))  # noqa: S311 -- the same again
    assert find_secrets(f"{' sk_live_xxxxxxxxxxxxxxxxxxxxxxxx' * 9000} {key}") == ("npm token",)


DIGITS = "4f9c2a1b77d05e6388aa10bc93d2e4f7"
SHA1 = f"{DIGITS}01ab23cd"
MIXED = "q7Wd0ZpLx3Rk9TvB2nYc8GhJ"


@pytest.mark.parametrize(
    "text",
    [
        # public by design
        f"AIzaSyD{DIGITS}",
        f"pk_live_{MIXED}",
        f"pk_test_{MIXED}",
        f"sb_publishable_{MIXED}",
        f"pubkey-{DIGITS}",
        "AKIA" + "Q7WDZPLX3RKTVB2N",
        f"AKIAQ7WDZPLX3RKTVB2N built from {SHA1}",
        f"ASIAQ7WDZPLX3RKTVB2N {MIXED}q7Wd0ZpLx3Rk9TvB",
        f"AC{DIGITS} is the account",
        f"algoliasearch('A1B2C3D4E5','{DIGITS}')",
        # placeholders
        "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
        "sk_live_XXXXXXXXXXXXXXXXXXXXXXXX",
        "sk_live_...",
        "sk_live_your_key_here",
        "sk_live_YOURSECRETKEYHERE00001",
        "sk_live_000000000000000000000000",
        "sk_test_abcdefghijklmnopqrstuvwx",
        "sk_live_0123456789012345678901234567",
        "aws: AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        f"ghp_{'a' * 36}",
        "ghp_examplexamplexamplexamplexamplexampl",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{'x' * 64}\n-----END PRIVATE KEY-----",
        # code that deals with keys
        '"-----BEGIN RSA PRIVATE KEY-----\\n" + body + "\\n-----END RSA PRIVATE KEY-----"',
        "if (key.startsWith('sk_live_') || key.startsWith('rk_live_')) warn()",
        "const prefix = /^gh[pousr]_[A-Za-z0-9]{36}$/",
        f"-----BEGIN PUBLIC KEY-----\n{MIXED * 3}\n-----END PUBLIC KEY-----",
        f"-----BEGIN CERTIFICATE-----\n{MIXED * 3}\n-----END CERTIFICATE-----",
        # names that begin alike
        f"task_live_{MIXED}",
        "keyboardShortcuts in Airtable, keydownListener12",
        f"keyaB3dE5gH7jK9mN without its name {DIGITS}",
        "key-navigation-bar-is-a-very-long-class-name",
        "key-abcdefghijklmnopqrstuvwxyzabcdef",
        "patternMatcher1234.js patApplication12.min.css",
        f"{DIGITS}-4f9c2a1b-77d05e63",
        "npm_config_registry npm_package_dependencies_typescript_version_is",
        "SG.Component.prototype.render",
        "xoxo-with-love-and-kisses-for-everybody",
        "sk-proj-card sk-admin-navigation-sidebar-collapsed",
    ],
)
def test_what_is_no_secret(text: str) -> None:
    """Public by design, a placeholder, code about keys, or a name that begins alike."""
    assert find_secrets(f'{{"k":"{text}"}}') == ()


@pytest.mark.parametrize(
    "claims",
    [
        {"role": "anon", "iss": "supabase"},
        {"role": "service_role", "iss": "supabase-demo"},
        {"sub": "service_role"},
        {"role": ["service_role"]},
        ["service_role"],
        "service_role",
    ],
)
def test_other_tokens(claims: object) -> None:
    """Supabase's public key, its demonstration, and tokens of anybody else."""
    make = token(claims)
    assert find_secrets(make(random.Random(1))) == ()  # noqa: S311 -- the same again


@pytest.mark.parametrize("body", ["eyJ" + "a" * 21, "eyJ" + "_" * 20, "eyJbbbbbbbbbbb"])
def test_broken_tokens(body: str) -> None:
    """What cannot be decoded is none."""
    assert find_secrets(f"eyJhbGciOiJIUzI1NiJ9.{body}.{MIXED}") == ()


SIZE = 5_000_000


def script() -> str:
    """Return 5 MB of something like minified code."""
    chance = random.Random(7)  # noqa: S311 -- the same again
    words = ["".join(chance.choices(LETTERS + "_-.", k=chance.randint(1, 9))) for _ in range(2000)]
    return " ".join(chance.choices([*words, *"(){};=,."], k=SIZE // 4))[:SIZE]


def test_a_large_script_costs_little() -> None:
    """5 MB take about 20 ms; far more is allowed here, for slow and busy machines."""
    text = script()
    began = time.perf_counter()
    assert find_secrets(text) == ()
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "text",
    [
        "eyJ",
        "eyJhbGciOi.",
        " eyJhbGciOiJI.eyJyb2xlIjoi.abcdefghijklmnopqrstuvwxyz",
        " AKIAQ7WDZPLX3RKTVB2N",
        f" AC{DIGITS}",
        " sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
        "-----BEGIN PRIVATE KEY-----\\n",
        "-----BEGIN A A ",
        "private_key_id",
        "hooks.slack.com/services/T0A1B2/",
        "\\",
        "%",
        "a",
        "é",
        "\ud800",
    ],
)
def test_hostile_texts_are_not_looked_at_for_ever(text: str) -> None:
    """5 MB of nearly a key, over and over: nothing is found, or there was too much."""
    found: tuple[str, ...] = ()
    try:
        found = find_secrets(text * (SIZE // len(text)))
    except TooManyError as error:
        found = error.found
    assert found == ()


def test_what_was_found_before_there_was_too_much() -> None:
    """A text full of nearly keys hides none that stands before them."""
    with pytest.raises(TooManyError) as raised:
        find_secrets("sk" + "_live_4eC39HqLyjWDarjtT1zdp7dc" + f" AC{DIGITS}" * 20_000)
    assert raised.value.found == ("Stripe secret key",)
