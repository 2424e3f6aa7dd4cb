// Which designs are selected: inside the rectangle of the scatter plot and all intervals of the parallel axes.
// SPDX-License-Identifier: Apache-2.0

// Everything that can be an axis: figures, and choices by the index of their label.
export function axesOf(study) {
  const figures = study.figures.map((figure) => {
    const known = figure.values.filter((_, i) => study.complete[i]);
    return {
      name: figure.name, values: figure.values, better: figure.better,
      log: !figure.name.includes("percent") && known.every((value) => value > 0) && spread(known) > 8,
      limits: limitsOf(known),
    };
  });
  const choices = study.choices.map((choice) => ({ name: choice.name, values: choice.of, labels: choice.labels }));
  return { figures, choices, all: [...figures, ...choices] };
}

function limitsOf(values) {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function spread(values) {
  const [low, high] = limitsOf(values);
  return high / low;
}

export class Selection {
  constructor(study) {
    this.complete = study.designs.map((_, i) => i).filter((i) => study.complete[i]);
    this.rectangle = null;      // {x, y: axes, range: [[low, high], [low, high]]}
    this.intervals = new Map();  // axis name -> {axis, ranges: [[low, high], ...]}
    this.listeners = [];
    this.update();
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  setRectangle(rectangle) {
    this.rectangle = rectangle;
    this.changed();
  }

  setIntervals(axis, ranges) {
    if (ranges.length === 0) this.intervals.delete(axis.name);
    else this.intervals.set(axis.name, { axis, ranges });
    this.changed();
  }

  clear() {
    this.rectangle = null;
    this.intervals.clear();
    this.changed();
  }

  get active() {
    return this.rectangle !== null || this.intervals.size > 0;
  }

  has(i) {
    return !this.active || this.chosen.has(i);
  }

  accepts(i) {
    const within = (value, [low, high]) => value >= low && value <= high;
    if (this.rectangle) {
      const { x, y, range } = this.rectangle;
      if (!within(x.values[i], range[0]) || !within(y.values[i], range[1])) return false;
    }
    for (const { axis, ranges } of this.intervals.values()) {
      if (!ranges.some((range) => within(axis.values[i], range))) return false;
    }
    return true;
  }

  update() {
    this.chosen = new Set(this.active ? this.complete.filter((i) => this.accepts(i)) : this.complete);
  }

  changed() {
    this.update();
    for (const listener of this.listeners) listener();
  }
}
