// The page's data and how its numbers are said.
// SPDX-License-Identifier: Apache-2.0
export const data = JSON.parse(document.getElementById("weft-data").textContent);

// "knob.pe_x" as "pe x", "energy_pj" as "energy": the unit stands at the values.
export const short = (name) => name.replace(/^(knob|network)\./, "").replace(/_(pj|js|s|um2|percent)$/, "").replaceAll("_", " ");

// Four significant digits.
export function plain(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toLocaleString("en-US");
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return value.toExponential(3);
  return String(Number(value.toPrecision(4))).replace(/\B(?=(\d{3})+(?!\d)(?<!\.\d*))/g, ",");
}

const PREFIXES = ["p", "n", "µ", "m", "", "k", "M", "G", "T"];

export function si(value, unit) {
  if (!Number.isFinite(value)) return "–";
  const power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) / 3 + 1e-12);
  const place = Math.max(-4, Math.min(4, power));
  return `${Number((value / 1000 ** place).toPrecision(4))} ${PREFIXES[place + 4]}${unit}`;
}

export const percent = (share) => (Number.isFinite(share) ? `${Number((100 * share).toPrecision(3))} %` : "–");

// A figure's value with its unit, from the ending of its name.
export function told(name, value) {
  if (name.endsWith("_pj")) return si(value * 1e-12, "J");
  if (name.endsWith("_js")) return si(value, "J s");
  if (name.endsWith("_s")) return si(value, "s");
  if (name.endsWith("_um2")) return `${plain(value * 1e-6)} mm²`;
  if (name.includes("percent")) return `${plain(value)} %`;
  return plain(value);
}

// The same at an axis: large numbers without a unit as 1.2 M.
export function tick(name, value) {
  const text = told(name, value);
  return text === plain(value) && Math.abs(value) >= 1e4 ? si(value, "").trim() : text;
}

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}
