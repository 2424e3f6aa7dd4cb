// The table of designs: those selected, sorted by a column, the first hundred of them.
// SPDX-License-Identifier: Apache-2.0
import { element, plain, short, told } from "./data.js";

const MOST_ROWS = 100;

export function showDesigns(study, axes, selection) {
  const host = document.getElementById("designs");
  if (!host) return;
  const front = new Set(study.front);
  let sorted = axes.figures[0];
  let upwards = sorted.better !== "more";
  let onlyFront = true;
  const body = element("tbody");
  const caption = element("span");
  const headers = [];

  const check = element("input", { type: "checkbox", onchange: () => { onlyFront = check.checked; fill(); } });
  check.checked = true;

  function cells(i) {
    const name = `${i === study.chosen ? "★ " : front.has(i) ? "◆ " : ""}${study.designs[i]}`;
    return [element("td", { class: "n" }, name),
      ...axes.all.map((one) => element("td", one.labels ? {} : { class: "n" },
        one.labels ? one.labels[one.values[i]] : told(one.name, one.values[i])))];
  }

  function fill() {
    const rows = [...selection.chosen].filter((i) => !onlyFront || front.has(i));
    rows.sort((a, b) => (upwards ? 1 : -1) * (sorted.values[a] - sorted.values[b]) || a - b);
    body.replaceChildren(...rows.slice(0, MOST_ROWS).map((i) =>
      element("tr", i === study.chosen ? { class: "chosen" } : {}, ...cells(i))));
    const more = rows.length > MOST_ROWS ? `, the first ${MOST_ROWS} shown` : "";
    caption.textContent = `${plain(rows.length)} designs${more}; ◆ on the front, ★ chosen. Click a header to sort.`;
    for (const [one, header] of headers) {
      header.textContent = short(one.name) + (one === sorted ? (upwards ? " ▲" : " ▼") : "");
    }
  }

  const head = element("tr", {}, element("th", { class: "n", scope: "col" }, "design"));
  for (const one of axes.all) {
    const header = element("th", { scope: "col", "data-sort": "", ...(one.labels ? {} : { class: "n" }) });
    header.addEventListener("click", () => {
      upwards = sorted === one ? !upwards : one.better !== "more";
      sorted = one;
      fill();
    });
    headers.push([one, header]);
    head.append(header);
  }
  host.replaceChildren(
    element("div", { class: "controls" }, element("label", {}, check, "only designs on the front")),
    element("div", { class: "scroll" }, element("table", {}, element("caption", {}, caption), element("thead", {}, head), body)));
  selection.onChange(fill);
  fill();
}
