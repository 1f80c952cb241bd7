"""What the four visitors cost: a site of four pages, before, refusing, agreeing, withdrawing.

    python benchmarks/site_states.py

`steps` is a policy that says how a choice is made, `found` one that leaves it to be found out.
One state alone is told beside them, since visits of several states run side by side. The pages
are small and on this machine: what is measured is our own work, and the banner's.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/collect/site"))

from shop import HTML, Page, shop

from auditor.collect.site.browser import no_sandbox
from auditor.collect.site.plan import Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.evidence import SiteEvidence
from auditor.policy import Site
from auditor.testing import policy

ROUNDS = 3
BANNER = """<!doctype html><title>Shop</title><h1>{name}</h1>
<a href="/">Home</a> <a href="/about">About</a> <a href="/team">Team</a> <a href="/help">Help</a>
<div id="banner" role="dialog" style="position: fixed; bottom: 0">
We use cookies for statistics. <button id="yes">Accept all</button>
<button id="no">Reject all</button></div> <button id="again">Cookie settings</button>
<script>
const banner = document.getElementById("banner");
const choose = (what) => () => {{
  document.cookie = "choice=" + what + "; path=/; max-age=8640000"; banner.hidden = true;
  if (what === "yes") document.cookie = "_stats=1; path=/; max-age=8640000";
}};
yes.onclick = choose("yes"); no.onclick = choose("no");
again.onclick = () => {{ banner.hidden = false; }};
if (document.cookie.includes("choice=")) banner.hidden = true;
</script>"""
PAGES: dict[str, Page] = {
    path: (BANNER.format(name=path), HTML, {}) for path in ("/", "/about", "/team", "/help")
}
STEPS = """
    consent:
      banner: required
      accept: {steps: [{click: "css=#yes"}]}
      reject: {steps: [{click: "css=#no"}]}
      withdraw: {steps: [{click: "css=#again"}, {click: "css=#no"}]}
      state:
        accept: {cookie: choice, matches: "^yes$"}
        reject: {cookie: choice, matches: "^no$"}
        withdraw: {cookie: choice, matches: "^no$"}
"""


def site_of(url: str, consent: str) -> Site:
    """Return the site as a policy declares it."""
    text = f"sites:\n  - id: www\n    url: {url}\n    crawl: {{max_pages: 4}}\n{consent}"
    return policy(text).sites[0]


def took(sites: list[Site]) -> tuple[float, SiteEvidence]:
    """Visit, and return the seconds of wall clock and what was seen."""
    looking = Looking(network=Network(sandbox=not no_sandbox()))
    began = time.perf_counter()
    seen = visit_sites(sites, looking)
    return time.perf_counter() - began, seen[0]


def main() -> None:
    """Take turns, and tell medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with shop(PAGES) as opened:
        ways = {
            "one state": "    consent: {banner: none}\n",
            "steps": STEPS,
            "found": "    consent: {banner: auto}\n",
        }
        told: dict[str, list[float]] = {name: [] for name in ways}
        last: dict[str, SiteEvidence] = {}
        for _ in range(rounds):
            for name, consent in ways.items():
                seconds, last[name] = took([site_of(opened.url, consent)])
                told[name].append(seconds)
    for name, seconds in told.items():
        seen = last[name]
        pages = len(seen.pages)
        middle = statistics.median(seconds)
        print(f"{name:10} {middle:6.1f} s  {pages:3} pages  {middle / pages:.2f} s a page")
        for gap in seen.gaps[:3]:
            print(f"  gap: {gap.what}: {gap.reason}: {gap.needs}")
    ratio = statistics.median(told["found"]) / statistics.median(told["steps"])
    print(f"finding the way costs {ratio:.2f} times what being told it costs")


if __name__ == "__main__":
    main()
