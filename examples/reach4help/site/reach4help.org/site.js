// What every page does: remember a language, where the visit began, and whether cookies work.

localStorage.setItem("r4h-language", document.documentElement.lang);
if (!sessionStorage["r4h-entry-page"]) sessionStorage["r4h-entry-page"] = location.pathname;

document.cookie = "r4h_probe=1; Path=/; Secure; SameSite=Lax";
document.documentElement.classList.toggle("no-cookies", !document.cookie.includes("r4h_probe"));
document.cookie = "r4h_probe=; Max-Age=0; Path=/; Secure; SameSite=Lax";
