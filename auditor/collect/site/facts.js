// Runs in a world of its own, which the page's scripts cannot reach: what the document shows.
// A form's fields may be called as its properties are: these are asked of the prototype.
(() => {
  const MOST_LINKS = 4000;
  const MOST_FORMS = 100;
  const MOST_FIELDS = 100;
  const VISIBLE = "img, svg, canvas, video, iframe, input, select, textarea, button, object, embed";
  const links = [];
  const forms = [];
  let tooManyForms = false;
  const elementsOf = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements").get;

  function look(root) {
    for (const link of root.querySelectorAll("a[href], area[href], link[rel~='privacy-policy'], link[rel~='terms-of-service']")) {
      const address = typeof link.href === "string" ? link.href : "";
      if (links.length < MOST_LINKS && /^https?:/.test(address)) links.push(address.slice(0, 4000));
    }
    for (const form of root.querySelectorAll("form")) {
      if (forms.length < MOST_FORMS) forms.push(describe(form));
      else tooManyForms = true;
    }
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
    }
  }

  function describe(form) {
    const fields = [];
    for (const field of elementsOf.call(form)) {
      const name = field.getAttribute("name");
      const type = (field.getAttribute("type") || field.localName).toLowerCase();
      if (!name || ["hidden", "submit", "button"].includes(type)) continue;
      if (fields.length >= MOST_FIELDS) {
        tooManyForms = true;
        break;
      }
      fields.push(`${type}:${field.getAttribute("autocomplete") || ""}:${name}`.slice(0, 300));
    }
    const method = (Element.prototype.getAttribute.call(form, "method") || "get").toUpperCase();
    return { action: address(form), method: method.slice(0, 10), fields };
  }

  function address(form) {
    const said = Element.prototype.getAttribute.call(form, "action");
    try {
      return new URL(said || location.href, document.baseURI).href.slice(0, 4000);
    } catch {
      return "";
    }
  }

  look(document);
  const body = document.body;
  return {
    url: location.href.slice(0, 20000),
    title: document.title.slice(0, 300),
    links,
    too_many: links.length >= MOST_LINKS,
    forms,
    too_many_forms: tooManyForms,
    characters: (body?.innerText ?? "").trim().length,
    visible: document.querySelectorAll(VISIBLE).length,
  };
})()
