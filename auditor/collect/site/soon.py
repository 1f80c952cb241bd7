"""Work that is started by an event and that nobody waits for."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from playwright.async_api import Error as PlaywrightError

Tasks = set[asyncio.Task[None]]

_TASKS: Tasks = set()  # the loop itself holds them only weakly


def _nothing() -> None:
    """Do nothing."""


def soon(
    work: Coroutine[Any, Any, object],
    *,
    seconds: float = 10.0,
    among: Tasks = _TASKS,
    otherwise: Callable[[], None] = _nothing,
) -> None:
    """Do it for so many seconds at most; `otherwise` is called if it fails or takes longer.

    A page that is gone, or does not answer, is no error. The task is kept in `among` until it has
    ended.
    """

    async def guarded() -> None:
        try:
            await asyncio.wait_for(work, seconds)
        except (PlaywrightError, TimeoutError):
            otherwise()

    task = asyncio.ensure_future(guarded())
    among.add(task)
    task.add_done_callback(among.discard)
