"""What columns of one's own hold: detectors and headers that nobody else knows."""

from typing import Annotated

from msgspec import Meta

from auditor.policy.types import Category, Entry, Id, Text, says

Example = Annotated[str, Meta(min_length=1, max_length=1000)]


class OwnDetector(Entry, frozen=True, kw_only=True):
    """What values of a category look like here, such as the numbers of one's own members."""

    id: Id
    category: Annotated[Category | None, says("What such values are.")] = None
    pattern: Annotated[
        Text,
        says(
            "What they look like, between characters that are no letters or digits: ASCII, classes"
            " as [0-9], groups, `|` and repeats up to 255; see docs/columns.md."
        ),
    ] = ""
    headers: Annotated[
        tuple[Text, ...], says("What columns of them are called: words parted by blanks.")
    ] = ()
    examples: Annotated[tuple[Example, ...], says("Values in which the pattern is found.")] = ()
    counter_examples: Annotated[
        tuple[Example, ...], says("Values in which it is not: what looks nearly like it.")
    ] = ()
    validator: Annotated[
        Text, says("A checksum that they have, such as stdnum.luhn; see docs/columns.md.")
    ] = ""
