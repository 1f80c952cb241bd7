"""A stand-in for Stripe: lists with `starting_after`, restricted keys, and nothing else."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from fakes.serving import Reply, Serving

Record = Mapping[str, object]
GOOD = "rk_live_good"
KNOWN = {
    "customers": {"limit", "starting_after", "email"},
    "charges": {"limit", "starting_after", "customer"},
    "payment_intents": {"limit", "starting_after", "customer"},
    "invoices": {"limit", "starting_after", "customer"},
    "subscriptions": {"limit", "starting_after", "customer", "status"},
    "checkout/sessions": {"limit", "starting_after", "customer"},
}


class FakeStripe(Serving):
    """Holds `lists` by path. A key may not read what is `forbidden`; `busy` are paths that say so.

    Unknown paths are 404, unknown parameters 400, another key 401. `upside_down` lists the oldest
    first; `turns` says that there is more after the last.
    """

    def __init__(
        self,
        lists: Mapping[str, Sequence[Record]],
        *,
        forbidden: Sequence[str] = (),
        busy: Sequence[str] = (),
        turns: bool = False,
    ) -> None:
        """Refuse lists that Stripe does not have."""
        if unknown := set(lists) - set(KNOWN):
            raise ValueError(f"Stripe has no {unknown}")
        self.lists, self.forbidden, self.busy = lists, forbidden, list(busy)
        self.turns = turns
        super().__init__()

    def answer(self, target: str, authorization: str) -> Reply:
        """Return status and body, as Stripe's reference says."""
        parts = urlsplit(target)
        path, query = parts.path.removeprefix("/v1/"), dict(parse_qsl(parts.query))
        if authorization != f"Bearer {GOOD}":
            return 401, {"error": {"type": "invalid_request_error"}}, {}
        if path not in KNOWN:
            return 404, {"error": {"type": "invalid_request_error"}}, {}
        if set(query) - KNOWN[path]:
            return 400, {"error": {"code": "parameter_unknown"}}, {}
        if path in self.forbidden:
            return 403, {"error": {"message": "Ada Planted has no permission"}}, {}
        if path in self.busy:
            self.busy.remove(path)
            return 429, {"error": {"code": "rate_limit"}}, {"Retry-After": "1"}
        return 200, self._page(path, query), {}

    def _page(self, path: str, query: Mapping[str, str]) -> Record:
        records = list(self.lists.get(path, ()))
        if path == "subscriptions" and query.get("status") != "all":
            records = [one for one in records if one.get("status") != "canceled"]
        ids = [one["id"] for one in records]
        start = ids.index(query["starting_after"]) + 1 if "starting_after" in query else 0
        end = start + int(query.get("limit", "10"))
        more = end < len(records) or self.turns
        return {"object": "list", "data": records[start:end], "has_more": more}
