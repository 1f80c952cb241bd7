"""The built-in checks, in the same form as anybody's: one entry point to one tuple."""

from auditor_checks.cname_cloaking import cloaked_host
from auditor_checks.code import undeclared_in_code
from auditor_checks.consent import (
    contact_after_refusal,
    contact_after_withdrawal,
    contact_before_choice,
)
from auditor_checks.consent_banner import (
    harder_refusal,
    impossible_refusal,
    missing_banner,
    preticked_box,
)
from auditor_checks.consent_record import contact_without_consent
from auditor_checks.contracts import missing_contract
from auditor_checks.cookie_attributes import careless_cookie
from auditor_checks.cookie_lifetime import cookie_kept_too_long
from auditor_checks.cookies import undeclared_cookie
from auditor_checks.exemption import doubtful_exemption
from auditor_checks.fingerprinting import fingerprinted_device
from auditor_checks.gpc import ignored_signal
from auditor_checks.leaks import leaked_data
from auditor_checks.legal_basis import missing_basis
from auditor_checks.notice import notice_not_linked
from auditor_checks.notice_contact import unreachable_controller
from auditor_checks.notice_content import incomplete_notice
from auditor_checks.notice_contradiction import contradicted_claim
from auditor_checks.notice_language import other_language
from auditor_checks.notice_processors import missing_processor, unlisted_processor
from auditor_checks.notice_retention import other_period
from auditor_checks.notice_rights import untold_right
from auditor_checks.notice_stale import stale_notice
from auditor_checks.orphans import left_over
from auditor_checks.policy_change import unannounced_change
from auditor_checks.policy_itself import undecided_value
from auditor_checks.privileges import credential_that_can_write
from auditor_checks.processor_categories import category_at_processor
from auditor_checks.processor_data import data_kept_too_long
from auditor_checks.processor_settings import (
    open_to_others,
    script_put_into_pages,
    setting_keeps_too_long,
)
from auditor_checks.promises import unobserved_promise
from auditor_checks.retention import record_kept_too_long
from auditor_checks.secrets import exposed_secret
from auditor_checks.session_recording import recorded_visit
from auditor_checks.storage import undeclared_storage
from auditor_checks.stored_categories import undeclared_category
from auditor_checks.stored_fields import missing_field, undeclared_field
from auditor_checks.stored_tables import undeclared_table
from auditor_checks.tags import undeclared_tag
from auditor_checks.third_parties import undeclared_third_party
from auditor_checks.transfer import unsafe_transfer
from auditor_checks.transport import insecure_transport
from auditor_checks.unanswered_requests import unanswered_request
from auditor_checks.unprovable import age_not_known
from auditor_checks.usage import unused_entry
from auditor_checks.waiving import expired_waiver, unused_waiver

CHECKS = (
    # the code
    undeclared_in_code,
    # the site
    undeclared_cookie,
    cookie_kept_too_long,
    careless_cookie,
    undeclared_storage,
    undeclared_third_party,
    contact_before_choice,
    contact_after_refusal,
    contact_after_withdrawal,
    missing_banner,
    impossible_refusal,
    harder_refusal,
    preticked_box,
    ignored_signal,
    cloaked_host,
    fingerprinted_device,
    recorded_visit,
    undeclared_tag,
    insecure_transport,
    exposed_secret,
    leaked_data,
    notice_not_linked,
    # the notice
    missing_processor,
    unlisted_processor,
    other_period,
    untold_right,
    unreachable_controller,
    incomplete_notice,
    other_language,
    contradicted_claim,
    stale_notice,
    # stored data
    record_kept_too_long,
    age_not_known,
    undeclared_category,
    undeclared_field,
    missing_field,
    undeclared_table,
    contact_without_consent,
    # accounts at processors
    data_kept_too_long,
    setting_keeps_too_long,
    category_at_processor,
    script_put_into_pages,
    open_to_others,
    left_over,
    unanswered_request,
    credential_that_can_write,
    # the policy itself
    undecided_value,
    unsafe_transfer,
    missing_basis,
    missing_contract,
    doubtful_exemption,
    unused_entry,
    unobserved_promise,
    unannounced_change,
    # what was accepted
    expired_waiver,
    unused_waiver,
)
