"""Why PostgreSQL did not answer, by the code of its error; its text may hold values."""

from auditor.collect.refused import RefusedError
from auditor.evidence import Reason

# Codes, or what they begin with: https://www.postgresql.org/docs/current/errcodes-appendix.html
_REFUSALS: tuple[tuple[str, Reason, str], ...] = (
    ("55P03", Reason.TIMEOUT, "a table that nobody holds locked for long"),
    ("42501", Reason.FORBIDDEN, "GRANT SELECT on it, and on what it is made of"),
    ("55000", Reason.NOT_VERIFIED, "a view that is filled: REFRESH MATERIALIZED VIEW"),
    ("53300", Reason.RATE_LIMITED, "a server with connections to spare"),
    ("53", Reason.CAP_REACHED, "a server with memory and disk to spare"),
    ("28", Reason.NO_CREDENTIAL, "a credential that the server accepts"),
    ("HV", Reason.UNREACHABLE, "the other server, from which this table comes"),
    ("08", Reason.UNREACHABLE, "a server that stays connected"),
    ("57P", Reason.UNREACHABLE, "a server that stays connected"),
)
# While connecting there is no code, only what libpq and the server say
_BEFORE: tuple[tuple[str, Reason, str], ...] = (
    ("timeout expired", Reason.TIMEOUT, "a server that answers"),
    ("password authentication failed", Reason.NO_CREDENTIAL, "a password that is accepted"),
    ("no password supplied", Reason.NO_CREDENTIAL, "an address with a password"),
    ('role "', Reason.NO_CREDENTIAL, "a role that the server knows, and lets log in"),
    ("authentication failed", Reason.NO_CREDENTIAL, "a credential that the server accepts"),
    ("no pg_hba.conf entry", Reason.FORBIDDEN, "a server that lets this role in from here"),
    ("permission denied for database", Reason.FORBIDDEN, "GRANT CONNECT ON DATABASE"),
    ('database "', Reason.UNREACHABLE, "a database of the name in the address"),
    ("too many", Reason.RATE_LIMITED, "a server with connections to spare"),
    ("certificate", Reason.UNREACHABLE, "a certificate as `sslmode` in the address demands it"),
    ("SSL", Reason.UNREACHABLE, "TLS as `sslmode` in the address demands it"),
    ("invalid ", Reason.UNREACHABLE, "an address such as postgresql://role:password@host/name"),
    ("missing ", Reason.UNREACHABLE, "an address such as postgresql://role:password@host/name"),
)
OVER = "57014"  # a statement was cancelled


def not_connected(error: Exception) -> RefusedError:
    """Return why there is no connection."""
    text = str(error)
    for words, reason, needs in _BEFORE:
        if words in text:
            return RefusedError(reason, needs)
    return RefusedError(Reason.UNREACHABLE, "a PostgreSQL server at the address")


def refusal(error: Exception, seconds: float, *, timed_out: bool) -> RefusedError:
    """Return why a statement has no answer."""
    code = getattr(error, "sqlstate", None) or ""
    if code == OVER or timed_out:
        needs = f"a statement that ends within {seconds:g} seconds"
        return RefusedError(Reason.TIMEOUT, needs)
    for start, reason, needs in _REFUSALS:
        if code.startswith(start):
            return RefusedError(reason, needs)
    if not code:
        return RefusedError(Reason.UNREACHABLE, "a server that stays connected")
    needs = f"a table that PostgreSQL can read so: it answers with error {code}"
    return RefusedError(Reason.NOT_VERIFIED, needs)
