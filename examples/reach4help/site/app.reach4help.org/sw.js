// Keeps the app for when there is no network, and asks to be woken up by messages.

const SHELL = "r4h-shell-v1";
const MESSAGES = "https://fcmregistrations.googleapis.com/v1/projects/reach4help-demo/registrations";

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function install() {
  const shell = await caches.open(SHELL);
  await shell.addAll(["/", "/app.js"]);
  await fetch(MESSAGES, { method: "POST", body: "{}" });
}
