# ruff: noqa: E501 -- a draft's lines are as long as their comments
"""`audit init`: what is drafted from a notice and a site, and what is left as it was."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.cli import main
from auditor.collect.notices.collecting import read_notice
from auditor.collect.notices.fetching import Got
from auditor.demo import serve, site_folder
from auditor.draft import Entry, Told, from_notice, write_draft
from auditor.draft.entries import comment
from auditor.policy import Policy
from auditor.policy_file import read_policy
from auditor.vocabulary import CHECK_SCOPES

NOTICE = """# Privacy at Harbour Friends

Harbour Friends is the data controller.

We collect your name and your email address to run our website, and to send you our newsletter, but
only if you subscribe. We keep your data for 12 months after your last visit.

We use only necessary cookies to improve the website.

## Third parties

These services process your data:

- Payments: [Stripe](https://stripe.com/)
- Acme Hosting GmbH

## Your rights

You have the right to access your data. To use it, write to privacy@harbour.example.

We will treat your stories with respect.
"""


def drafted(text: str, existing: str = "") -> str:
    """Return the draft that is made of a notice."""
    got = Got(data=text.encode("utf-8", "replace"), place="privacy.md")
    evidence = read_notice("privacy", got, datetime(2026, 1, 15, tzinfo=UTC))
    told = Told(evidence=evidence, shown="privacy.md", path="privacy.md")
    return write_draft(from_notice(told), existing, "policy.yaml").text


def loaded(text: str) -> Policy:
    """Return the policy, which must load."""
    return read_policy(text.encode(), "policy.yaml", Path.cwd(), set(CHECK_SCOPES))


def run(folder: Path, *arguments: str) -> tuple[int, Path]:
    """Run `audit init` there; return its code, and the file."""
    path = folder / "policy.yaml"
    return main(["init", "-o", str(path), *arguments]), path


def test_a_draft_says_where_everything_comes_from() -> None:
    """A notice becomes a file with its places, TODO where nobody decided, CONFLICT where due."""
    assert drafted(NOTICE) == snapshot("""\
# yaml-language-server: $schema=https://raw.githubusercontent.com/reach4help/policy-auditor/main/auditor/schema/policy.schema.json

# A draft, made by `audit init`. Each entry says where it comes from. Decide what says TODO, look
# into what says CONFLICT, and take out what is not so: until then no audit of it is green.
# `audit validate` lists what is left to decide; docs/policy.md has every key.
version: 1

controller:
  name: Harbour Friends # privacy.md:3
  email: privacy@harbour.example # privacy.md:19
  country: TODO # where it is established; GDPR Art. 13(1)(a)

notices:
  - id: privacy
    path: privacy.md
    language: en # what its text is written in

claims:
  # privacy.md:5, Privacy at Harbour Friends
  - id: we-collect-your-name-and
    notice: privacy
    quote: "We collect your name and your email address to run our website, and to send you our newsletter, but only if you subscribe."
    covered_by: [category-undeclared, processor-category, consent-record]
  # privacy.md:5, Privacy at Harbour Friends
  - id: kept-p12m
    notice: privacy
    quote: We keep your data for 12 months after your last visit.
    covered_by: [retention-overdue, processor-data-overdue, processor-retention-setting]
  # privacy.md:8, Privacy at Harbour Friends
  # CONFLICT: the same sentence names a purpose that is not necessary: improve the service
  - id: only-necessary-cookies
    notice: privacy
    quote: We use only necessary cookies to improve the website.
    covered_by: [notice-contradiction, cookie-undeclared, consent-before-choice]
  # privacy.md:14, Third parties
  - id: payments-stripe
    notice: privacy
    quote: "Payments: Stripe"
    covered_by: [third-party-undeclared, notice-processor-missing]
  # privacy.md:15, Third parties
  - id: acme-hosting-gmbh
    notice: privacy
    quote: Acme Hosting GmbH
    covered_by: [third-party-undeclared, notice-processor-missing]
  # privacy.md:19, Your rights
  - id: you-have-the-right-to
    notice: privacy
    quote: You have the right to access your data.
    covered_by: [notice-rights]
  # privacy.md:19, Your rights
  - id: to-use-it-write-to
    notice: privacy
    quote: "To use it, write to privacy@harbour.example."
    covered_by: [notice-contact]
  # privacy.md:21, Your rights
  - id: we-will-treat-your-stories
    notice: privacy
    quote: We will treat your stories with respect.
    covered_by: TODO # checks that would show it, attestation, or not_verifiable

processors:
  # privacy.md:14 "Payments: Stripe"
  - id: stripe
    name: Stripe
    services: [stripe]
    legal_name: "Stripe, LLC" # from the catalogue of services
    country: US # where Stripe, LLC is established
    consent: TODO # may a page talk to it before the visitor agrees? required or not_required
    transfer: TODO # how data may leave the EEA, or {mechanism: none_eea}
  # privacy.md:15 "Acme Hosting GmbH"
  - id: acme-hosting-gmbh
    name: Acme Hosting GmbH
    country: TODO
    consent: TODO # may a page talk to it before the visitor agrees? required or not_required
    transfer: TODO # how data may leave the EEA, or {mechanism: none_eea}

processing_activities:
  # privacy.md:5 "We collect your name and your email address to run our website, and to send you our…"
  - id: run-the-service
    purpose: essential.service.operations
    data_subjects: TODO # whose data: `audit terms volunteer` finds the word
    data_categories: [user.name, user.contact.email] # all that the notice names; keep those that serve this purpose
    legal_basis: TODO # consent, contract, legal_obligation, legitimate_interests …; GDPR Art. 6
    retention: {period: P12M, anchor: last_used} # privacy.md:5
  # privacy.md:5 "We collect your name and your email address to run our website, and to send you our…"
  - id: newsletter
    purpose: marketing.communications.email
    data_subjects: TODO # whose data: `audit terms volunteer` finds the word
    data_categories: [user.name, user.contact.email] # all that the notice names; keep those that serve this purpose
    legal_basis: consent # privacy.md:5
    retention: {period: P12M, anchor: last_used} # privacy.md:5
  # privacy.md:8 "We use only necessary cookies to improve the website."
  - id: improve-the-service
    purpose: functional.service.improve
    data_subjects: TODO # whose data: `audit terms volunteer` finds the word
    data_categories: [user.name, user.contact.email] # all that the notice names; keep those that serve this purpose
    legal_basis: TODO # consent, contract, legal_obligation, legitimate_interests …; GDPR Art. 6
    retention: {period: P12M, anchor: last_used} # privacy.md:5
  # privacy.md:14 "Payments: Stripe"
  - id: take-payments
    purpose: essential.service.payment_processing
    data_subjects: TODO # whose data: `audit terms volunteer` finds the word
    data_categories: [user.name, user.contact.email] # all that the notice names; keep those that serve this purpose
    legal_basis: TODO # consent, contract, legal_obligation, legitimate_interests …; GDPR Art. 6
    processors: [stripe]
    retention: {period: P12M, anchor: last_used} # privacy.md:5

rights:
  access: {email: privacy@harbour.example} # privacy.md:19
""")


def test_a_draft_loads_and_is_not_finished() -> None:
    """What is drafted loads, and something in it is undecided: it is never green."""
    policy = loaded(drafted(NOTICE))
    assert policy.origin.undecided
    assert [one.id for one in policy.processors] == ["stripe", "acme-hosting-gmbh"]


def test_drafting_again_adds_nothing() -> None:
    """What is there already is not added again, not even under another id."""
    first = drafted(NOTICE)
    assert drafted(NOTICE, first) == first
    renamed = first.replace("id: stripe", "id: payments").replace(
        "[stripe]\n    ret", "[payments]\n    ret"
    )
    assert drafted(NOTICE, renamed) == renamed


EXISTING = """\
# our own words stay
version: 1
controller: {name: Harbour Friends}   # so does this
processors:
  # the bank
  - {id: pay, name: 'Stripe', consent: not_required}

rights:
    access: {email: other@harbour.example}
"""


def test_an_existing_file_is_only_added_to() -> None:
    """Every line of a file that is there stays as it is, comments too; the rest is added."""
    after = drafted(NOTICE, EXISTING)
    lines = after.splitlines()
    assert [line for line in EXISTING.splitlines() if line not in lines] == snapshot(
        ["controller: {name: Harbour Friends}   # so does this"]
    )
    policy = loaded(after)
    assert policy.controller.name == "Harbour Friends"
    assert [one.id for one in policy.processors] == ["pay", "acme-hosting-gmbh"]
    payments = next(one for one in policy.processing_activities if "payment" in one.purpose)
    assert payments.processors == ("pay",)
    assert policy.rights
    assert policy.rights.access
    assert policy.rights.access.email == "other@harbour.example"


@pytest.mark.parametrize("text", ["[1, 2]", "a: [b", "just words", "version: 1\nversion: 1\n"])
def test_what_is_no_policy_is_left_alone(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is broken or something else is refused by name, and not touched."""
    (tmp_path / "privacy.md").write_text(NOTICE)
    (tmp_path / "policy.yaml").write_text(text)
    code, path = run(tmp_path, "--notice", str(tmp_path / "privacy.md"))
    assert (code, path.read_text()) == (2, text)
    assert "policy.yaml" in capsys.readouterr().err


@given(st.text(st.characters(exclude_characters="\0"), max_size=400))
def test_whatever_a_notice_says_the_draft_loads(text: str) -> None:
    """Hostile text in a notice ends in quotes and comments, never in the structure of the file."""
    listed = f"## Third parties\n\nWe share data with:\n\n- {text}\n- [{text}](https://x.org)\n"
    policy = loaded(drafted(f"# Privacy\n\n{listed}\nWe will {text}.\n"))
    assert policy.origin.undecided


@given(st.text(min_size=1, max_size=60))
def test_comments_stay_comments(text: str) -> None:
    """No character ends a comment: what follows it would be YAML."""
    noted = Entry(
        section="processors",
        value={"id": "x", "name": "one"},
        above=(comment(f"seen {text}"),),
        beside={"name": comment(text)},
    )
    whose = Entry(section="controller", value={"name": "Harbour Friends"})
    assert [p.name for p in loaded(write_draft([whose, noted]).text).processors] == ["one"]


def test_a_volunteer_gets_from_a_page_and_a_site_to_a_draft(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A notice and a site that is visited become one file: who is seen and not named is told."""
    with serve(site_folder()) as demo:
        rules = [part for rule in demo.resolve for part in ("--resolve", rule)]
        code, path = run(
            tmp_path,
            *("--notice", "https://reach4help.org/confidentialite"),
            *("--site", "https://reach4help.org/", "--offline", "--accept-any-certificate"),
            *rules,
        )
    text = path.read_text()
    assert "# CONFLICT: pages talk to it, and the notice does not name it" in text
    assert "seen: `_ga`" in text
    policy = loaded(text)
    stripe = next(one for one in policy.processors if one.id == "stripe")
    assert "*.stripe.com" in stripe.domains
    assert policy.sites[0].notices == ("privacy",)
    assert "TODO to decide" in capsys.readouterr().out
    assert code in {0, 3}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name a notice (--notice) or a site (--site)"),
        (("--notice", "none.md"), "none.md: not read; it takes the file none.md"),
        (("--har", "a.har"), "--har: also say of which site"),
    ],
)
def test_what_cannot_be_drafted_from_is_told(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing to draft from, and what is not there, are told with what to do; nothing is written."""
    code, path = run(tmp_path, *arguments)
    assert (code, path.exists()) == (2, False)
    assert said in capsys.readouterr().err
