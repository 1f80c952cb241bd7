"""What only the browser's network log knows of a visit: nothing that was done may be missing."""

from pathlib import Path

from auditor.collect.site.netlog import NetLogError, read_netlog, unseen
from auditor.collect.site.plan import Plan
from auditor.collect.site.record import Record
from auditor.evidence import Aspect, Gap, Reason, RequestSent


def add_unseen(plan: Plan, record: Record) -> None:
    """Add what only the network log knows; without a log, nobody knows what is missing."""
    if plan.browser.kind == "remote":
        needs = "a browser on this machine: one elsewhere keeps its network log to itself"
        record.missed(_gap(plan, f"the network log of {plan.url}", needs))
        return
    path = Path(plan.netlog)
    try:
        log = read_netlog(path)
    except NetLogError as error:
        needs = f"a browser that ends by itself: its network log is not whole ({error})"
        record.missed(_gap(plan, f"the network log of {plan.url}", needs))
        return
    finally:
        path.unlink(missing_ok=True)
    for request in unseen(log, record.hosts):
        record.saw(
            RequestSent(
                frame=request.initiator,
                url=request.url,
                host=request.host,
                method=request.method if request.method != "CONNECT" else "OTHER",
                resource=request.resource,
                failed=request.failed,
                redirected_from=request.redirected_from,
                state=plan.state,
            )
        )
    for host in log.connected:
        if host not in record.hosts:
            url = f"https://{host}/"
            record.saw(RequestSent(url=url, host=host, resource="preconnect", state=plan.state))
    if log.unreadable:
        what = f"{log.unreadable} requests to hosts whose names cannot be read"
        record.missed(_gap(plan, what, "a page that talks to hosts with names"))


def _gap(plan: Plan, what: str, needs: str) -> Gap:
    return Gap(
        what=what,
        reason=Reason.NOT_VERIFIED,
        needs=needs,
        aspects=(Aspect.REQUESTS,),
        state=plan.state,
    )
