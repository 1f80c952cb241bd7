// Runs in a world of its own, which the page's scripts cannot reach: the fields of a document, also
// in open shadow roots. They stay in `found`, so that one can be named by its number afterwards.
(() => {
  const MOST = 100;
  const TYPES = ["text", "email", "tel", "url", "password", "search", "number"];
  const found = [];
  const forms = [];
  let more = false;

  function look(root) {
    for (const element of root.querySelectorAll("input, textarea, [contenteditable]")) {
      if (element.localName === "input" && !TYPES.includes(element.type)) continue;
      const isField = ["input", "textarea"].includes(element.localName);
      if (!isField && !element.isContentEditable) continue;
      if (found.length < MOST) found.push(element);
      else more = true;
    }
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
    }
  }

  function describe(element) {
    const isField = element.localName !== "input" && element.localName !== "textarea";
    const type = isField ? "editable" : element.type;
    const said = (name) => element.getAttribute(name) ?? "";
    const root = element.getRootNode();
    const named = said("aria-labelledby").split(/\s+/).filter(Boolean).map((id) => root.getElementById(id));
    const labels = [...(element.labels ?? []), ...named].map((label) => label?.textContent ?? "");
    const words = ["name", "id", "placeholder", "aria-label", "title"].map(said).concat(labels);
    const form = element.closest("form");
    if (form && !forms.includes(form)) forms.push(form);
    return {
      type,
      token: said("autocomplete").toLowerCase().slice(0, 100),
      name: (said("name") || said("id")).slice(0, 100).toWellFormed(),
      words: words.map((text) => text.trim().slice(0, 100)).join(" ; ").slice(0, 600).toWellFormed(),
      visible: isVisible(element),
      filled: (isField ? element.textContent.trim() : element.value) !== "",
      locked: Boolean(element.disabled || element.readOnly),
      search: said("role") === "searchbox" || Boolean(element.closest("search, [role=search]")),
      form: forms.indexOf(form),
      passwords: form ? form.querySelectorAll("input[type=password]").length : 0,
    };
  }

  function isVisible(element) {
    const box = element.getBoundingClientRect();
    const isThere = box.width > 1 && box.height > 1 && box.right + scrollX > 0 && box.bottom + scrollY > 0;
    return isThere && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  }

  look(document);
  globalThis.found = found;
  return { fields: found.map(describe), more };
})()
