"""To whom a site's own names lead in the DNS: a host of ours may be somebody else's server.

Source: canonical names (CNAME), RFC 1034 section 3.6.2. The answer for an address holds the whole
chain of them, so each name is one question.
"""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct, structs

from auditor.collect.behind import behind_host
from auditor.evidence import Aspect, Gap, HostFacts, Reason
from auditor.hosts import is_address, is_this_machine
from auditor.knowledge.public_suffixes import registrable_domain

MOST = 200  # names that are asked for


class Names(Struct, frozen=True, kw_only=True):
    """What the DNS says of hosts: facts to add to theirs, and what it did not say."""

    facts: Mapping[str, HostFacts] = {}
    gaps: tuple[Gap, ...] = ()


def names_of(
    hosts: Iterable[str],
    known: Mapping[str, HostFacts],
    *,
    mapped: Iterable[str] = (),
    resolver: str = "",
) -> Names:
    """Ask for the names of hosts, and return what is `known` of them with the answers.

    A host that a pattern of `mapped` covers, an address and this machine are final: nobody is
    asked about them. `resolver` is `ADDRESS[:PORT]` of a name server, "" for the system's.
    """
    patterns = tuple(mapped)
    wanted = sorted(set(hosts))
    final = {host for host in wanted if _is_final(host, patterns)}
    asked = [host for host in wanted if host not in final]
    answers = _asked(asked[:MOST], resolver) if asked else {}
    facts = {host: structs.replace(_known(known, host), mapped=True) for host in final}
    for host, chain in answers.items():
        if chain is not None:
            facts[host] = with_chain(_known(known, host), chain)
    unanswered = [host for host, chain in answers.items() if chain is None]
    gaps = [_gap(host, Reason.UNREACHABLE, "a name server that answers") for host in unanswered]
    if len(asked) > MOST:
        needs = f"fewer names of one's own: more than {MOST} are not asked about"
        gaps.append(_gap(f"{len(asked) - MOST} hosts", Reason.CAP_REACHED, needs))
    return Names(facts=facts, gaps=tuple(gaps))


def _is_final(host: str, patterns: Iterable[str]) -> bool:
    is_near = is_this_machine(host) or is_address(host)
    return is_near or any(fnmatchcase(host, pattern) for pattern in patterns)


def _asked(hosts: Sequence[str], resolver: str) -> dict[str, tuple[str, ...] | None]:
    from auditor.collect.name_server import chains_of  # noqa: PLC0415 -- most commands ask nobody

    return chains_of(hosts, resolver)


def _known(known: Mapping[str, HostFacts], host: str) -> HostFacts:
    return known.get(host) or HostFacts(registrable_domain="")


def with_chain(facts: HostFacts, chain: tuple[str, ...]) -> HostFacts:
    """Add the chain, and who is behind the last name of it that is somebody's."""
    if not chain:
        return structs.replace(facts, aliases=())
    found = (behind_host(name, ()) for name in reversed(chain))
    behind = next((one for one in found if one.confidence), None)
    domain = registrable_domain(chain[-1])
    return structs.replace(facts, aliases=chain, alias_domain=domain, alias_behind=behind)


def _gap(host: str, reason: Reason, needs: str) -> Gap:
    what = f"the name {host} in the DNS"
    return Gap(what=what, reason=reason, needs=needs, aspects=(Aspect.NAMES,))
