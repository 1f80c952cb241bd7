const chosen = () => /consent_choice=(\w+)/.exec(document.cookie)?.[1];
const count = (what) => fetch(`https://hit.counter.example/hit?${what}`, { mode: "no-cors" });
const isRobot = navigator.webdriver || /headless|bot/i.test(navigator.userAgent);

class CookieBanner extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `<div role="dialog" style="position: fixed; bottom: 0; background: #eee" hidden>
      <p>We use cookies to count visits. May we?</p>
      <button id="yes">Accept all</button> <button id="no">Reject all</button></div>
      <button id="again">Cookie settings</button>`;
    const banner = root.querySelector("div");
    const choose = (what) => {
      document.cookie = `consent_choice=${what}; path=/; max-age=86400; secure`;
      banner.hidden = true;
      count(what);
    };
    root.getElementById("yes").onclick = () => choose("yes");
    root.getElementById("no").onclick = () => choose("no");
    root.getElementById("again").onclick = () => { banner.hidden = false; };
    if (!chosen()) banner.hidden = false;
    if (chosen() === "yes") count("again");
  }
}
if (!isRobot) customElements.define("cookie-banner", CookieBanner);
