// Hand the page to Google Analytics. Pages that take consent seriously load this afterwards.
{
  const ID = "G-R4H7XQ2M9D";
  const script = document.createElement("script");
  script.src = `https://www.googletagmanager.com/gtag/js?id=${ID}`;
  if (!window.dataLayer) document.head.append(script);
  window.dataLayer ??= [["config", ID]];
}
