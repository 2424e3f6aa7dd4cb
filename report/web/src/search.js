// How a search went and what mattered in it.
// SPDX-License-Identifier: Apache-2.0
import { axis, colours, narrow, place } from "./charts.js";
import { percent, short } from "./data.js";

function progress(study) {
  const { evaluations, hypervolume, front } = study.progress;
  const line = (name, values, yAxisIndex) => ({
    type: "line", name, step: "end", symbol: "none", yAxisIndex, data: values.map((value, i) => [evaluations[i], value]),
  });
  return {
    tooltip: { trigger: "axis" },
    grid: { left: 62, right: 58, top: 40, bottom: 48 },
    xAxis: axis({ type: "value", name: "designs evaluated", nameGap: 28, max: evaluations.at(-1) }),
    yAxis: [
      axis({ type: "value", name: "hypervolume", nameGap: 44, scale: true, axisLabel: { formatter: percent } }),
      axis({ type: "value", name: "designs on the front", nameGap: 36, splitLine: { show: false } }),
    ],
    series: [{ ...line("hypervolume", hypervolume, 0), tooltip: { valueFormatter: percent } }, line("designs on the front", front, 1)],
  };
}

function importance(study) {
  const figures = study.figures.map((figure) => figure.name);
  const share = (figure, choice) =>
    study.importance.find((entry) => entry.figure === figure && entry.choice === choice)?.share ?? 0;
  const choices = study.choices.filter((choice) => choice.labels.length > 1).map((choice) => choice.name);
  const weight = (choice) => Math.max(...figures.map((figure) => share(figure, choice)));
  choices.sort((a, b) => weight(a) - weight(b));
  return {
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: percent },
    grid: { left: narrow() ? 110 : 150, right: 24, top: 40, bottom: 44 },
    xAxis: axis({ type: "value", min: 0, axisLabel: { formatter: percent }, name: "share of the variance", nameGap: 28 }),
    yAxis: axis({ type: "category", data: choices.map(short), axisLabel: { hideOverlap: false, width: narrow() ? 100 : 140, overflow: "truncate" } }),
    series: figures.map((figure) => ({
      type: "bar", name: short(figure), data: choices.map((choice) => share(figure, choice)), barMaxWidth: 12, itemStyle: { borderColor: colours().paper },
    })),
  };
}

export function showSearch(study) {
  if (study.progress.evaluations.length > 0) place("progress", () => progress(study), { height: 320 });
  const rows = study.choices.filter((choice) => choice.labels.length > 1).length;
  if (rows > 0) place("importance", () => importance(study), { height: 110 + rows * (14 * study.figures.length + 8) });
}
