// Makes a document believe that it is being left, while those who watch it still hear of it.
(() => {
  const say = (name, value) =>
    Object.defineProperty(Document.prototype, name, { get: () => value, configurable: true });
  say("visibilityState", "hidden");
  say("hidden", true);
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: false }));
  window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  window.dispatchEvent(new Event("unload"));
})()
