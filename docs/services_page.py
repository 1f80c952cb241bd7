"""docs/services.md: the catalogue of services, an index and a section for each."""

from collections.abc import Iterator

from policy_page import table

from auditor.knowledge.attribution import NAME_KINDS
from auditor.knowledge.catalogue import Service, services

INTRODUCTION = """\
# Services

What `audit` knows of the services that pages use: who is behind them, which hosts are theirs, and
what they keep on devices. With it, a report says `client.crisp.chat (Crisp)` and not only a host,
and `audit inspect` says whose a cookie is.

- **The host counts.** Who answers, or whose script writes, is known by the host. A name alone says
  little, since anybody may use it: then a report says "its name matches Crisp", and no more. Names
  that every site uses (`session`, `token`, `lang`) point at nobody.
- **It declares nothing.** `services: [crisp]` at a processor says which service you mean, and a
  finding then says what is missing there. What a page may do is what stands in `domains` and
  `device_storage`.
- **Purposes are what a service is mostly used for**, not a judgement: whether you need it is yours
  to say.
- With every fact stands where the vendor documents it. Hosts marked *carries* answer with what
  other people put there.

Something is missing or wrong? The data are `auditor/knowledge/services/*.json`; `make docs` writes
this page.
"""


def services_page() -> str:
    """Return the page: an index, then each service with its facts and where they are said."""
    known = services().values()
    rows = [(f"[`{s.id}`](#{s.id})", s.name, s.category, s.controller, s.country) for s in known]
    index = table(("id", "name", "what it is", "controller", "country"), rows)
    parts = [INTRODUCTION, *index, ""]
    for service in known:
        parts += _section(service)
    return "\n".join(parts)


def _section(service: Service) -> Iterator[str]:
    marks = " *carries*" if service.carries else ""
    yield from (f"## {service.id}", "", f"{service.name}: {service.category}.{marks}", "")
    for facts in service.facts:
        said = [("controller", (facts.controller,)), ("country", (facts.country,))]
        said += [("purposes", facts.purposes), ("hosts", facts.hosts)]
        said += [(kind.replace("_", " "), facts.names(kind)) for kind in NAME_KINDS]
        words = [f"{what} {_listed(texts)}" for what, texts in said if any(texts)]
        yield f"- {'; '.join(words)} ([source]({facts.ref}))"
    yield ""


def _listed(texts: tuple[str, ...]) -> str:
    return ", ".join(f"`{text}`" for text in texts)
