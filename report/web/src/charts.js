// ECharts with the parts that reports use, in the colours of the page.
// SPDX-License-Identifier: Apache-2.0
import * as echarts from "echarts/core";
import { BarChart, LineChart, ParallelChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent, DataZoomComponent, GridComponent, LegendComponent, ParallelComponent, TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, ParallelChart, ScatterChart, AriaComponent, DataZoomComponent, GridComponent,
  LegendComponent, ParallelComponent, TooltipComponent, VisualMapComponent, CanvasRenderer, SVGRenderer]);

const drawn = [];

export function colours() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(name).trim();
  return {
    paper: get("--paper"), ink: get("--ink"), soft: get("--soft"), line: get("--line"), faint: get("--faint"),
    panel: get("--panel"), accent: get("--accent"), series: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => get(`--s${i}`)),
  };
}

export const narrow = () => window.innerWidth < 640;

// What every chart has: text, tooltip and palette of the page, no animation.
function dressed(option) {
  const c = colours();
  return {
    animation: false, color: c.series, backgroundColor: "transparent",
    textStyle: { color: c.ink, fontFamily: "system-ui, 'DejaVu Sans', sans-serif" },
    tooltip: { confine: true, backgroundColor: c.panel, borderColor: c.line, textStyle: { color: c.ink, fontSize: 12 }, ...option.tooltip },
    legend: { type: "scroll", top: 0, textStyle: { color: c.ink }, pageTextStyle: { color: c.soft }, ...option.legend },
    ...Object.fromEntries(Object.entries(option).filter(([key]) => key !== "tooltip" && key !== "legend")),
  };
}

export function axis(extra) {
  const c = colours();
  return {
    axisLine: { lineStyle: { color: c.soft } }, axisLabel: { color: c.soft, hideOverlap: true, ...extra.axisLabel },
    splitLine: { lineStyle: { color: c.line } }, nameTextStyle: { color: c.soft }, nameLocation: "middle",
    ...Object.fromEntries(Object.entries(extra).filter(([key]) => key !== "axisLabel")),
  };
}

// Puts a chart in the place that the page keeps for it. `option` is called again when theme or width change;
// `height` is a number or a function. Returns null when the page has no such place.
export function place(name, option, { height = 380, renderer = "svg", onReady = () => {} } = {}) {
  const host = document.querySelector(`[data-chart="${name}"]`);
  if (!host) return null;
  const tall = () => `${typeof height === "function" ? height() : height}px`;
  host.textContent = "";
  host.classList.add("live");
  host.style.height = tall();
  const chart = echarts.init(host, null, { renderer });
  const draw = () => chart.setOption(dressed(option()), { notMerge: true });
  draw();
  onReady(chart);
  drawn.push({ resize: () => { host.style.height = tall(); chart.resize(); onReady(chart); }, draw: () => { draw(); onReady(chart); } });
  return { chart, draw };
}

export function drawAll() {
  for (const one of drawn) one.draw();
}

let waiting = 0;
let width = window.innerWidth;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const one of drawn) one.resize();
    if (window.innerWidth !== width) drawAll();
    width = window.innerWidth;
  }, 120);
});
