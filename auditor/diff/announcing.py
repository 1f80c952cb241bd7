"""Were people told? Each notice as it was, and as it is."""

from msgspec import Struct

from auditor.diff.policies import newly_undecided, policy_changes
from auditor.diff.renaming import with_ids_of
from auditor.diff.sources import Beside
from auditor.evidence import NoticeChange, PolicyChange
from auditor.policy import Notice, Policy

SAY_SO = "--notice-changed or --notice-unchanged, by somebody who knows"


class Side(Struct, frozen=True, kw_only=True):
    """A policy with the files beside it."""

    policy: Policy
    beside: Beside


def policy_change(base: Side, head: Side, *, said: bool | None = None) -> PolicyChange:
    """Return what changed, and whether each notice did; `said` is the answer of a person."""
    notices = _said(head.policy, changed=said) if said is not None else notice_changes(base, head)
    return PolicyChange(
        compared_with=base.policy.origin.path,
        changes=policy_changes(base.policy, head.policy),
        notices=notices,
        gaps=newly_undecided(base.policy, head.policy),
    )


def notice_changes(base: Side, head: Side) -> tuple[NoticeChange, ...]:
    """Return for each notice of the newer policy whether its words are others than before."""
    known = {notice.id: notice for notice in base.policy.notices}
    return tuple(
        _changed(known.get(notice.id), notice, base.beside, head.beside)
        for notice in with_ids_of(base.policy, head.policy).notices
    )


def _said(policy: Policy, *, changed: bool) -> tuple[NoticeChange, ...]:
    named = [NoticeChange(notice=n.id, path=n.path, changed=changed) for n in policy.notices]
    return tuple(named) or (NoticeChange(notice="", changed=changed),)


def _changed(former: Notice | None, notice: Notice, before: Beside, after: Beside) -> NoticeChange:
    """Return whether a notice's file holds other words; blanks and line breaks are no words."""
    if not notice.path:
        needs = f"its file under `path`, or {SAY_SO}: what stands at its url only was not kept"
        return NoticeChange(notice=notice.id, needs=needs)
    path = (former.path if former else "") or notice.path
    if before.name == after.name and path == notice.path:
        needs = f"another revision, or {SAY_SO}: both policies lie beside the same file"
        return NoticeChange(notice=notice.id, path=notice.path, needs=needs)
    now = after.read(notice.path)
    if now is None:
        return NoticeChange(notice=notice.id, path=notice.path, needs=f"the file {notice.path}")
    then = before.read(path)
    changed = then is None or then.split() != now.split()
    return NoticeChange(notice=notice.id, path=notice.path, changed=changed)
