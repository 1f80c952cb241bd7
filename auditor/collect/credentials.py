"""How a secret from the environment becomes the headers that carry it."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from auditor.collect.refused import RefusedError
from auditor.evidence import Reason

EXTRA = "pip install 'policy-auditor[google]'"


class Secret(Struct, frozen=True, kw_only=True):
    """What a variable holds; never printed."""

    text: str

    def __repr__(self) -> str:
        """Return nothing of it."""
        return "Secret(...)"


def bearer(secret: Secret) -> Mapping[str, str]:
    """Return the header of a token (RFC 6750)."""
    return {"Authorization": f"Bearer {_one_line(secret.text)}"}


def google(*scopes: str) -> Callable[[Secret], Mapping[str, str]]:
    """Return what makes the header of a Google credential.

    A variable holds a ready access token, or the JSON of a service account or of workload identity
    federation: then google-auth asks Google for a token of these scopes only.
    """

    def headers(secret: Secret) -> Mapping[str, str]:
        if secret.text.lstrip().startswith("{"):
            return {"Authorization": f"Bearer {_token(secret, scopes)}"}
        return bearer(secret)

    return headers


def _token(secret: Secret, scopes: tuple[str, ...]) -> str:
    import json  # noqa: PLC0415

    try:
        import google.auth  # noqa: PLC0415 -- an extra
        from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415
        from google.auth.transport.requests import Request  # noqa: PLC0415
    except ImportError as error:
        needs = f"google-auth, to use a service account: {EXTRA}; or an access token"
        raise RefusedError(Reason.NO_CREDENTIAL, needs) from error
    try:
        info = json.loads(secret.text)
        found, _ = google.auth.load_credentials_from_dict(  # type: ignore[no-untyped-call]
            info, scopes=list(scopes)
        )
        found.refresh(Request())
    except (ValueError, GoogleAuthError, OSError) as error:
        needs = f"a key that Google accepts ({type(error).__name__})"
        raise RefusedError(Reason.NO_CREDENTIAL, needs) from None
    return str(found.token)


def _one_line(text: str) -> str:
    """Return a token as a header takes it; `RefusedError` where it is none."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise RefusedError(Reason.NO_CREDENTIAL, "a token: one word of plain letters")
    return token
