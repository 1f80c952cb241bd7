addEventListener("activate", (event) =>
  event.waitUntil(fetch("https://calls.servant.example/awake", { mode: "no-cors" })));
