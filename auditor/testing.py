"""For people who write checks: a policy in YAML, a few observations, one line to judge them.

    from auditor.testing import cookie, judge, policy, site

    def test_an_undeclared_cookie_fails() -> None:
        result = judge(undeclared_cookie, policy(""), site(cookie("_ga")))
        assert [finding.object for finding in result.findings] == ["cookie:_ga@example.org"]

What is built here is complete: every visitor state was looked at and nothing is missing, unless a
gap is given. A banner was looked for, and is there if it is given. `try_examples` runs the
examples that stand beside a check.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from auditor.collect.aliases import with_chain
from auditor.collect.hosts_seen import facts_of_hosts
from auditor.engine import AnyCheck, Case, judge_change, judge_waivers
from auditor.engine import judge as judge_all
from auditor.evidence import (
    AccountEvidence,
    CodeEvidence,
    Evidence,
    Gap,
    HostFacts,
    Item,
    Mention,
    NoticeEvidence,
    PageLoaded,
    PolicyChange,
    SettingSeen,
    SiteEvidence,
    SiteObservation,
    Source,
    State,
    StoreEvidence,
    TableSeen,
    Tool,
    WaiverUse,
)
from auditor.example import (
    HOME,
    Example,
    ages,
    banner,
    choice,
    container,
    cookie,
    fact,
    field,
    found_in,
    hears,
    kept,
    leak,
    notice,
    page,
    read,
    request,
    secret,
    sent,
    setting,
    table,
    typed,
)
from auditor.findings import Outcome, Result
from auditor.policy import Policy, scope_of
from auditor.policy_file import read_policy
from auditor.vocabulary import CHECK_SCOPES
from auditor.waivers import apply_waivers

TODAY = date(2026, 1, 15)
MOMENT = datetime(2026, 1, 15, 12, tzinfo=UTC)
BASE = {
    "version": "version: 1",
    "controller": "controller: {name: Example}",
    "sites": f"sites: [{{id: www, url: {HOME}}}]",
}


def policy(text: str, checks: Iterable[str] = ()) -> Policy:
    """Read a policy; version, controller and a site `www` at example.org are added if missing."""
    written = {line.partition(":")[0] for line in text.splitlines()}
    base = [line for key, line in BASE.items() if key not in written]
    data = "\n".join([*base, text]).encode()
    return read_policy(data, "policy.yaml", Path.cwd(), {*CHECK_SCOPES, *checks})


def site(
    *seen: SiteObservation,
    gaps: Iterable[Gap] = (),
    url: str = HOME,
    site_id: str = "www",
    aliases: Mapping[str, tuple[str, ...]] | None = None,
) -> SiteEvidence:
    """Return evidence of a site: what was seen, and its home page in each visitor state.

    The home page is left out where `seen` holds pages of its own. `aliases` are the names that a
    host leads to in the DNS; the other hosts lead nowhere.
    """
    if not any(isinstance(item, PageLoaded) for item in seen):
        seen = (*(page(url, state=state, links=()) for state in State), *seen)
    return SiteEvidence(
        site=site_id,
        url=url,
        sources=(Source(kind="example", collected_at=MOMENT),),
        hosts=facts_of_hosts(url, seen, _named(seen, url, aliases or {})),
        observations=seen,
        gaps=tuple(gaps),
    )


def _named(
    seen: Iterable[SiteObservation], url: str, aliases: Mapping[str, tuple[str, ...]]
) -> dict[str, HostFacts]:
    """Return where names lead in the DNS, as a visit asks for it."""
    return {
        host: with_chain(facts, aliases.get(host, ()))
        for host, facts in facts_of_hosts(url, seen).items()
    }


def store(
    *tables: TableSeen,
    gaps: Iterable[Gap] = (),
    store_id: str = "app",
    can_write: Iterable[str] = (),
) -> StoreEvidence:
    """Return evidence of a store that was reached and holds these tables."""
    return StoreEvidence(
        store=store_id,
        sources=(Source(kind="store", collected_at=MOMENT),),
        tables=tables,
        can_write=tuple(can_write),
        gaps=tuple(gaps),
    )


def account(
    *seen: TableSeen | SettingSeen,
    gaps: Iterable[Gap] = (),
    account_id: str = "app",
    can_write: Iterable[str] = (),
) -> AccountEvidence:
    """Return evidence of an account that has answered: its data, and how it is set."""
    return AccountEvidence(
        account=account_id,
        connector="example",
        sources=(Source(kind="account", collected_at=MOMENT),),
        tables=tuple(part for part in seen if isinstance(part, TableSeen)),
        settings=tuple(part for part in seen if isinstance(part, SettingSeen)),
        can_write=tuple(can_write),
        gaps=tuple(gaps),
    )


def code(*named: Mention, gaps: Iterable[Gap] = (), **about: Any) -> CodeEvidence:  # noqa: ANN401
    """Return evidence of source files that name these."""
    source = Source(kind="code", path=".", collected_at=MOMENT)
    return CodeEvidence(sources=(source,), files=1, mentions=named, gaps=tuple(gaps), **about)


def judge(
    check: AnyCheck,
    promised: Policy,
    seen: Item | WaiverUse | PolicyChange | None = None,
    *others: Item,
    as_of: date = TODAY,
    installed: Mapping[str, AnyCheck] | None = None,
) -> Result:
    """Run one check on its one subject: what was seen (else the first), or the policy itself.

    `others` were seen, too.
    """
    items = (seen, *others)
    evidence = Evidence(
        tool=Tool(name="example", version="1"),
        sites=tuple(item for item in items if isinstance(item, SiteEvidence)),
        stores=tuple(item for item in items if isinstance(item, StoreEvidence)),
        accounts=tuple(item for item in items if isinstance(item, AccountEvidence)),
        notices=tuple(item for item in items if isinstance(item, NoticeEvidence)),
        code=tuple(item for item in items if isinstance(item, CodeEvidence)),
    )
    case = Case(policy=promised, evidence=evidence, as_of=as_of)
    if check.needs is WaiverUse:
        use = seen if isinstance(seen, WaiverUse) else WaiverUse(as_of=as_of)
        return judge_waivers([check], case, use)[0]
    if isinstance(seen, PolicyChange):
        return apply_waivers(promised, judge_change([check], case, seen), as_of)[0][0]
    results = judge_all([check, *(installed or {}).values()], case)
    subject = next(name for name in promised.subjects() if scope_of(name) in check.scopes)
    if isinstance(seen, Item) and check.scope != "policy":
        subject = seen.subject
    wanted = (check.id, subject)
    mine = next(result for result in results if (result.check, result.subject) == wanted)
    return apply_waivers(promised, [mine], as_of)[0][0]


def try_example(check: AnyCheck, example: Example) -> Outcome:
    """Return the outcome of a check on one of its examples."""
    promised = policy(example.policy)
    seen = _evidence(check, promised, example)
    if check.scope == "code":
        return judge(check, promised, code(*example.named), seen).outcome
    if check.scope == "notice" and example.told:
        return judge(check, promised, example.told, seen).outcome
    return judge(check, promised, seen).outcome


def _evidence(check: AnyCheck, promised: Policy, example: Example) -> Any:  # noqa: ANN401
    held = tuple(seen for seen in example.seen if isinstance(seen, TableSeen | SettingSeen))
    tables = (seen for seen in held if isinstance(seen, TableSeen))
    if "stores" in check.scopes and promised.stores:
        return store(*tables, can_write=example.can_write)
    if "accounts" in check.scopes:
        return account(*held, can_write=example.can_write)
    seen = (seen for seen in example.seen if not isinstance(seen, TableSeen | SettingSeen))
    return example.use or example.changed or site(*seen, aliases=example.aliases)


__all__ = [
    "account",
    "ages",
    "banner",
    "choice",
    "container",
    "cookie",
    "fact",
    "field",
    "found_in",
    "hears",
    "judge",
    "kept",
    "leak",
    "notice",
    "page",
    "policy",
    "read",
    "request",
    "secret",
    "sent",
    "setting",
    "site",
    "store",
    "table",
    "try_example",
    "typed",
]
