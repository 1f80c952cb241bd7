from auditor.vocabulary import CHECK_SCOPES, SCOPES

# The check ids of the public contract, by the kind of thing they are about.
SITE = """
    cookie-undeclared cookie-lifetime cookie-attributes storage-undeclared third-party-undeclared
    consent-before-choice consent-after-reject consent-after-withdrawal consent-banner-missing
    consent-no-refusal consent-refusal-harder consent-preticked gpc-ignored personal-data-leak
    fingerprinting session-recording cname-cloaking secret-exposed transport-insecure notice-link
"""
NOTICE = """
    notice-processor-missing notice-processor-unlisted notice-retention notice-rights
    notice-contact notice-content notice-language notice-contradiction notice-stale
"""
STORES = """
    retention-overdue retention-unprovable category-undeclared field-undeclared field-missing
    table-undeclared consent-record
"""
ACCOUNTS = """
    processor-retention-setting processor-data-overdue processor-category credential-privilege
    erasure-orphan
"""
CODE = "code-undeclared-processor"
POLICY = """
    policy-unfinished policy-transfer policy-legal-basis policy-contract policy-exemption
    policy-entry-unused policy-change-unannounced promise-unobserved waiver-expired waiver-unused
"""
# Of ours: the contract lets checks be added.
MORE = "tag-undeclared"
MORE_OF_ACCOUNTS = "processor-script-undeclared processor-exposed rights-unanswered"
FIRST_SCOPES = {
    "site": f"{SITE} {MORE}",
    "notice": NOTICE,
    "stores": STORES,
    "accounts": f"{ACCOUNTS} {MORE_OF_ACCOUNTS}",
    "code": CODE,
    "policy": POLICY,
}


def test_the_ids_are_those_of_the_contract() -> None:
    """Nobody's waiver or `--only` breaks because an id went away or was spelt anew."""
    assert set(CHECK_SCOPES) == {word for ids in FIRST_SCOPES.values() for word in ids.split()}


def test_each_check_looks_first_where_the_contract_lists_it() -> None:
    """The first scope of a check is the heading it stands under."""
    wanted = {word: scope for scope, ids in FIRST_SCOPES.items() for word in ids.split()}
    assert {check: scopes[0] for check, scopes in CHECK_SCOPES.items()} == wanted


def test_scopes_are_known_and_named_once() -> None:
    """Every scope can be asked for with `--scope`, or is `policy`."""
    for check, scopes in CHECK_SCOPES.items():
        assert set(scopes) <= set(SCOPES), check
        assert len(set(scopes)) == len(scopes), check


def test_some_checks_look_at_stores_and_accounts() -> None:
    """Credentials and erasure concern both, and an account may carry tables as a store does."""
    both = {check for check, scopes in CHECK_SCOPES.items() if len(scopes) > 1}
    assert {"credential-privilege", "erasure-orphan", "field-undeclared"} <= both
    assert all(set(CHECK_SCOPES[check]) == {"stores", "accounts"} for check in both)
