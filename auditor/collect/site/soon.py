"""Work that is started by an event and that nobody waits for."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from playwright.async_api import Error as PlaywrightError

Tasks = set[asyncio.Task[None]]

_TASKS: Tasks = set()  # the loop itself holds them only weakly


def soon(
    work: Coroutine[Any, Any, object], *, seconds: float = 10.0, among: Tasks = _TASKS
) -> None:
    """Do it for so many seconds at most; a page that is gone, or does not answer, is no error.

    The task is kept in `among` until it has ended.
    """

    async def guarded() -> None:
        try:
            await asyncio.wait_for(work, seconds)
        except (PlaywrightError, TimeoutError):
            return

    task = asyncio.ensure_future(guarded())
    among.add(task)
    task.add_done_callback(among.discard)
