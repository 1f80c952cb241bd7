"""The built-in checks, in the same form as anybody's: one entry point to one tuple."""

from auditor_checks.consent import contact_before_choice
from auditor_checks.cookie_attributes import careless_cookie
from auditor_checks.cookie_lifetime import cookie_kept_too_long
from auditor_checks.cookies import undeclared_cookie
from auditor_checks.notice import notice_not_linked
from auditor_checks.third_parties import undeclared_third_party
from auditor_checks.transport import insecure_transport

CHECKS = (
    undeclared_cookie,
    cookie_kept_too_long,
    careless_cookie,
    undeclared_third_party,
    contact_before_choice,
    insecure_transport,
    notice_not_linked,
)
