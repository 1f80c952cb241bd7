"""How fast evidence of sites is judged: seconds for each check, and growth with the observations.

    python benchmarks/judging.py                             25,000 and 250,000 observations
    python benchmarks/judging.py --observations 1000 4000

Made-up evidence with as many hosts, pages and cookies as there can be: one in ten of them is new.
A fifth each are pages, cookies set and cookies sent; the rest are requests. Each check is given
evidence that nobody has looked at, so what it asks for first is worked out in its time. Linear is
a ratio of times near the ratio of sizes; the two sizes are measured in turns, so that a machine
that slows down slows both.
"""

import argparse
import time
from collections.abc import Iterator

from msgspec import structs

from auditor.discovery import discover
from auditor.engine import AnyCheck, run_check
from auditor.evidence import SiteEvidence, SiteObservation, State
from auditor.example import cookie, page, request, sent
from auditor.policy import Policy
from auditor.testing import policy, site

ROUNDS = 3
PARTIES = 200


def promises() -> Policy:
    """Return a policy with many processors, some of paths only, and many rows."""
    processors = "\n".join(
        f"  - {{id: p{i}, domains: ['*.party{i}.example.net', 'cdn.example.com/p{i}']}}"
        for i in range(PARTIES)
    )
    rows = "\n".join(
        f"  - {{identifier: 'c{i}_*', type: cookie, set_by: p{i}, max_age: P30D, pages: ['/shop/*']}}"
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


def seconds(check: AnyCheck, promised: Policy, seen: SiteEvidence) -> tuple[float, int]:
    """Return how long a check takes, and how many findings it has."""
    fresh = structs.replace(seen)
    began = time.perf_counter()
    result = run_check(check, promised, fresh.subject, fresh)
    return time.perf_counter() - began, len(result.findings)


def main() -> None:
    """Judge both sizes in turns, and tell the quickest of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--observations", nargs=2, type=int, default=[25_000, 250_000])
    few, many = parser.parse_args().observations
    promised = promises()
    sizes = {size: site(*observations(size)) for size in (few, many)}
    print(f"{'check':26} {few:>10,} {many:>10,}   ratio  findings")
    total = 0.0
    for check in discover():
        if check.needs is not SiteEvidence:
            continue
        took = {size: float("inf") for size in sizes}
        found = 0
        for _ in range(ROUNDS):
            for size, seen in sizes.items():
                spent, found = seconds(check, promised, seen)
                took[size] = min(took[size], spent)
        total += took[many]
        ratio = took[many] / took[few]
        print(f"{check.id:26} {took[few]:9.3f}s {took[many]:9.3f}s {ratio:6.1f}x {found:9,}")
    print(f"{many / few:.1f} times the observations; all checks together {total:.1f} s")


if __name__ == "__main__":
    main()
