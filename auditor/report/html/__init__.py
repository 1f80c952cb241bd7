"""The report as one HTML page for people who have never seen the tool: no script, nothing remote.

Everything that comes from pages, policies and evidence goes through `visible` and autoescape;
addresses are text and never links. The Content Security Policy allows the page's own style, by
its digest, and nothing else.
"""

import base64
import hashlib
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from auditor.report.html.ages import ages_table, charts, promises
from auditor.report.html.cards import tasks
from auditor.report.html.devices import devices
from auditor.report.html.drawing import MOST, NARROW, WIDE, data_map
from auditor.report.html.looked import checks, looked_at, not_looked_at, questions, verdict
from auditor.report.html.recipients import Flow, recipients, told
from auditor.report.html.sources import evidence, judged, limits
from auditor.report.html.stated import attestations, claims, waivers
from auditor.report.html.tables import counted
from auditor.report.html.windows import windows
from auditor.report.safe import visible
from auditor.report.story import Story

HERE = Path(__file__).parent / "templates"
CODE = re.compile(r"`([^`]+)`")
LONGEST = 2000  # characters of one text


def render_html(story: Story, *, printed: bool = False) -> str:
    """Return the whole page; `printed`: nothing folded, and no drawing for phones."""
    style, digest = style_of()
    found, kept = recipients(story), promises(story)
    return (
        environment()
        .get_template("report.html")
        .render(
            report=story.report,
            controller=story.policy.controller,
            printed=printed,
            style=style,
            digest=digest,
            verdict=verdict(story.report),
            looked=looked_at(story.report),
            unseen=not_looked_at(story.report),
            questions=questions(story.report),
            checks=checks(story.report),
            tasks=tasks(story),
            claims=claims(story),
            flows=[*Flow],
            recipients=found,
            undrawn=max(len(found) - MOST, 0),
            wide=data_map(found, WIDE, "map-wide"),
            narrow=data_map(found, NARROW, "map-narrow"),
            parties=told(story, found),
            devices=devices(story),
            windows=windows(story),
            charts=charts(story, kept),
            ages=ages_table(story, kept),
            waivers=waivers(story),
            attestations=attestations(story),
            judged=judged(story),
            evidence=evidence(story),
            limits=[*limits(story)],
        )
    )


def style_of() -> tuple[Markup, str]:
    """Return the style of every page of ours, and the digest by which its policy allows it."""
    style = (HERE / "style.css").read_text("utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Markup(style), digest  # noqa: S704 -- our own file


def environment(*folders: Path) -> Environment:
    """Return what renders our templates, of other folders too: what they print is inert."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader([*folders, HERE]),
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals["most_rows"] = lambda printed: 200 if printed else 2000
    made.globals["most_lines"] = lambda printed: 50 if printed else 500
    made.filters["prose"] = _prose
    made.filters["verbatim"] = _verbatim
    made.filters["counted"] = counted
    return made


def _shown(value: object) -> object:
    """Make a text inert before it is escaped; what is markup already was made so here."""
    if isinstance(value, Markup):
        return value
    return visible(str(value), LONGEST)


def _prose(text: str) -> Markup:
    """Return a sentence whose `names` are set as code."""
    safe = str(escape(visible(text, LONGEST)))
    return Markup(CODE.sub(r"<code>\1</code>", safe))  # noqa: S704 -- escaped above


def _verbatim(text: str) -> Markup:
    """Return lines as they are, each of them inert."""
    lines = (visible(line, LONGEST) for line in text.split("\n"))
    return escape("\n".join(lines))
