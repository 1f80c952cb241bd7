// Ask once whether visits may be counted; the cookie `r4h_consent` keeps the answer.

const DAY = 86400;
const answer = document.cookie.match(/(?:^|; )r4h_consent=(accept|reject)/)?.[1];

// The planted fault: this should be `answer === "accept"`.
if (answer !== "reject") load("/analytics.js");
if (!answer) ask();
document.getElementById("choices").onclick = () => { keep("", 0); ask(); };

function load(address) {
  const script = document.createElement("script");
  script.src = address;
  document.head.append(script);
}

function keep(choice, seconds) {
  document.cookie = `r4h_consent=${choice}; Max-Age=${seconds}; Path=/; Secure; SameSite=Lax`;
}

function ask() {
  document.getElementById("consent")?.remove();
  const banner = document.createElement("aside");
  banner.id = "consent";
  banner.setAttribute("aria-label", "Cookies");
  banner.append("May we use cookies to count visits? ");
  for (const [choice, words] of [["accept", "Accept"], ["reject", "Reject"]]) {
    const button = document.createElement("button");
    button.id = choice;
    button.textContent = words;
    button.onclick = () => { keep(choice, 180 * DAY); banner.remove(); };
    banner.append(button);
  }
  document.body.append(banner);
}
