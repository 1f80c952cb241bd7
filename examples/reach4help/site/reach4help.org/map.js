// The map, only for those who scroll down to it.

addEventListener("scroll", () => {
  const script = document.createElement("script");
  script.src = "https://unpkg.com/leaflet@1.9.4/dist/leaflet.js";
  document.head.append(script);
}, { once: true });
