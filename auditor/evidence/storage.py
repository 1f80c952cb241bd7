"""What is kept on a device beside cookies, put together from each time it was seen."""

from collections.abc import Iterable

from msgspec import Struct

from auditor.evidence.observations import SiteObservation, StorageKept, StorageKind


class StoredItem(Struct, frozen=True, kw_only=True):
    """One key, database, cache or service worker of one origin.

    `domain` is the origin's host. `sightings` are the times it was there; that it was `removed`
    again is known too, and tells nothing of what was kept.
    """

    storage: StorageKind
    name: str
    domain: str
    sightings: tuple[StorageKept, ...] = ()
    removed: tuple[StorageKept, ...] = ()

    @property
    def label(self) -> str:
        """Return the object name used in reports and waivers; it does not say on which host."""
        return f"{self.storage}:{self.name}"

    @property
    def identifier(self) -> bool:
        """Return whether one of its values could single out a visitor."""
        return any(seen.value.identifier for seen in self.sightings)

    @property
    def is_kept(self) -> bool:
        """Return whether it was on the device: one that is only removed never is."""
        return bool(self.sightings)


def storage_of(observations: Iterable[SiteObservation]) -> tuple[StoredItem, ...]:
    """Return what is kept beside cookies, sorted by kind, name and host. Cost: linear."""
    there: dict[tuple[StorageKind, str, str], list[StorageKept]] = {}
    removed: dict[tuple[StorageKind, str, str], list[StorageKept]] = {}
    for seen in observations:
        if isinstance(seen, StorageKept):
            place = (seen.storage, seen.name, seen.host)
            (removed if seen.removed else there).setdefault(place, []).append(seen)
    return tuple(
        StoredItem(
            storage=place[0],
            name=place[1],
            domain=place[2],
            sightings=tuple(there.get(place, ())),
            removed=tuple(removed.get(place, ())),
        )
        for place in sorted({*there, *removed})
    )
