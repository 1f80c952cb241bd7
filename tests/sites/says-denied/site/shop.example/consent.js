window.dataLayer = [];
function gtag() { dataLayer.push(arguments); }
const no = { ad_storage: "denied", analytics_storage: "denied" };
const yes = { ad_storage: "granted", analytics_storage: "granted" };
gtag("consent", "default", no);
window.__tcfapi = (command, version, answer) => answer({
  eventStatus: chosen() ? "useractioncomplete" : "cmpuishown",
  gdprApplies: true,
  purpose: { consents: chosen() === "yes" ? { 1: true } : {}, legitimateInterests: {} },
  vendor: { consents: {} },
}, true);

const banner = document.getElementById("banner");
const chosen = () => /consent_choice=(\w+)/.exec(document.cookie)?.[1];
const count = (what) => fetch(`https://hit.counter.example/hit?${what}`, { mode: "no-cors" });

function choose(what) {
  document.cookie = `consent_choice=${what}; path=/; max-age=86400; secure`;
  banner.hidden = true;
  gtag("consent", "update", what === "yes" ? yes : no);
  if (what === "yes") count("agreed");
}

document.getElementById("accept").onclick = () => choose("yes");
document.getElementById("reject").onclick = () => choose("no");
document.getElementById("again").onclick = () => { banner.hidden = false; };
if (!chosen()) banner.hidden = false;
if (chosen() === "yes") count("again");

const load = () => document.head.append(
  Object.assign(document.createElement("script"), { src: "https://www.googletagmanager.com/gtag/js?id=G-1" }));
load();
