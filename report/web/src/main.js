// Makes the charts of a report interactive. Without this script the page shows tables and plain drawings.
// SPDX-License-Identifier: Apache-2.0
import { drawAll } from "./charts.js";
import { data } from "./data.js";
import { showFront } from "./front.js";
import { showLayers } from "./layers.js";
import { showSearch } from "./search.js";

function themeButton() {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  const dark = () => root.dataset.theme === "dark" ||
    (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  const label = () => { button.textContent = dark() ? "light" : "dark"; };
  button.hidden = false;
  button.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; label(); drawAll(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { label(); drawAll(); });
  label();
  // Paper is light.
  let before;
  window.addEventListener("beforeprint", () => { before = root.dataset.theme; root.dataset.theme = "light"; drawAll(); });
  window.addEventListener("afterprint", () => {
    if (before) root.dataset.theme = before;
    else delete root.dataset.theme;
    drawAll();
  });
}

themeButton();
if (data.study) {
  showFront(data.study);
  showSearch(data.study);
}
if (data.run) showLayers(data.run);
