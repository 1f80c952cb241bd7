"""Lists of Google's interfaces: `nextPageToken` leads on, and an empty page is no end."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from auditor.collect.refused import RefusedError
from auditor.collect.rest import Api, Params
from auditor.evidence import Reason

T = TypeVar("T")


def listed(api: Api, place: str, key: str, kind: type[T], params: Params) -> Iterator[T]:
    """Yield the records of all pages; `key` is where a page holds them."""
    for page in listed_pages(api, place, params):
        yield from part_of(page, key, list[kind], [])  # type: ignore[valid-type]


def listed_pages(api: Api, place: str, params: Params) -> Iterator[dict[str, msgspec.Raw]]:
    """Yield all pages, their parts not read yet."""

    def fetch(token: str) -> tuple[dict[str, msgspec.Raw], str]:
        more = {"pageToken": token} if token else {}
        page = api.get(place, dict[str, msgspec.Raw], {**params, **more})
        return page, part_of(page, "nextPageToken", str, "")

    yield from api.pages(fetch)


def part_of(page: dict[str, msgspec.Raw], key: str, kind: type[T], default: T) -> T:
    """Return a part of a page, `default` where Google leaves out what is empty."""
    if key not in page:
        return default
    try:
        return msgspec.json.decode(page[key], type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        needs = "an answer in the form that is documented"
        raise RefusedError(Reason.NOT_VERIFIED, needs) from error
