// What every page here does: keep the choice in a cookie, and follow visitors who have agreed.
const chosen = () => document.cookie.match(/choice=(\w+)/)?.[1];
const here = `${location.pathname.replace(".html", "")}/${location.search.slice(1)}`;
const track = (what = "") => { new Image().src = `http://tracker.third.localhost:PORT${here}?${what}${Date.now()}`; };
const keep = (choice) => { document.cookie = `choice=${choice}; path=/; max-age=999`; if (choice === "yes") track(); };
const hide = (id) => document.getElementById(id)?.remove();
const choose = (choice, id = "banner") => { keep(choice); hide(id); };
if (chosen() === "yes") track();
const STYLE = "position:fixed;bottom:0;left:0;right:0;padding:20px;background:#eee";
const show = (html, id = "banner") => {
  if (chosen()) return;
  const box = document.createElement("div");
  box.id = id; box.style = STYLE; box.innerHTML = html;
  document.body.append(box);
};
