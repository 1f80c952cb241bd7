// Runs before a page's first script, in every frame. Tells who writes cookies and storage, and that
// it is in place. It keeps what it needs from before: the page may replace anything afterwards.
(([name, most]) => {
  const send = window[name];
  delete window[name];
  if (!send) return;
  const armed = [];
  const ErrorAsWas = Error;
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const { apply } = Reflect;
  const text = JSON.stringify;
  const { toWellFormed } = String.prototype;
  const local = attempt(() => window.localStorage);
  let told = 0;

  function attempt(work) {
    try {
      return work();
    } catch {
      return undefined;
    }
  }

  function stack() {
    const before = ErrorAsWas.stackTraceLimit;
    ErrorAsWas.stackTraceLimit = 32;
    const lines = new ErrorAsWas().stack;
    ErrorAsWas.stackTraceLimit = before;
    return String(lines).slice(0, 8000);
  }

  function tell(kind, what) {
    told += 1;
    if (told > most + 1) return;
    attempt(() => {
      const fact = told > most ? { kind: "cap" } : { kind, ...what, stack: stack() };
      const answer = send(text(fact));
      answer?.catch?.(() => {});
    });
  }

  function wrap(kind, prototype, property, describe) {
    attempt(() => {
      const target = prototype();
      const was = getOwnPropertyDescriptor(target, property);
      const original = was.set || was.value;
      const wrapped = {
        [property](...given) {
          if (was.set) given[0] = String(given[0]);
          attempt(() => tell(...describe.call(this, given)));
          return apply(original, this, given);
        },
      }[property];
      defineProperty(target, property, was.set ? { ...was, set: wrapped } : { ...was, value: wrapped });
      armed.push(kind);
    });
  }

  const cut = (value, most) => apply(toWellFormed, String(value).slice(0, most), []);
  const short = (value) => cut(value, 5000);
  const shorter = (value) => cut(value, 1000);

  // No browser keeps more than 4096 bytes of name and value; what is padded otherwise is not read.
  wrap("cookie", () => Document.prototype, "cookie", ([line]) =>
    line.length > 5000 && line.indexOf(";") < 4200 && line.includes(";")
      ? ["cap", {}] : ["cookie", { line: short(line) }]);
  wrap("cookie_store", () => CookieStore.prototype, "set", ([first, value]) => {
    const asked = typeof first === "object" ? first : { name: first, value };
    return ["cookie_store", {
      name: shorter(asked.name), value: short(asked.value), domain: shorter(asked.domain ?? ""),
      path: shorter(asked.path ?? "/"), expires: Number(asked.expires) || null,
      same_site: shorter(asked.sameSite ?? "strict"), partitioned: Boolean(asked.partitioned),
    }];
  });
  wrap("storage", () => Storage.prototype, "setItem", function ([key]) {
    return [this === local ? "local_storage" : "session_storage", { name: shorter(key) }];
  });
  wrap("indexed_db", () => IDBFactory.prototype, "open", ([key]) =>
    ["indexed_db", { name: shorter(key) }]);
  wrap("cache_storage", () => CacheStorage.prototype, "open", ([key]) =>
    ["cache_storage", { name: shorter(key) }]);
  wrap("service_worker", () => ServiceWorkerContainer.prototype, "register", ([url, options]) => {
    const script = new URL(url, location.href);
    return ["service_worker", { name: new URL(options?.scope ?? "./", script).href.slice(0, 1000) }];
  });
  const files = () => ["files", {}];
  wrap("files", () => StorageManager.prototype, "getDirectory", files);
  wrap("old_files", () => Window.prototype, "webkitRequestFileSystem", files);
  wrap("old_files", () => window, "webkitRequestFileSystem", files);
  tell("armed", { name: armed.join(" ") });
})(ARGUMENTS);
