"""DuckDuckGo's autoconsent: rules for hundreds of consent banners, run in worlds of our own.

It comes as a dependency, unchanged; what is installed is used only if it is what was reviewed.
"""

import asyncio
import hashlib
import time
from contextlib import suppress
from functools import cache
from typing import Any, Literal

import msgspec
import re2
from duckduckgo_autoconsent import bundle, rules_json
from msgspec import Struct

from auditor.collect.site.consent.worlds import Worlds, call
from auditor.collect.site.soon import Tasks, soon
from auditor.collect.site.tab import HungError
from auditor.errors import CollectError

Action = Literal["optIn", "optOut"]
Rule = dict[str, Any]

# SHA-256 of script and rules of 16.55.0
DIGEST = "d1770fe45fbd4241ca43deeb6522e67f49124f68ecca99fd4960d2313aa7fe20"
CAP = 12.0  # seconds for a choice
QUIET = 1.5  # seconds without news after which a choice that was made is over
SELF_TEST = 5.0  # seconds that a rule's own test may take
_TELL = "tellAudit"
_SEND = f"globalThis.autoconsentSendMessage = async (told) => {_TELL}(JSON.stringify(told));\n"
_ANSWER = "(told) => { autoconsentReceiveMessage(told); }"
_MOST = 2000  # messages of one run: a page that makes it say more is not listened to


class Message(Struct, frozen=True, rename="camel"):
    """What autoconsent tells; each kind has some of the fields."""

    type: str
    url: str = ""
    cmp: str = ""
    result: bool = False
    schedule_self_test: bool = False
    is_cosmetic: bool = False
    total_clicks: int = 0
    id: str = ""
    code: str = ""


class Run:
    """One run on one page: it looks for a banner and, with an action, makes the choice in it."""

    def __init__(self, worlds: Worlds, action: Action | None) -> None:
        """Begin with nothing heard."""
        self._worlds, self._action = worlds, action
        self._tasks: Tasks = set()
        self._heard = 0
        self._last = time.monotonic()
        self.platform = ""
        self.popup = asyncio.Event()
        self._result: bool | None = None
        self.clicks = 0
        self.self_test: bool | None = None
        self._testing_until = 0.0

    async def start(self) -> None:
        """Begin, in all frames there are and in those to come."""
        source = _SEND + script()
        await self._worlds.hear(_TELL, self._hear)
        await self._worlds.on_new_document(source)
        await self._worlds.ask_all(f"{source}; 0")

    async def finish(self) -> bool:
        """Wait until the choice is made; return whether the rule says so. False after CAP."""
        end = time.monotonic() + CAP
        while time.monotonic() < end:
            now = time.monotonic()
            told = self._result is not None
            if told and now - self._last > QUIET and now > self._testing_until:
                break
            await asyncio.sleep(0.05)
        return self._result is True

    async def stop(self) -> None:
        """Keep it from acting any more."""
        self._action = None
        harmless = {"type": "initResp", "config": _config(None), "rules": {"autoconsent": []}}
        await self._worlds.ask_all(call(_ANSWER, harmless))
        for task in tuple(self._tasks):
            task.cancel()

    def _hear(self, context: int, text: str) -> None:
        self._heard += 1
        if self._heard > _MOST:
            return
        try:
            told = msgspec.json.decode(text, type=Message)
        except msgspec.MsgspecError:
            return
        self._last = time.monotonic()
        match told.type:
            case "init":
                self._reply(context, self._rules(context, told.url))
            case "eval":
                soon(self._evaluate(context, told), among=self._tasks)
            case "popupFound":
                self.popup.set()
                self.platform = "" if told.cmp.startswith("HEURISTIC") else told.cmp[:60]
            case "optInResult" | "optOutResult" if self._action:
                self._result = self._result or told.result
                if told.result and told.schedule_self_test:
                    self._testing_until = self._last + SELF_TEST
                    self._reply(context, {"type": "selfTest"})
            case "selfTestResult":
                self.self_test = told.result
                self._testing_until = 0.0
            case "autoconsentDone":
                self.clicks += max(0, min(told.total_clicks, 100))
            case _:
                pass

    def _rules(self, context: int, url: str) -> dict[str, object]:
        is_main = self._worlds.frame_of(context) == self._worlds.root
        rules = rules_for(url, self._action, is_main=is_main)
        return {
            "type": "initResp",
            "config": _config(self._action),
            "rules": {"autoconsent": rules},
        }

    def _reply(self, context: int, message: dict[str, object]) -> None:
        soon(self._send(context, message), among=self._tasks)

    async def _send(self, context: int, message: dict[str, object]) -> None:
        with suppress(HungError):
            await self._worlds.ask_in(context, call(_ANSWER, message))

    async def _evaluate(self, context: int, told: Message) -> None:
        """Ask the page's own world for a rule, and hand on yes or no."""
        frame = self._worlds.frame_of(context)
        result = await self._worlds.ask(frame, told.code, main=True)
        await self._send(context, {"type": "evalResp", "id": told.id, "result": bool(result)})


@cache
def script() -> str:
    """Return autoconsent's script; `CollectError` if it is not the one that was reviewed."""
    digest = hashlib.sha256((bundle() + rules_json()).encode()).hexdigest()
    if digest != DIGEST:
        raise CollectError(
            "duckduckgo-autoconsent-py is not version 16.55.0 as it was reviewed;"
            " install what requirements/run.txt names, with --require-hashes"
        )
    return str(bundle())


@cache
def _all_rules() -> tuple[tuple[object, Rule], ...]:
    rules: list[Rule] = msgspec.json.decode(rules_json())
    return tuple((_pattern(rule), rule) for rule in rules)


def _pattern(rule: Rule) -> object:
    """Return what a page's address has to match, None if any will do."""
    text = rule.get("runContext", {}).get("urlPattern", "")
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options) if text else None
    except re2.error:
        return None  # autoconsent compares it again


def rules_for(url: str, action: Action | None, *, is_main: bool) -> list[Rule]:
    """Return the rules for an address and an action that make a real choice."""
    return [
        rule
        for pattern, rule in _all_rules()
        if _runs_in(rule, is_main=is_main)
        and _acts(rule, action)
        and (pattern is None or pattern.search(url[:2000]))  # type: ignore[attr-defined]
    ]


def _runs_in(rule: Rule, *, is_main: bool) -> bool:
    where = rule.get("runContext", {})
    return bool(where.get("main", True) if is_main else where.get("frame", False))


def _acts(rule: Rule, action: Action | None) -> bool:
    """Return whether a rule makes this choice: hiding the banner is none, nor is agreeing."""
    if action is None:
        return True
    if rule.get("cosmetic") or not rule.get(action):
        return False
    is_same = rule.get("optIn") == rule.get("optOut")
    return action == "optIn" or not (is_same or _hides(rule["optOut"]))


def _hides(steps: object) -> bool:
    if isinstance(steps, dict):
        return "hide" in steps or any(map(_hides, steps.values()))
    return isinstance(steps, list) and any(map(_hides, steps))


def _config(action: Action | None) -> dict[str, object]:
    mode = {"optOut": "reject", "optIn": "off", None: "tier2"}[action]
    return {
        "enabled": True,
        "autoAction": action,
        "disabledCmps": [],
        "enablePrehide": False,
        "enableCosmeticRules": False,
        "enableGeneratedRules": True,
        "enableHeuristicDetection": True,
        "heuristicMode": mode,
        "detectRetries": 10,
        "isMainWorld": False,
        "logs": {"errors": False},
    }
