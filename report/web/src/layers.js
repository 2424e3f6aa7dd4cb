// The layers of a run: energy, cycles, stalls, gaps and the roofline.
// SPDX-License-Identifier: Apache-2.0
import { axis, colours, narrow, place } from "./charts.js";
import { percent, plain, si } from "./data.js";

const copies = (layer) => layer.repeat;
const name = (layer) => (layer.repeat > 1 ? `${layer.name} ×${layer.repeat}` : layer.name);

// Bars over the layers; long networks get a zoom.
function bars(layers, series, yAxis, extra = {}) {
  const many = layers.length > (narrow() ? 12 : 60);
  return {
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, ...extra.tooltip },
    grid: { left: 74, right: extra.right ?? 24, top: 44, bottom: many ? 130 : 96 },
    xAxis: axis({
      type: "category", data: layers.map(name), axisLabel: { rotate: 55, fontSize: 10, width: 84, overflow: "truncate", hideOverlap: true },
    }),
    yAxis,
    dataZoom: many ? [{ type: "slider", height: 18, bottom: 8, textStyle: { color: colours().soft } }] : [],
    series,
  };
}

function energy(run) {
  const levels = run.accelerator.levels.map((level) => level.name);
  const joules = (pj, layer) => pj * copies(layer) * 1e-12;
  const stack = (title, value) => ({ type: "bar", stack: "energy", name: title, barMaxWidth: 46, data: run.layers.map(value) });
  const series = levels.map((level, i) => stack(level, (layer) => joules(layer.levels[i]?.energy_pj ?? 0, layer)));
  series.push(stack("MACs", (layer) => joules(layer.compute.macs_pj, layer)),
    stack("leakage of the array", (layer) => joules(layer.compute.leak_pj, layer)),
    stack("vector unit", (layer) => joules(layer.compute.vector_pj, layer)));
  return bars(run.layers, series, axis({ type: "value", axisLabel: { formatter: (value) => si(value, "J") } }),
    { tooltip: { valueFormatter: (value) => si(value, "J") } });
}

function cycles(run) {
  const c = colours();
  const parts = (layer) => {
    const ramps = Math.min(layer.cycles, layer.timing.ramp_in + layer.timing.ramp_out);
    const computing = Math.min(layer.cycles - ramps, layer.timing.compute_cycles);
    return { computing, ramps, rest: Math.max(0, layer.cycles - ramps - computing) };
  };
  const stack = (title, key, color) => ({
    type: "bar", stack: "cycles", name: title, barMaxWidth: 46, itemStyle: { color }, tooltip: { valueFormatter: plain },
    data: run.layers.map((layer) => parts(layer)[key] * copies(layer)),
  });
  return bars(run.layers, [
    stack("array computes", "computing", c.series[0]), stack("first and last tiles on their way", "ramps", c.series[5]),
    stack("memories or vector unit hold it up", "rest", c.series[1]),
    {
      type: "line", name: "utilisation", yAxisIndex: 1, symbolSize: 5, lineStyle: { width: 1.2 }, itemStyle: { color: c.series[3] },
      tooltip: { valueFormatter: percent }, data: run.layers.map((layer) => layer.utilization),
    },
  ], [
    axis({ type: "value", name: "cycles", nameGap: 56, axisLabel: { formatter: (value) => si(value, "").trim() } }),
    axis({ type: "value", name: "utilisation", nameGap: 40, min: 0, max: 1, splitLine: { show: false }, axisLabel: { formatter: percent } }),
  ], { right: 62 });
}

const CAUSES = {
  computing: "computing", ramp_in: "first tiles on their way", waiting_for_weights: "waiting for weights",
  waiting_for_inputs: "waiting for inputs", waiting_for_outputs: "waiting for outputs", operand_bandwidth: "operand bandwidth",
  commands: "command queue", held_back: "held back at random", ramp_out: "last outputs on their way", vector: "vector unit",
};

function stalls(run) {
  const layers = run.layers.filter((layer) => layer.stalls);
  const keys = [...new Set(layers.flatMap((layer) => Object.keys(layer.stalls)))].filter((key) => key !== "reasons");
  const seen = keys.filter((key) => layers.some((layer) => layer.stalls[key] > 0));
  return bars(layers, seen.map((key) => ({
    type: "bar", stack: "stalls", name: CAUSES[key] ?? key.replaceAll("_", " "), barMaxWidth: 46,
    data: layers.map((layer) => layer.stalls[key] / Math.max(1, layer.cycles)),
  })), axis({ type: "value", max: 1, axisLabel: { formatter: percent } }), { tooltip: { valueFormatter: percent } });
}

function gaps(run) {
  return bars(run.layers, [{
    type: "bar", name: "gap", barMaxWidth: 46, data: run.layers.map((layer) => Math.max(0, layer.bound.gap)),
  }], axis({ type: "value", min: 0, axisLabel: { formatter: percent } }), { tooltip: { valueFormatter: percent } });
}

// Bytes that pass the outermost level for one copy of the layer.
function outerBytes(layer) {
  let bits = 0;
  for (const [role, counts] of Object.entries(layer.levels[0].tensors)) {
    bits += (counts.reads + counts.updates) * layer.problem.bits[role];
  }
  return bits / 8;
}

// Bytes per cycle of the outermost level: both directions, or the two ports together; null: unlimited.
function outerBandwidth(run) {
  let total = 0;
  for (const memory of run.accelerator.levels[0].memories) {
    const both = memory.shared_bits_per_cycle;
    const apart = memory.read_bits_per_cycle !== null && memory.write_bits_per_cycle !== null
      ? memory.read_bits_per_cycle + memory.write_bits_per_cycle : null;
    const bits = both === null ? apart : apart === null ? both : Math.min(both, apart);
    if (bits === null) return null;
    total += bits / 8;
  }
  return total;
}

function roofline(run) {
  const c = colours();
  const layers = run.layers.filter((layer) => layer.problem && layer.macs > 0 && outerBytes(layer) > 0);
  const points = layers.map((layer) => ({ value: [layer.macs / outerBytes(layer), layer.macs / layer.cycles], layer }));
  const peak = run.accelerator.compute.units;
  const bandwidth = outerBandwidth(run);
  const ridge = bandwidth ? peak / bandwidth : null;
  const xs = [...points.map((point) => point.value[0]), ...(ridge ? [ridge] : [])];
  const low = Math.min(...xs) / 3, high = Math.max(...xs) * 3;
  const roof = ridge ? [[low, low * bandwidth], [ridge, peak], [high, peak]] : [[low, peak], [high, peak]];
  const tell = ({ layer, value }) => `${name(layer)}<br>${plain(value[0])} MACs per byte<br>${plain(value[1])} MACs per cycle, ` +
    `${percent(value[1] / peak)} of the array`;
  return {
    tooltip: { formatter: (item) => (item.data.layer ? tell(item.data) : "") },
    grid: { left: 70, right: 30, top: 40, bottom: 50 },
    xAxis: axis({ type: "log", name: "MACs per byte of the outermost level", nameGap: 30, min: low, max: high, axisLabel: { formatter: (v) => plain(v) } }),
    yAxis: axis({ type: "log", name: "MACs per cycle", nameGap: 50, axisLabel: { formatter: (v) => plain(v) } }),
    series: [
      {
        type: "line", name: bandwidth ? `roof: ${plain(bandwidth)} B/cycle, ${plain(peak)} MACs/cycle` : `roof: ${plain(peak)} MACs/cycle`,
        data: roof, symbol: "none", lineStyle: { color: c.ink, width: 1.5 }, itemStyle: { color: c.ink },
      },
      { type: "scatter", name: "layers", data: points, symbolSize: 9, itemStyle: { color: c.series[0], opacity: 0.75, borderColor: c.paper } },
    ],
  };
}

export function showLayers(run) {
  place("energy", () => energy(run));
  place("cycles", () => cycles(run));
  if (run.network.stalls) place("stalls", () => stalls(run));
  place("gaps", () => gaps(run), { height: 300 });
  if (run.layers.some((layer) => layer.problem && layer.macs > 0)) place("roofline", () => roofline(run), { height: 420 });
}
