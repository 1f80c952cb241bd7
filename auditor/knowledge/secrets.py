"""Keys that must never be public, found in what everybody is given: documents, scripts, JSON.

A kind is known by its form, as its vendor gives it; where that says too little, by what stands
beside it. Not found: keys that are encoded or put together at run time, and keys that have no
form of their own. Algolia's admin key is one of those: 32 hex digits, as is its key for searching,
which belongs on pages (www.algolia.com/doc/guides/security/api-keys). Not secret at all: the key
of a Firebase or Google Maps page (`AIza...`, firebase.google.com/docs/projects/api-keys),
`pk_live_...` of Stripe, `sb_publishable_...` of Supabase. Temporary keys of AWS (`ASIA...`) are
left alone: browsers are given them on purpose.
"""

import base64
import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import msgspec
import re2

from auditor.names.randomness import looks_random

_NEAR = 250  # bytes on each side of a key, in which what belongs to it is looked for
_LONGEST = 2000  # bytes that are looked at of one
_MOST = 10_000  # possible keys in one text
_FEWEST = 6  # different characters: random hex digits have more

# What stands in place of a quote or a line's end: in JavaScript and JSON, and in an address.
_ESCAPES = rb"\\[bfnrtv]|\\u00[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2}"
_ESCAPE = re.compile(_ESCAPES)
_MADE_UP = re.compile(
    rb"example|placeholder|redacted|change_?me|replace|insert|dummy|sample"
    rb"|your[_-]?(?:api|key|token|secret)|[x*.]{5}|0{6}|12345678|abcdefgh",
    re.IGNORECASE,
)
_BASE64 = re.compile(rb"[A-Za-z0-9/+]{40,}")
_ALPHANUMERIC = re.compile(rb"[A-Za-z0-9]{32,}")


def find_secrets(text: str) -> tuple[str, ...]:
    """Return the kinds of secret keys in a text, sorted; the keys themselves are not kept.

    One pass of RE2, whatever the text is: 10 to 35 ms for 5 MB of script. What has the form of a
    key is looked at more closely 10,000 times at most, in all less than a second: `TooManyError`
    where there is more.
    """
    data = text.encode("utf-8", "surrogatepass")
    found: set[str] = set()
    for number, match in enumerate(_ANY.finditer(data)):
        if number == _MOST:
            raise TooManyError(found)
        kind, _, is_one = KEYS[match.lastindex - 1]
        if kind not in found:
            start, end = match.span(match.lastindex)
            body = data[start : min(end, start + _LONGEST)]
            near = _ESCAPE.sub(b" ", data[max(0, start - _NEAR) : start + len(body) + _NEAR])
            if _is_real(body) and is_one(body, near):
                found.add(kind)
    return tuple(sorted(found))


class TooManyError(ValueError):
    """So much looks like a key that not all of it was looked at; `found` is what was."""

    def __init__(self, found: Iterable[str]) -> None:
        """Keep the kinds that were found until then, sorted."""
        super().__init__(f"more than {_MOST} possible keys")
        self.found = tuple(sorted(found))


def _is_real(body: bytes) -> bool:
    """Return whether this is more than a placeholder of some manual."""
    return len(set(body)) >= _FEWEST and not _MADE_UP.search(body)


def _by_form(_body: bytes, _near: bytes) -> bool:
    return True


def _has_digit(body: bytes, _near: bytes) -> bool:
    return any(character in b"0123456789" for character in body)


def _has_aws_secret(_body: bytes, near: bytes) -> bool:
    """Return whether the other half is there; 40 hex digits are a commit or a hash."""
    return _any_real(
        run
        for run in _BASE64.findall(near)
        if len(run) == 40 and run.lower() != run != run.upper()  # noqa: PLR2004 -- its length
    )


def _has_twilio_secret(_body: bytes, near: bytes) -> bool:
    return _any_real(
        run
        for run in _ALPHANUMERIC.findall(near)
        if len(run) == 32 and _has_digit(run, near)  # noqa: PLR2004 -- its length
    )


def _any_real(bodies: Iterable[bytes]) -> bool:
    return any(map(_is_real, bodies))


def _is_airtables(body: bytes, near: bytes) -> bool:
    """Return whether it is no word, such as the name of a function, and Airtable is named."""
    return looks_random(body.decode()) and b"airtable" in near.lower()


def _is_mailguns(_body: bytes, near: bytes) -> bool:
    return b"mailgun" in near.lower()


class _Claims(msgspec.Struct):
    """The part of a JSON Web Token that says what it is good for."""

    role: str = ""
    iss: str = ""


def _is_service_role(body: bytes, _near: bytes) -> bool:
    """Return whether the claims are Supabase's for everything; its public demonstration is not."""
    try:
        data = base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))
        claims = msgspec.json.decode(data, type=_Claims)
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return False
    return claims.role == "service_role" and claims.iss != "supabase-demo"


class _Key(NamedTuple):
    """A kind of key: its form in RE2, whose one group is the random part, and a last test."""

    kind: str
    form: bytes
    is_one: Callable[[bytes, bytes], bool] = _by_form


_PEM = (
    rb"-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----"
    rb"""(?:\\+[nr]|[\s"'`+,\\]){0,20}([A-Za-z0-9+/]{40,64})"""
)

KEYS: Final = (
    # docs.stripe.com/keys: secret and restricted keys; those for tests move no money.
    _Key("Stripe secret key", rb"[sr]k_live_([A-Za-z0-9]{16,})"),
    _Key("Stripe test key", rb"[sr]k_test_([A-Za-z0-9]{16,})"),
    # docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: an id, and beside it
    # the secret of 40 characters.
    _Key("AWS access key", rb"AKIA([A-Z2-7]{16})\b", _has_aws_secret),
    # cloud.google.com/iam/docs/keys-create-delete: a key file, also that of Firebase's Admin SDK.
    _Key(
        "Google service account key",
        rb"private_key_id\W{1,12}[0-9a-f]{40}[\Wnr]{1,24}private_key\W{1,12}" + _PEM,
    ),
    # docs.slack.dev/authentication/tokens, docs.slack.dev/messaging/sending-messages-using-
    # incoming-webhooks: the address is the secret.
    _Key("Slack token", rb"(?:xox[a-z](?:\.xox[a-z])?|xapp)-([0-9A-Za-z-]{20,})", _has_digit),
    _Key(
        "Slack webhook",
        rb"hooks\.slack\.com(?:\\?/|%2F)(?:services|workflows|triggers)"
        rb"(?:(?:\\?/|%2F)\w{6,}){2}(?:\\?/|%2F)(\w{16,})",
    ),
    # github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available
    # github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header
    _Key("GitHub token", rb"(?:gh[oprsu]_|github_pat_)([\w.-]{36,})"),
    # airtable.com/developers/web/api/authentication; the older ones ended in February 2024.
    _Key("Airtable personal access token", rb"pat[A-Za-z0-9]{14}\.([0-9a-f]{64})\b"),
    _Key("Airtable API key", rb"key([A-Za-z0-9]{14})\b", _is_airtables),
    # www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys: 69 characters.
    _Key("SendGrid API key", rb"SG\.([\w-]{22}\.[\w-]{43})"),
    # documentation.mailgun.com/docs/mailgun/api-reference/authentication; `pubkey-` is public.
    _Key("Mailgun API key", rb"key-([0-9a-z]{32})\b", _has_digit),
    _Key("Mailgun API key", rb"([0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})\b", _is_mailguns),
    # www.twilio.com/docs/glossary/what-is-a-sid: an account's or a key's id, beside its secret.
    _Key("Twilio key", rb"(?:AC|SK)([0-9a-f]{32})\b", _has_twilio_secret),
    # github.blog/2021-09-23-announcing-npms-new-access-token-format
    _Key("npm token", rb"npm_([A-Za-z0-9]{36})\b"),
    # help.openai.com, "Best practices for API key safety"; each has "OpenAI" in base64 in it.
    _Key("OpenAI API key", rb"sk-((?:[a-z]+-)?[\w-]{20,}T3BlbkFJ[\w-]{20,})"),
    # support.claude.com, "API key best practices": never in what browsers are given.
    _Key("Anthropic API key", rb"sk-ant-[a-z]{3,8}[0-9]{2}-([\w-]{40,})"),
    # answers.netlify.com/t/change-to-the-netlify-authentication-token-format/106146
    _Key("Netlify token", rb"nf[bcopu]_([A-Za-z0-9]{36})\b"),
    # supabase.com/docs/guides/getting-started/api-keys: these pass every rule of the database.
    _Key("Supabase secret key", rb"sb_secret_([\w-]{20,})"),
    _Key(
        "Supabase secret key",
        rb"eyJ[\w-]{8,}\.(eyJ[\w-]{8,})\.[\w-]{20,}",
        _is_service_role,
    ),
    # RFC 7468 §10, RFC 9580 §6.2: a key of a server, of a person or of an app. Stays the last:
    # it alone does not begin as a word does.
    _Key("private key", _PEM),
)
_OPTIONS = re2.Options()
_OPTIONS.encoding = re2.Options.Encoding.LATIN1  # keys are ASCII: nothing needs to be decoded
_OPTIONS.log_errors = False
# A key begins where a word does, or after an escape.
_FORMS = b"|".join(key.form for key in KEYS[:-1])
_ANY = re2.compile(rb"(?:\b|%b)(?:%b)|%b" % (_ESCAPES, _FORMS, KEYS[-1].form), _OPTIONS)
