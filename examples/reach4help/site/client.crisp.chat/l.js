// Plays a chat bubble: knows a visitor again by a cookie with the account in its name.

const account = "7d0c4a52-91ab-4b7e-8f0e-2f5c3b6a9e10";
const visitor = `session_${crypto.randomUUID()}`;
document.cookie = `crisp-client%2Fsession%2F${account}=${visitor}; Max-Age=${182 * 86400}; Path=/; Domain=reach4help.org; Secure; SameSite=Lax`;
