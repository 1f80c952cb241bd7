"""Common slips in YAML, and what people are told about them."""

# ruff: noqa: E501 -- a message is one line

import pytest
import yaml
from inline_snapshot import snapshot

from auditor.errors import PolicyError
from auditor.policy_file import strict_yaml
from auditor.policy_file.yaml_errors import shown

SLIPS = {
    "tab before a key": (
        "a:\n\tb: 1\n",
        snapshot("policy.yaml:2:1: a tab stands where YAML expects spaces; indent with spaces"),
    ),
    "tab under a value": (
        "a: b\n\tc: d\n",
        snapshot("policy.yaml:2:1: a tab stands where YAML expects spaces; indent with spaces"),
    ),
    "at sign": (
        "a: [b, @c]\n",
        snapshot('policy.yaml:1:8: text that begins with @ must be quoted: write "@c"'),
    ),
    "backtick": (
        "a: `b`\n",
        snapshot('policy.yaml:1:4: text that begins with ` must be quoted: write "`b`"'),
    ),
    "percent": (
        "a: %b\n",
        snapshot('policy.yaml:1:4: text that begins with % must be quoted: write "%b"'),
    ),
    "star": (
        "a: *.example.org\n",
        snapshot(
            'policy.yaml:1:4: text that begins with * must be quoted: write "*.example.org" (YAML aliases are not read)'
        ),
    ),
    "star at both ends": (
        "a: {identifier: *_ga*}\n",
        snapshot(
            'policy.yaml:1:17: text that begins with * must be quoted: write "*_ga*" (YAML aliases are not read)'
        ),
    ),
    "ampersand": (
        "a: & b\n",
        snapshot(
            'policy.yaml:1:4: text that begins with & must be quoted: write "&" (YAML anchors are not read)'
        ),
    ),
    "exclamation mark": (
        "a: !<b\n",
        snapshot(
            'policy.yaml:1:4: text that begins with ! must be quoted: write "!<b" (YAML tags are not read)'
        ),
    ),
    "pipe": (
        "a: |b\n",
        snapshot('policy.yaml:1:4: text that begins with | must be quoted: write "|b"'),
    ),
    "greater than": (
        "a: >90 days\n",
        snapshot('policy.yaml:1:4: text that begins with > must be quoted: write ">90"'),
    ),
    "question mark": (
        "a: ? b\n",
        snapshot('policy.yaml:1:4: text that begins with ? must be quoted: write "?"'),
    ),
    "unclosed double quote": (
        'a: 1\nb: "x\nc: 1\n',
        snapshot("policy.yaml:2:4: the quotation mark that opens here is never closed"),
    ),
    "unclosed single quote": (
        "a: 'x\n",
        snapshot("policy.yaml:1:4: the quotation mark that opens here is never closed"),
    ),
    "apostrophe in single quotes": (
        "a: 'it's ours'\n",
        snapshot(
            "policy.yaml:1:8: the quotation mark before this ends the text; inside single quotes write '' for ', inside double quotes \\\" for \""
        ),
    ),
    "apostrophe in a flow mapping": (
        "a: {b: 'it's ours'}\n",
        snapshot(
            "policy.yaml:1:12: the quotation mark before this ends the text; inside single quotes write '' for ', inside double quotes \\\" for \""
        ),
    ),
    "text after a quotation": (
        'a: "We" only\n',
        snapshot(
            "policy.yaml:1:9: the quotation mark before this ends the text; inside single quotes write '' for ', inside double quotes \\\" for \""
        ),
    ),
    "backslash": (
        r'a: "C:\data"',
        snapshot(
            "policy.yaml:1:4: an escape in this quoted text is not known; write the character itself, or use single quotes, where a backslash is only a backslash"
        ),
    ),
    "unclosed list": (
        "a: [1, 2\nb: 3\n",
        snapshot(
            "policy.yaml:2:2: the bracket opened in line 1 is not closed, or a comma is missing"
        ),
    ),
    "unclosed mapping": (
        "a:\n  - {b: 1\n",
        snapshot(
            "policy.yaml:3:1: the bracket opened in line 2 is not closed, or a comma is missing"
        ),
    ),
    "wrong bracket": (
        "a: [1, 2}\n",
        snapshot(
            "policy.yaml:1:9: the bracket opened in line 1 is not closed, or a comma is missing"
        ),
    ),
    "comma too many": (
        "a: [1, , 2]\n",
        snapshot(
            "policy.yaml:1:8: a name or value is missing here, or there is a bracket or comma too many"
        ),
    ),
    "bracket too many": (
        "a: [1]]\n",
        snapshot(
            "policy.yaml:1:7: this does not fit what stands above; mend the indentation, or quote the whole value"
        ),
    ),
    "colon in a value": (
        "a: note: see below\n",
        snapshot(
            "policy.yaml:1:8: no colon is expected here; if it belongs to the value, quote the whole value, otherwise mend the indentation"
        ),
    ),
    "colon after a quotation": (
        'a: "b": c\n',
        snapshot(
            "policy.yaml:1:7: no colon is expected here; if it belongs to the value, quote the whole value, otherwise mend the indentation"
        ),
    ),
    "star in a key": (
        "*.example.org: 1\n",
        snapshot(
            'policy.yaml:1:1: text that begins with * must be quoted: write "*.example.org" (YAML aliases are not read)'
        ),
    ),
    "deeper key": (
        "a: 1\n  b: 2\n",
        snapshot(
            "policy.yaml:2:4: no colon is expected here; if it belongs to the value, quote the whole value, otherwise mend the indentation"
        ),
    ),
    "shallower key": (
        "a:\n  b: 1\n c: 2\n",
        snapshot(
            "policy.yaml:3:2: this does not fit what stands above; mend the indentation, or quote the whole value"
        ),
    ),
    "shallower list item": (
        "a:\n  - b\n - c\n",
        snapshot(
            "policy.yaml:3:2: this does not fit what stands above; mend the indentation, or quote the whole value"
        ),
    ),
    "list item after a key": (
        "a: - b\n",
        snapshot(
            "policy.yaml:1:4: no list item can begin here; put it on a line of its own, or quote the value if the - belongs to it"
        ),
    ),
    "name without a colon": (
        "a: 1\nb\nc: 2\n",
        snapshot(
            'policy.yaml:2:1: a name and a colon are expected here, as in "name: value"; if this continues the text above, indent it deeper'
        ),
    ),
    "key without a name": (
        ": 1\n",
        snapshot(
            "policy.yaml:1:1: this does not fit what stands above; mend the indentation, or quote the whole value"
        ),
    ),
    "text after the end": (
        "a: 1\n...\nb: 2\n",
        snapshot(
            "policy.yaml:3:1: this does not fit what stands above; mend the indentation, or quote the whole value"
        ),
    ),
}


@pytest.mark.parametrize(("text", "said"), SLIPS.values(), ids=SLIPS)
@pytest.mark.parametrize("loader", [yaml.SafeLoader, strict_yaml.LOADER])
def test_slips(text: str, said: str, loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each slip is told with its place and its cure, whichever of PyYAML's loaders reads."""
    monkeypatch.setattr(strict_yaml, "LOADER", loader)
    with pytest.raises(PolicyError) as caught:
        strict_yaml.read_document(text.encode(), "policy.yaml")
    assert str(caught.value) == said


def test_shown() -> None:
    """Untrusted text is quoted, cut at 60 characters, and everything in it can be seen."""
    assert shown("a b") == '"a b"'
    assert shown("\x1b[1m\n\u202e") == snapshot('"\\u001b[1m\\u000a\\u202e"')
    assert shown("x" * 60) == f'"{"x" * 60}"'
    assert shown("x" * 1061) == f'"{"x" * 60}…" (1,061 characters)'
