"""Finding on a page what a recording points to: the first of its selectors that something fits."""

import asyncio
import re
import time

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Locator, Page

from auditor.collect.site.journeys.recording import Selector, Step
from auditor.names import url_shape

PAUSE = 0.05
MOST = 100  # elements of which more is asked than whether they are there
_ROLE = re.compile(r'(?P<name>.*?)\[role="(?P<role>[A-Za-z]+)"\]', re.DOTALL)
_FITS = """(element, [attributes, properties]) => {
  const fits = (is, asked) => asked !== null && typeof asked === "object"
    ? is !== null && is !== undefined && Object.keys(asked).every(key => fits(is[key], asked[key]))
    : is === asked;
  return fits(element, properties)
    && Object.keys(attributes).every(key => element.getAttribute(key) === attributes[key]);
}"""
# Of controls that people use; a name without a role in a recording is most often one of theirs
_ROLES = (
    *("button", "link", "textbox", "checkbox", "combobox", "radio", "searchbox", "switch", "tab"),
    *("menuitem", "option", "spinbutton", "slider", "heading", "img"),
)


class NotFoundError(Exception):
    """Nothing on the page fits."""


async def find(page: Page, step: Step) -> Locator:
    """Return the element that a step points to, once it can be seen; else `NotFoundError`."""
    end = time.monotonic() + (step.timeout or 0) / 1000
    while True:
        frame = frame_of(page, step)
        for selector in step.selectors if frame else ():
            found = located(frame, selector).filter(visible=True).first if frame else None
            if found and await _count(found):
                return found
        if time.monotonic() > end:
            raise NotFoundError
        await asyncio.sleep(PAUSE)


async def matching(page: Page, step: Step) -> int:
    """Return how many elements fit the first selector that any fits, with what else is said."""
    frame = frame_of(page, step)
    for selector in step.selectors if frame else ():
        found = located(frame, selector) if frame else None
        if found and (number := await _count(found)):
            fits = [await _fits(found.nth(i), step) for i in range(min(number, MOST))]
            return number if all(fits) else 0
    return 0


async def _fits(found: Locator, step: Step) -> bool:
    """Return whether an element has the attributes and properties that are asked for."""
    if not (step.attributes or step.properties):
        return True
    wanted = [step.attributes, step.properties]
    return bool(await found.evaluate(_FITS, wanted, timeout=step.timeout))


def frame_of(page: Page, step: Step) -> Frame | None:
    """Return the frame of a step: of the target that it names, by its places among the frames."""
    frame = target_of(page, step)
    for index in step.frame:
        if frame is None or not 0 <= index < len(frame.child_frames):
            return None
        frame = frame.child_frames[index]
    return frame


def target_of(page: Page, step: Step) -> Frame | None:
    """Return what a step counts its frames from: the page, or the frame that it names."""
    if step.target == "main":
        return page.main_frame
    wanted = url_shape(step.target)
    return next((one for one in page.frames if url_shape(one.url) == wanted), None)


def located(frame: Frame, selector: Selector) -> Locator:
    """Return what a selector of the Recorder stands for; a list leads into open shadow roots."""
    first, *rest = (selector,) if isinstance(selector, str) else selector
    found = _within(frame, first)
    for part in rest:
        found = _within(found, part)
    return found


def _within(scope: Frame | Locator, text: str) -> Locator:
    kind, slash, rest = text.partition("/")
    match kind if slash else "":
        case "xpath":
            return scope.locator(f"xpath={rest.removeprefix('/') if rest[:3] == '///' else rest}")
        case "text":
            return scope.get_by_text(rest)
        case "pierce":
            return scope.locator(f"css={rest}")
        case "aria":
            return _named(scope, rest)
        case _:
            return scope.locator(f"css={text}")


def _named(scope: Frame | Locator, text: str) -> Locator:
    """Return what has an accessible name, and the role if one is said."""
    if said := _ROLE.fullmatch(text):
        role: str = said["role"]
        return scope.get_by_role(role, name=said["name"], exact=True)  # type: ignore[arg-type]
    found = scope.get_by_label(text, exact=True)
    for role in _ROLES:
        found = found.or_(scope.get_by_role(role, name=text, exact=True))  # type: ignore[arg-type]
    return found


async def _count(found: Locator) -> int:
    try:
        return await found.count()
    except PlaywrightError:  # the page leads on, or the selector is none
        return 0
