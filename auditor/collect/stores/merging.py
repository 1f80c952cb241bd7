"""What detectors counted in parts of a column, put together for the whole."""

from collections.abc import Mapping, Sequence

from auditor.collect.stores.counting import Counted, Scan


def merged_scans(scans: Sequence[Mapping[str, Scan]]) -> dict[str, Scan]:
    """Return what the parts of a column showed as one, by path."""
    paths = dict.fromkeys(path for scan in scans for path in scan)
    return {path: _merged([scan[path] for scan in scans if path in scan]) for path in paths}


def _merged(scans: Sequence[Scan]) -> Scan:
    ids = dict.fromkeys(one for scan in scans for one in scan.counts)
    counts = {one: _counted([s.counts[one] for s in scans if one in s.counts]) for one in ids}
    by_sample = frozenset[str]().union(*(scan.by_sample for scan in scans))
    # where one part was not counted, the others say it only if something was right in them
    by_sample -= {one for one in ids if counts[one].fits}
    return Scan(
        filled=sum(scan.filled for scan in scans),
        counts={one: counts[one] for one in ids if one not in by_sample},
        by_sample=by_sample,
    )


def _counted(parts: Sequence[Counted]) -> Counted:
    """Sum what was counted; of what was tried, each part speaks for as many as it has hits."""
    hits, tried = sum(one.hits for one in parts), sum(one.tried for one in parts)
    fits = _in_all(parts, [one.fits for one in parts], tried)
    return Counted(
        hits=hits,
        tried=tried,
        fits=fits,
        apart=min(fits, _in_all(parts, [one.apart for one in parts], tried)),
        alone=min(fits, _in_all(parts, [one.alone for one in parts], tried)),
        twice=sum(one.twice for one in parts),
        is_rare=any(one.is_rare for one in parts)
        and all(one.is_rare or not one.fits for one in parts),
    )


def _in_all(parts: Sequence[Counted], some: Sequence[int], tried: int) -> int:
    """Return how many of all that were tried that is: at least one, where there is any."""
    hits = sum(one.hits for one in parts)
    if any(one.is_rare for one in parts) or not hits:
        return sum(some)
    wanted = sum(one.estimate(part) for one, part in zip(parts, some, strict=True))
    return max(any(some), round(tried * wanted / hits))
