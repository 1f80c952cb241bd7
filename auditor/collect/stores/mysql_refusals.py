"""Why MySQL did not answer, by the number of its error; its text may hold values."""

from auditor.collect.refused import RefusedError
from auditor.evidence import Reason

_DENIED = "GRANT SELECT on it, and on what it is made of"
# https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html, and MariaDB's
_REFUSALS: dict[int, tuple[Reason, str]] = {
    1045: (Reason.NO_CREDENTIAL, "a role and password that the server accepts"),
    1698: (Reason.NO_CREDENTIAL, "a role and password that the server accepts"),
    1044: (Reason.FORBIDDEN, "GRANT SELECT on the database that the address names"),
    1049: (Reason.UNREACHABLE, "a database of the name in the address"),
    1040: (Reason.RATE_LIMITED, "a server with connections to spare"),
    1203: (Reason.RATE_LIMITED, "a server with connections to spare"),
    1226: (Reason.RATE_LIMITED, "a role that may still ask"),
    1142: (Reason.FORBIDDEN, _DENIED),
    1143: (Reason.FORBIDDEN, _DENIED),
    1227: (Reason.FORBIDDEN, _DENIED),
    1370: (Reason.FORBIDDEN, _DENIED),
    1356: (
        Reason.FORBIDDEN,
        "a view whose definer may read what it is made of",
    ),
    1205: (Reason.TIMEOUT, "a table that nobody holds locked for long"),
    2003: (Reason.UNREACHABLE, "a MySQL server at the address"),
    2026: (Reason.UNREACHABLE, "TLS as the address demands it"),
    2013: (Reason.UNREACHABLE, "a server that stays connected"),
    2006: (Reason.UNREACHABLE, "a server that stays connected"),
}
_OVER = (1317, 1969, 3024)  # ended by a limit, or by somebody


def refusal(error: Exception, seconds: float, *, connecting: bool = False) -> RefusedError:
    """Return why there is no connection, or why a statement has no answer."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if number in _OVER or "timed out" in str(error):
        needs = f"a statement that ends within {seconds:g} seconds"
        return RefusedError(Reason.TIMEOUT, "a server that answers" if connecting else needs)
    if "certificate" in str(error).lower():
        return RefusedError(Reason.UNREACHABLE, "a certificate as the address demands it")
    if number in _REFUSALS:
        return RefusedError(*_REFUSALS[number])
    if connecting or isinstance(error, OSError):
        return RefusedError(Reason.UNREACHABLE, "a MySQL server at the address")
    needs = f"a table that the server can read so: it answers with error {number}"
    return RefusedError(Reason.NOT_VERIFIED, needs)
