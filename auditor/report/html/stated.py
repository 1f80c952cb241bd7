"""What people stated: claims of the notices, findings accepted for a time, attestations."""

from collections.abc import Iterator
from datetime import date

from auditor.policy import Attestation, Waiver
from auditor.report.groups import open_questions, waived
from auditor.report.html.tables import Cell, Table, Tone, cell, counted, table
from auditor.report.story import Story

SOON = 30  # days
TONES: dict[str, Tone] = {"verified": "good", "contradicted": "bad", "not observed": "warn"}


def claims(story: Story) -> Table:
    """Return each sentence that people are told, and what is known of it."""
    standings = story.report.coverage["claims"]
    rows = [
        (
            cell(f"“{claim.quote}”" if claim.quote else "", claim.id),
            cell(standings.get(claim.id, "not observed"), tone=_tone(standings, claim.id)),
            cell(*([claim.covered_by] if isinstance(claim.covered_by, str) else claim.covered_by)),
        )
        for claim in story.policy.claims
    ]
    headers = "What people are told | What is known of it | Covered by"
    return table("Sentences of the notices", headers, rows, "sentence", wide=0)


def _tone(standings: dict[str, str], claim: str) -> Tone:
    return TONES.get(standings.get(claim, "not observed"), "")


def waivers(story: Story) -> Table:
    """Return every waiver, what it accepts now, who answers for it, and the days that are left."""
    used = waived(story.report)
    rows = []
    for waiver in story.policy.waivers:
        found = used.get(waiver.id, [])
        now = (
            f"{finding.object}: {finding.message} ({result.check})" for result, finding in found
        )
        rows.append(
            (
                cell(waiver.id, f"{waiver.check} on {waiver.subject}", waiver.object),
                cell(waiver.justification, waiver.planned_fix),
                cell(*_people(waiver)),
                _left(story, waiver.expires),
                cell(*now) if found else cell("accepts nothing in this run", tone="dim"),
            )
        )
    headers = "Waiver | Why, and what is planned | Who | Until | What it accepts now"
    return table("Findings accepted for a time", headers, rows, "waiver")


def _people(waiver: Waiver) -> Iterator[str]:
    if waiver.owner:
        yield f"seen to by {waiver.owner}"
    if waiver.approved_by:
        yield f"decided by {waiver.approved_by}"
    if waiver.created:
        yield f"on {waiver.created}"


def attestations(story: Story) -> Table:
    """Return what people state where nobody can look, by whom and until when."""
    questions = [each for each in open_questions(story.report) if each.attested_by]
    rows = [
        (
            cell(stated.id, stated.covers),
            cell(stated.statement),
            cell(*_who(stated)),
            _left(story, stated.expires),
            cell(
                *(
                    f"{q.subject}: {what}"
                    for q in questions
                    if q.attested_by == stated.id
                    for what, _ in q.whats
                )
            ),
        )
        for stated in story.policy.attestations
    ]
    headers = "Statement | What is stated | By whom | Until | What it stands in for"
    return table("What people state, and nobody observed", headers, rows, "attestation")


def _who(stated: Attestation) -> Iterator[str]:
    yield ", ".join(filter(None, (stated.by, stated.role)))
    if stated.date:
        yield f"on {stated.date}"
    if stated.evidence:
        yield f"document {stated.evidence.path}"


def _left(story: Story, expires: date | None) -> Cell:
    """Return the last day, and how many days are left on the day that is judged."""
    if expires is None:
        return cell("no last day given", tone="warn")
    days = (expires - date.fromisoformat(story.report.as_of)).days
    if days < 0:
        return cell(str(expires), f"ended {counted(-days, 'day')} before this report", tone="bad")
    words = f"{counted(days, 'day')} left" if days else "its last day"
    return cell(str(expires), words, tone="warn" if days < SOON else "")
