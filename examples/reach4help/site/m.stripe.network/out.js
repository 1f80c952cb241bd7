// Tells its server of the browser; the answer sets a cookie.

fetch("https://m.stripe.com/6", { method: "POST", credentials: "include", body: "{}" });
