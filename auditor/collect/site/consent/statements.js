// What a page itself says of consent: IAB TCF and GPP, Google Consent Mode. Texts are cut.
async () => {
  const short = (value, most = 40) => String(value ?? "").slice(0, most);
  const answer = (ask) => new Promise((resolve) => {
    setTimeout(resolve, 300, null);
    try {
      ask((data, ok) => resolve(ok === false ? null : data));
    } catch {
      resolve(null);
    }
  });
  const has = (name) => typeof window[name] === "function";
  const [tc, gpp] = await Promise.all([
    has("__tcfapi") ? answer((done) => window.__tcfapi("getTCData", 2, done)) : null,
    has("__gpp") ? answer((done) => window.__gpp("ping", done)) : null,
  ]);
  const said = { tcf: null, gpp: null, mode: [] };
  if (tc && typeof tc === "object") {
    const consents = Object.entries(tc.purpose?.consents ?? {}).slice(0, 50);
    said.tcf = {
      status: short(tc.eventStatus),
      string: short(tc.tcString, 4000),
      purposes: consents.map(([number, given]) => [short(number, 5), given === true]),
    };
  }
  if (gpp && typeof gpp === "object") {
    const sections = Object.entries(gpp.parsedSections ?? {}).slice(0, 30);
    const flat = (section) => Object.assign({}, ...[section].flat().slice(0, 10));
    said.gpp = sections.map(([name, section]) => {
      const { SaleOptOut, SharingOptOut, TargetedAdvertisingOptOut } = flat(section);
      const given = [SaleOptOut, SharingOptOut, TargetedAdvertisingOptOut];
      return [short(name), given.filter(Number.isInteger)];
    });
  }
  for (const entry of Array.isArray(window.dataLayer) ? window.dataLayer.slice(-1000) : []) {
    if (entry?.[0] !== "consent" || typeof entry[2] !== "object") continue;
    const given = Object.entries(entry[2] ?? {}).slice(0, 20);
    said.mode.push([short(entry[1]), given.map(([name, value]) => [short(name), short(value)])]);
    if (said.mode.length > 50) said.mode.shift();
  }
  return said;
}
