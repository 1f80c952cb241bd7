// The first part of what runs before a page's first script, in every frame: counts, and tells. What
// is counted tells little while it is counted, so that drawing costs nothing: who did it is asked
// where something is read, and told once for each script. Natives stay natives (Proxy), answer and
// throw as before, and are noted afterwards. It keeps what it needs from before, and calls no method
// that the page could have replaced.
(([name, most]) => {
  const send = window[name];
  delete window[name];
  if (!send) return undefined;
  const ErrorAsWas = Error;
  const ProxyAsWas = Proxy;
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const { apply } = Reflect;
  const { indexOf, slice, charCodeAt } = String.prototype;
  const { get, set } = WeakMap.prototype;
  const known = new WeakMap();
  const { stringify } = JSON;
  const lent = [[JSON, "stringify"], [Map.prototype, "get"], [Map.prototype, "set"]].map(
    ([owner, key]) => ({ __proto__: null, owner, key, was: owner[key] }),
  );
  const armed = bag();
  const told = bag();

  // What Playwright sends through is a plain property; nobody puts something else there.
  for (const key of Object.getOwnPropertyNames(window))
    if (key.startsWith("__playwright") && typeof window[key] === "function")
      defineProperty(window, key, { writable: false, configurable: false });

  // --- keeping count

  function bag() {
    return { __proto__: null, size: 0, has: { __proto__: null } };
  }

  function put(into, key) {
    if (key in into.has) return false;
    into.has[key] = true;
    into.size += 1;
    return true;
  }

  // What is known of a canvas, a context, a connection.
  function note(object) {
    let found = apply(get, known, [object]);
    if (!found) {
      found = { __proto__: null };
      apply(set, known, [object, found]);
    }
    return found;
  }

  // Whether to ask who does it: always at first, later for every sixteenth time.
  const sparing = (counter, limit) => (counter.n = (counter.n ?? 0) + 1) <= limit || counter.n % 16 === 0;

  // --- telling

  function stack() {
    const { stackTraceLimit, prepareStackTrace } = ErrorAsWas;
    ErrorAsWas.stackTraceLimit = 16;
    if (prepareStackTrace) ErrorAsWas.prepareStackTrace = undefined;
    const lines = new ErrorAsWas().stack;
    ErrorAsWas.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace) ErrorAsWas.prepareStackTrace = prepareStackTrace;
    return `${lines}`;
  }

  // The first address on the stack; no regular expression, since pages see the last match of one.
  function script() {
    const lines = stack();
    let at = -1;
    let start = -1;
    while (start < 0) {
      at = apply(indexOf, lines, ["://", at + 1]);
      if (at < 0) return "";
      if (apply(slice, lines, [at - 4, at]) === "http") start = at - 4;
      else if (apply(slice, lines, [at - 5, at]) === "https") start = at - 5;
    }
    let end = at + 3;
    for (; end < lines.length && end - start < 2000; end += 1) {
      const code = apply(charCodeAt, lines, [end]);
      if (code === 41 || code <= 32) break; // ")" or white space
    }
    for (let colons = 0; colons < 2 && end > at + 3; ) {
      const code = apply(charCodeAt, lines, [end - 1]);
      if (code === 58) colons += 1;
      else if (code < 48 || code > 57) break;
      end -= 1;
    }
    return apply(slice, lines, [start, end]);
  }

  // What Playwright sends with is what it was while it sends, and then what the page made of it.
  function exchange() {
    for (let at = 0; at < lent.length; at += 1) {
      const one = lent[at];
      const found = one.owner[one.key];
      one.owner[one.key] = one.was;
      one.was = found;
    }
  }

  function say(kind, what, sign, by, size) {
    const fact = { __proto__: null, kind, what: apply(slice, what, [0, 2000]), sign, by, size };
    exchange();
    try {
      const answer = send(stringify(fact));
      answer?.catch?.(() => {});
    } finally {
      exchange();
    }
  }

  function tell(kind, what, sign, by = script()) {
    if (told.size > most || !put(told, `${kind} ${what} ${sign} ${by}`)) return;
    if (told.size > most) say("cap", "", "", "", 0);
    else say(kind, what, sign, by, 0);
  }

  // --- watching

  // `seen(self, given, answer)` hears of each call; `part` is value, get or set of the property.
  function watch(probe, owner, property, seen, part = "value") {
    try {
      const target = owner();
      const was = getOwnPropertyDescriptor(target, property);
      const native = was[part];
      const watched = new ProxyAsWas(native, {
        __proto__: null,
        apply(_, self, given) {
          const answer = apply(native, self, given);
          try {
            seen(self, given, answer);
          } catch {
            // Nothing that is counted may reach the page.
          }
          return answer;
        },
      });
      defineProperty(target, property, { ...was, [part]: watched });
      put(armed, probe);
    } catch {
      // Not in this browser, or not on a page without TLS.
    }
  }

  function getter(owner, property) {
    try {
      const native = getOwnPropertyDescriptor(owner(), property).get;
      return (object) => apply(native, object, []);
    } catch {
      return () => undefined;
    }
  }

  function ready() {
    let list = "";
    for (const probe in armed.has) list += `${probe} `;
    say("armed", list, "", "", 0);
  }

  return { bag, put, note, sparing, script, say, tell, watch, getter, ready };
})
