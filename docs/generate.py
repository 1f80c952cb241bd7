"""Write the generated files anew (`make docs`): the three schemas, and the pages made from code.

Everything here comes from one source each: the types of policy.yaml, of the report and of the
evidence, the vocabularies, the checks, and the catalogue of services. tests/test_docs.py fails
where a file is not current.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec
from policy_page import policy_page, table
from services_page import services_page

from auditor import vocabulary
from auditor.discovery import discover
from auditor.evidence import Evidence
from auditor.policy_file import editor_schema
from auditor.policy_file.schema import ADDRESS, DIALECT
from auditor.report.explain import explain, looks_at
from auditor.report.json import report_schema

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Written by `make docs`: change the code it is made from, not this page. -->\n\n"


def generated() -> dict[Path, str]:
    """Return the text of every generated file."""
    return {ROOT / name: text for name, text in {**_schemas(), **_pages()}.items()}


def _schemas() -> dict[str, str]:
    schemas: dict[str, Mapping[str, object]] = {
        "policy": editor_schema(),
        "report": _published("report", report_schema()),
        "evidence": _published("evidence", msgspec.json.schema(Evidence)),
    }
    return {
        f"auditor/schema/{name}.schema.json": json.dumps(schema, indent=1) + "\n"
        for name, schema in schemas.items()
    }


def _published(name: str, schema: Mapping[str, object]) -> dict[str, object]:
    named = {"$schema": DIALECT, "$id": f"{ADDRESS}{name}.schema.json", "title": f"{name}.json"}
    return {**named, **schema}


def _pages() -> dict[str, str]:
    checks = discover()
    rows = [(f"[{check.id}]({check.id}.md)", looks_at(check), check.title) for check in checks]
    index = ["# The checks", "", *table(("check", "looks at", "what holds"), rows), ""]
    return {
        "docs/policy.md": MADE + policy_page(),
        "docs/vocabulary.md": MADE + _vocabulary_page(),
        "docs/services.md": MADE + services_page(),
        "docs/checks/README.md": MADE + "\n".join(index),
        **{f"docs/checks/{check.id}.md": f"{MADE}{explain(check)}\n" for check in checks},
    }


def _vocabulary_page() -> str:
    """Return docs/vocabulary.md: every word that policy.yaml can hold."""
    lines = ["# Vocabulary", "", "`audit terms WORD` finds these by everyday words.", ""]
    for name, terms in vocabulary.VOCABULARIES.items():
        rows = [(f"`{t.key}`", t.label, t.description, _law(t.article)) for t in terms.values()]
        lines += [f"## {name}", "", *table(("write", "is called", "means", "law"), rows), ""]
    sources = (vocabulary.__doc__ or "").partition("\n\n")[2].replace("``", "`")
    return "\n".join([*lines, "## Sources", "", sources])


def _law(key: str) -> str:
    reference = vocabulary.REFERENCES.get(key)
    return f"[{reference.title.partition(':')[0]}]({reference.url})" if reference else ""


def main() -> None:
    """Write what has changed, and take away pages of checks that are no more."""
    files = generated()
    for path in {*(ROOT / "docs" / "checks").glob("*.md")} - {*files}:
        path.unlink()
        print(f"removed {path.relative_to(ROOT)}")
    for path, text in files.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
