const banner = document.getElementById("banner");
const chosen = () => /consent_choice=(\w+)/.exec(document.cookie)?.[1];
const count = (what) => fetch(`https://hit.counter.example/hit?${what}`, { mode: "no-cors" });

function choose(what) {
  document.cookie = `consent_choice=${what}; path=/; max-age=86400; secure`;
  banner.hidden = true;
  if (what === "yes") count("agreed");
}

document.getElementById("accept").onclick = () => choose("yes");
document.getElementById("reject").onclick = () => choose("no");
document.getElementById("again").onclick = () => { banner.hidden = false; };
if (!chosen()) banner.hidden = false;
if (chosen() === "yes") count("again");
