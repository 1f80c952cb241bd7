"""The way of a journey: which page it is on, and how each of them answered."""

from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page, Response

from auditor.collect.site.story import Story
from auditor.collect.web.address import locate

OK = 200  # HTTP status, also of pages that scripts put in the place of others


class Way:
    """Follows one page from address to address."""

    def __init__(self, page: Page, story: Story) -> None:
        """Listen; from each turn on, what is seen is told of the new page."""
        self._page, self._story = page, story
        self._last = ""
        self._method = "GET"
        self.status = OK
        self.turns = 0  # of the page itself, not of its frames
        self.passed: list[str] = []  # since the last step began, of frames too
        self.rests: dict[str, None] = {}  # addresses at which a step ended, that can be opened
        page.on("framenavigated", story.careful(self._navigated))
        page.on("response", story.careful(self._answered))

    def behind(self) -> list[str]:
        """Return the addresses at which a step ended, without the one where the page is now."""
        return [url for url in self.rests if url != self._page.url]

    def begin(self) -> None:
        """Begin a step."""
        self.passed.clear()
        self.status = OK

    def has_turned(self) -> bool:
        """Return whether the page is another one than when this was last asked."""
        if self._method == "GET":
            self.rests[self._page.url] = None
        before, self._last = self._last, self._story.page
        return self._last != before

    def _navigated(self, frame: Frame) -> None:
        self.passed.append(frame.url)
        address = locate(frame.url)
        if frame == self._page.main_frame and address:
            self.turns += 1
            self._story.page = address.shape

    def _answered(self, response: Response) -> None:
        with suppress(PlaywrightError):  # a service worker's has no frame
            if response.request.is_navigation_request() and not response.frame.parent_frame:
                self.status = response.status
                self._method = response.request.method
