"""How fast evidence of sites is judged: seconds for each check, and growth with the observations.

    python benchmarks/judging.py                             25,000 and 250,000 observations
    python benchmarks/judging.py --observations 1000 4000

Made-up evidence with as many hosts, pages and cookies as there can be: one in ten of them is new.
A fifth each are pages, cookies set and cookies sent; the rest are requests. Each check is given
evidence that nobody has looked at, so what it asks for first is worked out in its time. Linear is
a ratio of times near the ratio of sizes; the two sizes are measured in turns, so that a machine
that slows down slows both. The last row is a whole judgement, in which checks share what is asked.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence

from msgspec import structs

from auditor.discovery import discover
from auditor.engine import AnyCheck, Case, judge, run_check
from auditor.evidence import Evidence, SiteEvidence, SiteObservation, State, Tool
from auditor.example import cookie, page, request, sent
from auditor.policy import Policy
from auditor.testing import TODAY, policy, site

ROUNDS = 3
PARTIES = 200


def promises() -> Policy:
    """Return a policy with many processors, some of paths only, and many rows."""
    processors = "\n".join(
        f"  - {{id: p{i}, domains: ['*.party{i}.example.net', 'cdn.example.com/p{i}']}}"
        for i in range(PARTIES)
    )
    rows = "\n".join(
        f"  - {{identifier: 'c{i}_*', type: cookie, set_by: p{i}, domains: ['*.example.org'],"
        " max_age: P30D, pages: ['/shop/*']}"
        for i in range(PARTIES)
    )
    notice = "notices: [{id: privacy, url: 'https://example.org/privacy'}]"
    return policy(f"{notice}\nprocessors:\n{processors}\ndevice_storage:\n{rows}")


def observations(count: int) -> Iterator[SiteObservation]:
    """Yield what a long recording of a large site might hold."""
    states = [State.BEFORE, State.REJECT, State.ACCEPT]
    for i in range(count):
        state, new, party = states[i % 3], i // 10, i % PARTIES
        at = f"https://example.org/shop/{new}"
        host = f"h{new}.party{party}.example.net"
        match i % 5:
            case 0:
                links = (f"https://example.org/shop/{i}", "https://example.org/privacy")
                yield page(at, state=state, links=links)
            case 1:
                facts = {"page": at, "state": state, "writer": host, "lifetime": i}
                yield cookie(f"c{party}_{new}", **facts)
            case 2:
                yield sent(f"c{party}_{new}", page=at, state=state)
            case 3:
                yield request(f"https://{host}/a{i}.js", page=at, state=state, resource="script")
            case _:
                yield request(f"https://cdn.example.com/p{party}/{i}", page=at, state=state)


def one(check: AnyCheck, promised: Policy, seen: SiteEvidence) -> Callable[[], int]:
    """Return what runs one check and counts its findings."""
    return lambda: len(run_check(check, promised, seen.subject, structs.replace(seen)).findings)


def every(checks: Sequence[AnyCheck], promised: Policy, seen: SiteEvidence) -> Callable[[], int]:
    """Return what runs all checks as an audit does."""
    evidence = Evidence(tool=Tool(name="benchmark", version="1"), sites=(seen,))
    case = Case(policy=promised, evidence=evidence, as_of=TODAY)
    return lambda: sum(len(result.findings) for result in judge(checks, case))


def measure(name: str, jobs: Sequence[Callable[[], int]]) -> None:
    """Run jobs in turns, a few times, and tell the quickest time of each."""
    times: list[list[float]] = [[] for _ in jobs]
    found = 0
    for _ in range(ROUNDS):
        for job, took in zip(jobs, times, strict=True):
            began = time.perf_counter()
            found = job()
            took.append(time.perf_counter() - began)
    few, many = map(min, times)
    print(f"{name:26} {few:9.3f}s {many:9.3f}s {many / few:6.1f}x {found:9,}")


def main() -> None:
    """Judge evidence of both sizes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--observations", nargs=2, type=int, default=[25_000, 250_000])
    few, many = parser.parse_args().observations
    promised = promises()
    sizes = [site(*observations(size)) for size in (few, many)]
    checks = [check for check in discover() if check.needs is SiteEvidence]
    print(f"{'check':26} {few:>10,} {many:>10,}   ratio  findings")
    for check in checks:
        measure(check.id, [one(check, promised, seen) for seen in sizes])
    measure("all of them", [every(checks, promised, seen) for seen in sizes])
    print(f"{many / few:.1f} times the observations")


if __name__ == "__main__":
    main()
