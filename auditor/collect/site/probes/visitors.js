// What scripts hear of what visitors do: who listens to the whole page, follows its changes, and
// sends something away. `heed` hears of listeners that only others know what to make of.
({ note, sparing, script, say, tell, watch, getter }, heed) => {
  const CanvasElement = HTMLCanvasElement;
  const DOES = {
    __proto__: null, mousemove: "pointer", pointermove: "pointer", touchmove: "pointer",
    scroll: "scroll", wheel: "scroll", keydown: "keys", keyup: "keys", keypress: "keys",
    input: "text", change: "text", click: "clicks", mousedown: "clicks", mouseup: "clicks",
    pointerdown: "clicks", pointerup: "clicks", touchstart: "clicks", touchend: "clicks",
    selectionchange: "selection", select: "selection", copy: "selection", paste: "selection",
  };
  const page = document;
  const rootOf = getter(() => Document.prototype, "documentElement");
  const bodyOf = getter(() => Document.prototype, "body");
  const listened = { __proto__: null };
  let follows = false;
  let sent = 0;

  const isPage = (target) =>
    target === window || target === page || (target && (target === rootOf(page) || target === bodyOf(page)));

  watch("input", () => EventTarget.prototype, "addEventListener", (self, given) => {
    const type = given[0];
    if (typeof type !== "string") return;
    if (type in DOES && isPage(self ?? window)) {
      if (sparing(listened, 300)) tell("hears", DOES[type], "");
    } else if (type === "icecandidate") heed(self);
    else if (self instanceof CanvasElement) note(self).moves = true;
  });
  watch("input", () => MutationObserver.prototype, "observe", (self, given) => {
    const options = given[1];
    if (!isPage(given[0]) || !options?.subtree) return;
    if (options.characterData || options.attributes) {
      follows = true;
      if (sparing(listened, 300)) tell("hears", "changes", "");
    }
  });

  function away(url, body) {
    if (!follows || body === undefined || body === null || sent >= 200) return;
    sent += 1;
    const size = typeof body === "string" ? body.length : body.byteLength ?? body.size ?? 0;
    say("sends", `${url}`, "", script(), Number(size) || 0);
  }

  const socketUrl = getter(() => WebSocket.prototype, "url");
  watch("sending", () => window, "fetch", (self, given) =>
    away(given[0]?.url ?? given[0], given[1]?.body));
  watch("sending", () => XMLHttpRequest.prototype, "open", (self, given) => { note(self).url = given[1]; });
  watch("sending", () => XMLHttpRequest.prototype, "send", (self, given) => away(note(self).url, given[0]));
  watch("sending", () => Navigator.prototype, "sendBeacon", (self, given) => away(given[0], given[1]));
  watch("sending", () => WebSocket.prototype, "send", (self, given) => away(socketUrl(self), given[0]));
}
