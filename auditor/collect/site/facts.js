// Runs in a world of its own, which the page's scripts cannot reach: what the document shows.
(() => {
  const MOST = 4000;
  const links = [];
  const forms = [];

  function look(root) {
    for (const link of root.querySelectorAll("a[href], area[href], link[rel~='privacy-policy'], link[rel~='terms-of-service']")) {
      if (links.length < MOST && /^https?:/.test(link.href)) links.push(link.href.slice(0, 4000));
    }
    for (const form of root.querySelectorAll("form")) forms.push(describe(form));
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
    }
  }

  function describe(form) {
    const fields = [];
    for (const field of form.elements) {
      if (fields.length < 100 && field.name && !["hidden", "submit", "button"].includes(field.type)) {
        fields.push(`${field.type}:${field.autocomplete || ""}:${field.name}`.slice(0, 300));
      }
    }
    const action = form.getAttribute("action");
    return {
      action: new URL(action || location.href, document.baseURI).href.slice(0, 4000),
      method: form.method.toUpperCase(),
      fields,
    };
  }

  look(document);
  const body = document.body;
  return {
    url: location.href.slice(0, 20000),
    title: document.title.slice(0, 300),
    links,
    too_many: links.length >= MOST,
    forms: forms.slice(0, 100),
    characters: (body?.innerText ?? "").trim().length,
    elements: document.querySelectorAll("body *").length,
    height: document.documentElement.scrollHeight,
  };
})()
