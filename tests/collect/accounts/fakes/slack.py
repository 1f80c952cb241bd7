"""A stand-in for Slack: scopes, plans and cursors; what is wrong comes with a status of 200."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from fakes.serving import Reply, Serving

Record = Mapping[str, object]
GOOD = "xoxb-good"
METHODS = {  # the scope of each method, and what it may be asked with
    "auth.test": ("", ()),
    "users.list": ("users:read", ("limit", "cursor")),
    "conversations.list": ("channels:read", ("limit", "cursor", "types")),
    "conversations.history": ("channels:history", ("channel", "latest", "limit", "cursor")),
    "files.list": ("files:read", ("count", "ts_to")),
    "team.billing.info": ("team.billing:read", ()),
    "admin.conversations.getCustomRetention": ("admin.conversations:read", ("channel_id",)),
}
ALL = tuple(scope for scope, _ in METHODS.values() if scope and not scope.startswith("admin"))


class FakeSlack(Serving):
    """Holds `members`, `channels`, the `messages` of each channel and `files`, by their times.

    Unknown methods and parameters are refused, so are a wrong token and a missing scope. Below
    Enterprise nobody asks for the retention of a channel. `busy` methods say so once. If it
    `is_sparse`, the first page of messages is empty.
    """

    def __init__(  # noqa: PLR0913 -- what a workspace has
        self,
        *,
        members: Sequence[Record] = (),
        channels: Sequence[Record] = (),
        messages: Mapping[str, Sequence[float]] = {},
        files: Sequence[float] = (),
        retention: Mapping[str, int] = {},
        scopes: Sequence[str] = (*ALL, "users:read.email"),
        plan: str = "plus",
        busy: Sequence[str] = (),
        page: int = 2,
        is_sparse: bool = False,
    ) -> None:
        """Begin to listen."""
        self.members, self.channels, self.messages = members, channels, messages
        self.files, self.retention, self.scopes = files, retention, scopes
        self.plan, self.busy, self.page = plan, list(busy), page
        self.is_sparse = is_sparse
        super().__init__()

    def answer(self, target: str, authorization: str) -> Reply:
        """Return status, body and headers as Slack's documentation says."""
        parts = urlsplit(target)
        method, query = parts.path.removeprefix("/api/"), dict(parse_qsl(parts.query))
        headers = {"x-oauth-scopes": ",".join(self.scopes)}
        if authorization != f"Bearer {GOOD}":
            return 200, {"ok": False, "error": "invalid_auth"}, {}
        if method in self.busy:
            self.busy.remove(method)
            return 429, {"ok": False, "error": "ratelimited"}, {**headers, "Retry-After": "1"}
        if refusal := self._refusal(method, query):
            return 200, {"ok": False, **refusal}, headers
        return 200, {"ok": True, **self._said(method, query)}, headers

    def _refusal(self, method: str, query: Mapping[str, str]) -> Record:
        scope, known = METHODS.get(method, ("", ()))
        if method not in METHODS:
            return {"error": "unknown_method"}
        if set(query) - set(known):
            return {"error": "invalid_arguments"}
        if method.startswith("admin.") and self.plan != "enterprise":
            return {"error": "feature_not_enabled"}
        if scope and scope not in self.scopes:
            return {"error": "missing_scope", "needed": scope}
        return {}

    def _said(self, method: str, query: Mapping[str, str]) -> Record:
        said: Record = {"user_id": "U1"}
        match method:
            case "users.list":
                said = self._page("members", [self._shown(m) for m in self.members], query)
            case "conversations.list":
                said = self._page("channels", self.channels, query)
            case "conversations.history" if self.is_sparse and "cursor" not in query:
                said = {"messages": [], "response_metadata": {"next_cursor": "more"}}
            case "conversations.history":
                sent = self.messages.get(query["channel"], ())
                older = [at for at in sent if at < float(query.get("latest", "inf"))]
                shown = sorted(older, reverse=True)[: int(query.get("limit", "100"))]
                said = {"messages": [{"ts": f"{at:.6f}", "text": "Ada Planted"} for at in shown]}
            case "files.list":
                total = sum(at <= float(query.get("ts_to", "inf")) for at in self.files)
                said = {"files": [{"name": "Planted.pdf"}], "paging": {"total": total}}
            case "team.billing.info":
                said = {"plan": self.plan}
            case "admin.conversations.getCustomRetention":
                days = self.retention.get(query["channel_id"])
                said = {"is_policy_enabled": days is not None, "duration_days": days or 0}
            case _:
                pass
        return said

    def _shown(self, member: Record) -> Record:
        """Leave the address out for those who may not see it."""
        profile = member.get("profile", {})
        assert isinstance(profile, Mapping)
        shown = "users:read.email" in self.scopes
        return {**member, "profile": {k: v for k, v in profile.items() if shown or k != "email"}}

    def _page(self, key: str, records: Sequence[Record], query: Mapping[str, str]) -> Record:
        start = int(query.get("cursor", "0"))
        end = start + min(self.page, int(query["limit"]))
        cursor = str(end) if end < len(records) else ""
        return {key: records[start:end], "response_metadata": {"next_cursor": cursor}}
