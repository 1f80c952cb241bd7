"""Who and what is called by a name in a text: services, countries, supervisory authorities."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

import re2

from auditor.knowledge.attribution import attribute
from auditor.knowledge.catalogue import Service, services
from auditor.knowledge.notices.data import names
from auditor.matching import host_of, path_of

_IN_BRACKETS: Final = re.compile(r"^(.+?) \((.+)\)$")
_LEGAL_FORM: Final = re.compile(
    r",? (?:inc|llc|ltd|limited|gmbh|ag|bv|b\.v|sas|sarl|sa|s\.a|pbc|corp|corporation|co|plc|kg"
    r"|pty|oy|ab|srl|ug|e\.v|lda|pty ltd|gmbh & co|technologies|holdings)\.?$",
    re.IGNORECASE,
)
_OWN_PATH: Final = frozenset({"github", "meta", "youtube", "x", "linkedin", "instagram"})


class Named(NamedTuple):
    """A name in a text: the key that it stands for, and where it is."""

    key: str
    start: int
    end: int


def services_in(text: str) -> tuple[Named, ...]:
    """Return the services of the catalogue that a text names, in order; capitals matter.

    Services whose names are everyday words are left out: `called_so` knows those, too.
    """
    return _found(_service_names(), text)


def called_so(name: str) -> Service | None:
    """Return the service that goes by a name as a whole, with or without its legal form."""
    for form in _forms(name):
        if found := _whole_names().get(form.casefold()):
            return services()[found]
    return None


def firm_called(name: str) -> str:
    """Return the legal entity that goes by a name, with or without its legal form, "" for none."""
    return next((_firms()[f] for form in _forms(name) if (f := form.casefold()) in _firms()), "")


def service_at(url: str) -> Service | None:
    """Return the service that a link is about: by the pages that tell of it, else by its hosts."""
    host, path = host_of(url), path_of(url)
    if not host:
        return None
    bare = host.removeprefix("www.")
    pages = _pages()
    for length in range(path.count("/"), -1, -1):
        place = bare + "".join(f"/{part}" for part in path.split("/")[1 : length + 1])
        if found := pages.get(place.rstrip("/")):
            return services()[found]
    return attribute(host, path)


def is_own_page(service: Service, url: str) -> bool:
    """Return whether a link may be somebody's own page at a service, as github.com/somebody is."""
    return service.id in _OWN_PATH and len(path_of(url).strip("/")) > 0


def countries_in(text: str) -> tuple[str, ...]:
    """Return the countries that a text names, as ISO 3166-1 codes; capitals matter."""
    return tuple(dict.fromkeys(found.key for found in _found(_country_names(), text)))


def authorities_in(text: str) -> tuple[Named, ...]:
    """Return the supervisory authorities that a text names, by country."""
    return _found(_authority_names(), text)


class _Names(NamedTuple):
    pattern: "re2._Regexp"
    keys: Mapping[str, str]


def _found(known: _Names, text: str) -> tuple[Named, ...]:
    return tuple(
        Named(known.keys[found[1]], found.start(1), found.end(1))
        for found in known.pattern.finditer(text)
    )


def _compiled(keys: Mapping[str, str]) -> _Names:
    either = "|".join(re2.escape(name) for name in sorted(keys, key=len, reverse=True))
    return _Names(re2.compile(rf"(?:^|[^\w@./-])({either})(?:$|[^\w@-])"), keys)


@cache
def _service_names() -> _Names:
    ordinary = set(names().ordinary)
    found: dict[str, str] = {}
    for service in services().values():
        for name in (*_called(service), *names().called.get(service.id, ())):
            if name not in ordinary:
                found.setdefault(name, service.id)
    return _compiled(found)


@cache
def _whole_names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for service in services().values():
        for name in (*_called(service), *names().called.get(service.id, ())):
            found.setdefault(name.casefold(), service.id)
    for service in services().values():  # its own name is more than the name of its firm
        found.update({name.casefold(): service.id for name in _called(service)})
    found.pop("", None)
    return found


@cache
def _firms() -> Mapping[str, str]:
    firms = {service.controller for service in services().values()} - {""}
    return {form.casefold(): firm for firm in sorted(firms) for form in _forms(firm)}


@cache
def _country_names() -> _Names:
    return _compiled({name: code for code, of in names().countries.items() for name in of})


@cache
def _authority_names() -> _Names:
    return _compiled({name: code for code, of in names().authorities.items() for name in of})


@cache
def _pages() -> Mapping[str, str]:
    return {
        page.removeprefix("www."): service for service, of in names().pages.items() for page in of
    }


def _called(service: Service) -> Iterable[str]:
    """Yield a service's name, and what stands in brackets behind it as another one."""
    yield service.name
    if found := _IN_BRACKETS.match(service.name):
        yield from found.groups()


def _forms(name: str) -> Iterable[str]:
    """Yield a name, what it is without brackets and what is in them, without its legal form."""
    text = " ".join(name.split()).strip(" .,:;")
    parts = [text]
    if found := _IN_BRACKETS.match(text):
        parts += [found[1], found[2].removeprefix("aka ")]
    for part in parts:
        form, shorter = part, _LEGAL_FORM.sub("", part)
        yield form
        while shorter != form:
            form, shorter = shorter, _LEGAL_FORM.sub("", shorter)
            yield form
