// The designs of a study: a scatter plot, parallel axes and a table that share one selection.
// SPDX-License-Identifier: Apache-2.0
import { axis, colours, narrow, place } from "./charts.js";
import { element, plain, short, tick, told } from "./data.js";
import { showDesigns } from "./designs.js";
import { Rectangle } from "./rectangle.js";
import { Selection, axesOf } from "./selection.js";

const MOST_LINES = 1500;  // of dominated designs between the parallel axes

const say = (of, value) => (of.labels ? of.labels[value] : told(of.name, value));

function selector(axes, chosen, label, onChange) {
  const select = element("select", { onchange: () => onChange(axes[select.selectedIndex]) });
  for (const one of axes) select.append(element("option", {}, short(one.name)));
  select.selectedIndex = axes.indexOf(chosen);
  return element("label", {}, label, select);
}

// Fixed limits: axes stay as they are while designs are selected, and logarithmic ones do not end at powers of ten.
function limits(of) {
  const [low, high] = of.limits;
  if (of.log) {
    return { min: rounded(low / 1.15, digit(low), Math.floor), max: rounded(high * 1.15, digit(high), Math.ceil) };
  }
  const margin = 0.03 * (high - low || Math.abs(high) || 1);
  const step = digit(high - low || Math.abs(high) || 1);
  return { min: rounded(low - (low >= 0 && low < margin ? low : margin), step, Math.floor), max: rounded(high + margin, step, Math.ceil) };
}

// The second digit of a number: 10 of 345.
const digit = (value) => 10 ** (Math.floor(Math.log10(value)) - 1);

const rounded = (value, step, towards) => Number((towards(value / step) * step).toPrecision(6));

function tooltipOf(study, axes, i) {
  const lines = axes.all.map((one) => `${short(one.name)}: <b>${escaped(say(one, one.values[i]))}</b>`);
  return `design ${study.designs[i]}<br>${lines.join("<br>")}`;
}

function escaped(text) {
  return String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}

function valueAxis(of, extra) {
  return axis({
    type: of.log ? "log" : "value", scale: true, name: short(of.name), ...limits(of),
    ...extra, axisLabel: { formatter: (value) => (of.labels ? of.labels[value] ?? "" : tick(of.name, value)), ...extra.axisLabel },
  });
}

class Front {
  constructor(study) {
    this.study = study;
    this.axes = axesOf(study);
    this.front = new Set(study.front);
    this.selection = new Selection(study);
    const find = (name, other) => this.axes.figures.find((one) => one.name === name) ?? this.axes.figures[other];
    this.x = find("latency_s", 0);
    this.y = find("energy_pj", 1);
    this.colour = find("accuracy_percent", 2) ?? this.y;
    this.parallelAxes = this.axes.all.filter((one) => one.labels === undefined || one.labels.length > 1);
  }

  point(i) {
    return { value: [this.x.values[i], this.y.values[i], this.colour.values[i]], design: i };
  }

  // Dominated and front designs, those outside the selection apart.
  groups() {
    const groups = { out: [], dominated: [], front: [] };
    for (const i of this.selection.complete) {
      const group = !this.selection.has(i) ? "out" : this.front.has(i) ? "front" : "dominated";
      groups[group].push(i);
    }
    return groups;
  }

  scatterSeries() {
    const c = colours();
    const groups = this.groups();
    const series = (name, list, extra) => ({ type: "scatter", name, data: list.map((i) => this.point(i)), ...extra });
    const chosen = this.study.chosen === null ? [] : [this.study.chosen];
    return [
      series("not selected", groups.out, { symbolSize: 3, itemStyle: { color: c.faint, opacity: 0.5 }, silent: true, z: 1 }),
      series("dominated", groups.dominated, { symbolSize: 5, itemStyle: { opacity: 0.45 }, z: 2 }),
      series("front", groups.front, { symbol: "diamond", symbolSize: 11, itemStyle: { borderColor: c.ink, borderWidth: 0.7 }, z: 3 }),
      series("chosen", chosen, {
        symbol: "circle", symbolSize: 20, z: 4, itemStyle: { color: "transparent", borderColor: c.series[3], borderWidth: 2.5 },
      }),
    ];
  }

  scatter() {
    const c = colours();
    const values = this.selection.complete.map((i) => this.colour.values[i]);
    const limits = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    return {
      tooltip: { formatter: (item) => tooltipOf(this.study, this.axes, item.data.design) },
      legend: { data: ["dominated", "front", "chosen"] },
      grid: { left: 74, right: narrow() ? 16 : 150, top: 34, bottom: narrow() ? 110 : 52 },
      xAxis: valueAxis(this.x, { nameGap: 28 }),
      yAxis: valueAxis(this.y, { nameGap: 58 }),
      visualMap: {
        type: "continuous", seriesIndex: [1, 2], dimension: 2, min: limits[0], max: limits[1] > limits[0] ? limits[1] : limits[0] + 1,
        inRange: { color: [c.series[0], c.series[2], c.series[1]] }, textStyle: { color: c.soft },
        formatter: (value) => say(this.colour, this.colour.labels ? Math.round(value) : value),
        text: [short(this.colour.name), ""], calculable: true,
        ...(narrow() ? { orient: "horizontal", left: "center", bottom: 0 } : { right: 0, top: "middle" }),
      },
      series: this.scatterSeries(),
    };
  }

  parallelSeries() {
    const c = colours();
    const groups = this.groups();
    const thin = (list) => list.filter((_, i) => i % Math.ceil(list.length / MOST_LINES || 1) === 0);
    const lines = (name, list, color, opacity, z) => ({
      // On a canvas of their own, below: dragging along an axis draws the axes only.
      type: "parallel", name, z, zlevel: -1, silent: true, data: list.map((i) => this.parallelAxes.map((one) => one.values[i])),
      lineStyle: { color, opacity, width: 1.1 }, inactiveOpacity: 0.03, activeOpacity: opacity, progressive: 500,
    });
    const many = Math.max(0.06, Math.min(0.4, 60 / (groups.dominated.length + 1)));
    const chosen = this.study.chosen === null ? [] : [this.study.chosen];
    return [
      lines("not selected", this.selection.active ? [] : thin(groups.out), c.faint, 0.06, 1),
      lines("dominated", thin(groups.dominated), c.soft, many, 2),
      lines("front", groups.front, c.series[0], Math.max(0.15, Math.min(0.6, 60 / (groups.front.length + 1))), 3),
      { ...lines("chosen", chosen, c.series[3], 1, 4), lineStyle: { color: c.series[3], width: 2.5, opacity: 1 } },
    ];
  }

  parallel() {
    const c = colours();
    const upright = !narrow();
    return {
      legend: { data: ["dominated", "front", "chosen"] },
      tooltip: { show: false },
      parallel: {
        layout: upright ? "horizontal" : "vertical", left: upright ? 50 : 96, right: upright ? 96 : 22, top: upright ? 76 : 40, bottom: 26,
        parallelAxisDefault: { nameTextStyle: { color: c.ink }, axisLine: { lineStyle: { color: c.soft } } },
      },
      parallelAxis: this.parallelAxes.map((one, dim) => ({
        dim, id: `axis-${dim}`, name: short(one.name), nameLocation: upright ? "end" : "start", nameGap: upright ? 12 + 15 * (dim % 2) : 10,
        type: one.labels ? "category" : one.log ? "log" : "value", scale: true, data: one.labels, ...(one.labels ? {} : limits(one)), realtime: false,
        nameTextStyle: { fontSize: 11, color: c.ink }, nameTruncate: { maxWidth: upright ? 130 : 84 },
        axisLabel: { color: c.ink, fontSize: 10, hideOverlap: true, backgroundColor: c.paper, padding: [1, 2], formatter: one.labels ? undefined : (value) => tick(one.name, value) },
        axisLine: { lineStyle: { color: c.soft } }, areaSelectStyle: { color: c.accent, opacity: 0.25, borderColor: c.accent },
        splitNumber: 4,
      })),
      series: this.parallelSeries(),
    };
  }

  controls() {
    const host = document.getElementById("front-controls");
    if (!host) return;
    this.count = element("span", { "aria-live": "polite" });
    const redraw = () => { this.selection.setRectangle(null); this.scatterChart.draw(); this.showRectangle(); };
    host.replaceChildren(element("div", { class: "controls" },
      selector(this.axes.figures, this.x, "across", (one) => { this.x = one; redraw(); }),
      selector(this.axes.figures, this.y, "up", (one) => { this.y = one; redraw(); }),
      selector(this.axes.all, this.colour, "colour", (one) => { this.colour = one; redraw(); }),
      element("button", { type: "button", onclick: () => this.clear() }, "clear selection"), this.count),
    element("p", { class: "note hint" }, "Drag a rectangle over the plot, or along one of the parallel axes, to select designs; the table follows."));
  }

  // Where the axes are drawn, in pixels: [left, right, top, bottom].
  area() {
    const pixel = (x, y) => this.scatterChart.chart.convertToPixel({ gridIndex: 0 }, [x, y]);
    const across = limits(this.x), up = limits(this.y);
    const [left, bottom] = pixel(across.min, up.min), [right, top] = pixel(across.max, up.max);
    return [left, right, top, bottom];
  }

  // The rectangle's pixels, as values of the axes.
  selected(pixels) {
    if (pixels === null) return null;
    const value = (x, y) => this.scatterChart.chart.convertFromPixel({ gridIndex: 0 }, [x, y]);
    const [left, right, top, bottom] = pixels;
    const [low, high] = [value(left, bottom), value(right, top)];
    return { x: this.x, y: this.y, range: [[low[0], high[0]], [low[1], high[1]]] };
  }

  // Where the selection is now: the chart may have another size.
  showRectangle() {
    const chosen = this.selection.rectangle;
    if (chosen === null) return this.rectangle?.show(null);
    const pixel = (end) => this.scatterChart.chart.convertToPixel({ gridIndex: 0 }, chosen.range.map((range) => range[end]));
    const [left, bottom] = pixel(0), [right, top] = pixel(1);
    this.rectangle.show([left, right, top, bottom]);
  }

  clear() {
    this.selection.clear();
    this.showRectangle();
    this.parallelChart?.draw();
  }

  show() {
    this.controls();
    this.scatterChart = place("front", () => this.scatter(),
      { height: () => (narrow() ? 480 : 520), renderer: "canvas", onReady: () => this.rectangle && this.showRectangle() });
    this.rectangle = new Rectangle(this.scatterChart.chart.getDom(), () => this.area(),
      (pixels) => this.selection.setRectangle(this.selected(pixels)));
    const tall = () => (narrow() ? 70 + 46 * this.parallelAxes.length : 430);
    this.parallelChart = place("parallel", () => this.parallel(), { height: tall, renderer: "canvas" });
    this.parallelChart?.chart.on("axisareaselected", (event) => {
      const dim = Number(String(event.parallelAxisId).replace("axis-", ""));
      const sorted = (event.intervals ?? []).map(([from, to]) => [Math.min(from, to), Math.max(from, to)]);
      this.selection.setIntervals(this.parallelAxes[dim], sorted);
    });
    this.selection.onChange(() => this.follow());
    showDesigns(this.study, this.axes, this.selection);
    this.follow();
  }

  follow() {
    this.scatterChart.chart.setOption({ series: this.scatterSeries() });
    this.parallelChart?.chart.setOption({ series: this.parallelSeries() });
    const all = plain(this.selection.complete.length);
    if (this.count) this.count.textContent = this.selection.active ? `${plain(this.selection.chosen.size)} of ${all} designs selected` : `${all} designs`;
  }
}

export function showFront(study) {
  if (study.figures.length < 2 || !document.querySelector('[data-chart="front"]')) return;
  new Front(study).show();
}
