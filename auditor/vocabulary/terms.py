"""The shape of one word of a vocabulary."""

import msgspec


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One value that policy.yaml may hold, and what it means.

    ``dpv`` is a code of the Data Privacy Vocabulary 2.3 without its prefix (data categories:
    ``pd:``, purposes and data subjects: ``dpv:``, all else: ``eu-gdpr:``). ``article`` is a key
    of ``REFERENCES``. Both are empty where there is none.
    """

    key: str
    label: str
    description: str
    also: tuple[str, ...] = ()  # everyday words for it, in English, French, German, Spanish
    dpv: str = ""
    article: str = ""
    extension: bool = False  # ours: fideslang 3.1.4 has no such key
    fallback: str = ""  # the fideslang key that an extension is exported as


def term(  # noqa: PLR0913 -- one row of a table has as many columns as it has
    key: str,
    label: str,
    description: str,
    also: str = "",
    *,
    dpv: str = "",
    article: str = "",
    fallback: str = "",
) -> Term:
    """Write a term as one row of a table: synonyms parted by commas, a fallback if it is ours."""
    return Term(
        key=key,
        label=label,
        description=description,
        also=tuple(word.strip() for word in also.split(",")) if also else (),
        dpv=dpv,
        article=article,
        extension=bool(fallback),
        fallback=fallback,
    )


def table(*terms: Term) -> dict[str, Term]:
    """Index terms by their key, in the order given; raise ValueError if a key comes twice."""
    rows = {row.key: row for row in terms}
    if len(rows) != len(terms):
        raise ValueError("a vocabulary holds the same key twice")
    return rows
