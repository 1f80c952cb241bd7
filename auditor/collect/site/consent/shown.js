// Lists what can be clicked in a document and what it belongs to; also in open shadow trees. It
// changes nothing. Which of it is a consent banner is decided elsewhere. `any` finds wordings.
(any, most) => {
  const wording = new RegExp(any, "u");
  const names = /cookie|consent|gdpr|dsgvo|rgpd|privacy|datenschutz|cmp|tcf/i;
  const buttons = "button,a,summary,[role=button],input[type=button],input[type=submit],[onclick],[tabindex='0']";
  const switches = "input[type=checkbox],[role=switch],[role=checkbox]";
  const longest = 6000;
  const texts = new Map();
  const boxes = [];
  const elements = [];
  let left = 60000; // nodes that are looked at

  const squeeze = (text, length) => String(text ?? "").slice(0, 4 * length).replace(/\s+/g, " ").trim().slice(0, length);
  const plain = (text) => text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").replace(/\u2019/g, "'");
  const parent = (node) => node.parentElement ?? node.getRootNode().host;

  function textOf(element) {
    if (texts.has(element)) return texts.get(element);
    let text = "";
    const waiting = [element];
    while (waiting.length && text.length <= longest && left > 0) {
      const node = waiting.pop();
      left -= 1;
      if (node.nodeType === Node.TEXT_NODE) text += `${node.data.slice(0, longest)} `;
      else if (!/^(script|style|template|noscript)$/i.test(node.nodeName)) {
        const inside = [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes];
        waiting.push(...inside.slice(0, 2000).reverse());
      }
    }
    texts.set(element, text);
    return text;
  }

  function isVisible(element) {
    if (!element?.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > 0 && box.left < innerWidth &&
      box.bottom + scrollY > 0;
  }

  function floats(element) {
    if (element.nodeName === "DIALOG" || element.ariaModal === "true") return true;
    if (/^(alert)?dialog$/.test(element.role ?? "")) return true;
    return /^(fixed|sticky)$/.test(getComputedStyle(element).position);
  }

  function isInSight(element) {
    const box = element.getBoundingClientRect();
    return getComputedStyle(element).position !== "fixed" || (box.bottom > 0 && box.top < innerHeight);
  }

  const named = (element) => `${element.id} ${element.getAttribute("class") ?? ""} ${element.ariaLabel ?? ""}`;

  function boxOf(element) {
    let floating, called, near;
    for (let above = element, depth = 0; above && depth < 60; above = parent(above), depth += 1) {
      if (/^(BODY|HTML)$/.test(above.nodeName)) break;
      const length = textOf(above).length;
      if (length > longest) break;
      if (floats(above)) floating = above;
      else if (names.test(named(above))) called = above;
      if (length >= 60) near ??= above;
    }
    const found = floating ?? called ?? near ?? document.body;
    const known = boxes.findIndex((box) => box.element === found);
    if (known >= 0) return known;
    boxes.push({ element: found, floats: Boolean(floating), inSight: !floating || isInSight(floating) });
    return boxes.length - 1;
  }

  function labelOf(element) {
    const root = element.getRootNode();
    const ids = (element.getAttribute("aria-labelledby") ?? "").split(" ").slice(0, 5);
    const by = ids.map((id) => id && root.getElementById?.(id)?.textContent).filter(Boolean).join(" ");
    const label = element.ariaLabel || by || element.labels?.[0]?.textContent ||
      element.closest("label")?.textContent || element.parentElement?.textContent || element.name;
    return squeeze(label, 100);
  }

  const roots = [document];
  for (let at = 0; at < roots.length && left > 0; at += 1) {
    const walker = document.createTreeWalker(roots[at], NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node && left > 0; node = walker.nextNode()) {
      left -= 1;
      if (node.shadowRoot) roots.push(node.shadowRoot);
    }
  }
  left = 60000;
  const clickables = [];
  const toggles = [];
  for (const root of roots) {
    for (const element of root.querySelectorAll(buttons)) {
      if (clickables.length >= most) break;
      if ((element.textContent ?? "").length > 400 || element.disabled) continue;
      const text = squeeze(element.innerText || element.value || element.ariaLabel || element.title, 80);
      if (!text || !wording.test(plain(text)) || !isVisible(element)) continue;
      clickables.push({ text, box: boxOf(element), at: elements.push(element) - 1 });
    }
    for (const element of root.querySelectorAll(switches)) {
      if (toggles.length >= most) break;
      const label = element.labels?.[0] ?? element.closest("label");
      toggles.push({
        at: elements.push(element) - 1,
        label: labelOf(element),
        box: boxOf(element),
        ticked: element.checked === true || element.ariaChecked === "true",
        locked: element.disabled === true || element.ariaDisabled === "true",
        visible: isVisible(element) || isVisible(label) || isVisible(parent(element)),
      });
    }
  }
  globalThis.elements = elements;
  return {
    clickables,
    toggles,
    boxes: boxes.map(({ element, floats, inSight }) => ({
      text: squeeze(textOf(element), 1500), name: squeeze(named(element), 200), floats, inSight,
    })),
  };
}
