// The chat bubble, three seconds later so that it does not slow the page down.

setTimeout(() => {
  const script = document.createElement("script");
  script.src = "https://client.crisp.chat/l.js";
  document.head.append(script);
}, 3000);
