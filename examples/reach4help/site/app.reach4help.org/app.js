// The app: begins with Firebase, and keeps itself for when there is no network.

import { start } from "https://www.gstatic.com/firebasejs/12.6.0/firebase.js";

navigator.serviceWorker.register("/sw.js");
document.getElementById("sign-in").onsubmit = (event) => event.preventDefault();

const user = await start({
  apiKey: "@@AIza:35@@", // public by design: it names the project
  project: "reach4help-demo",
  app: "1:2:web:3",
  database: "wss://reach4help-demo.firebaseio.com/.ws",
  measurement: "G-R4H7XQ2M9D",
});
document.getElementById("state").textContent = `You are guest ${user.localId}.`;
