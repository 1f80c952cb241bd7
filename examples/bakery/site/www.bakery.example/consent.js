// Ask once whether visits may be counted; the server keeps the answer in a cookie.

const answer = document.cookie.match(/(?:^|; )bakery_choice=(accept|refuse)/)?.[1];

// The planted fault: this should be `answer === "accept"`.
if (answer !== "refuse") count();
if (!answer) ask();

function count() {
  const script = document.createElement("script");
  script.src = "https://stats.crumbcount.example/count.js";
  document.head.append(script);
}

function ask() {
  const banner = document.createElement("aside");
  banner.id = "consent";
  banner.append("May we count your visit? ");
  for (const [choice, words] of [["accept", "Yes, count me"], ["refuse", "No, thanks"]]) {
    const button = document.createElement("button");
    button.id = choice;
    button.textContent = words;
    button.onclick = async () => {
      await fetch("/choice", { method: "POST", body: choice });
      banner.remove();
    };
    banner.append(button);
  }
  document.body.append(banner);
}
