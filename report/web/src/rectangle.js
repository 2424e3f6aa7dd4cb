// A rectangle that the pointer draws over a chart, and moves when it begins inside. Only an element above the chart changes
// while the pointer does: with ten thousand points, drawing the chart for every movement is too slow to follow.
// SPDX-License-Identifier: Apache-2.0
import { element } from "./data.js";

const CLICK = 4;    // pixels: less is a click, which takes the rectangle away
const MARGIN = 12;  // so far outside a rectangle may begin, to reach the edge

const sorted = (a, b) => [Math.min(a, b), Math.max(a, b)];

export class Rectangle {
  // `area()`: where it may be, as [left, right, top, bottom] in pixels of the host; `done(pixels)` gets such a place, or null.
  constructor(host, area, done) {
    this.host = host;
    this.area = area;
    this.done = done;
    this.pixels = null;
    this.frame = element("div", { class: "rectangle", hidden: "" });
    host.append(this.frame);
    host.classList.add("selectable");
    host.addEventListener("pointerdown", (event) => this.begin(event), { capture: true });
  }

  show(pixels) {
    this.pixels = pixels;
    this.frame.hidden = pixels === null;
    if (pixels === null) return;
    const [left, right, top, bottom] = pixels;
    Object.assign(this.frame.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
  }

  at(event) {
    const box = this.host.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  begin(event) {
    const [left, right, top, bottom] = this.area();
    const start = this.at(event);
    if (event.button !== 0 || !event.isPrimary) return;
    if (!holds([left - MARGIN, right + MARGIN, top - MARGIN, bottom + MARGIN], start)) return;
    const before = this.pixels;
    const draw = before && holds(before, start) ? (to) => moved(before, start, to, this.area()) : (to) => between(start, to, this.area());
    let dragged = false;
    const follow = (next) => {
      const to = this.at(next);
      dragged ||= Math.abs(to[0] - start[0]) + Math.abs(to[1] - start[1]) >= CLICK;
      if (dragged) this.show(draw(to));
    };
    const end = (last) => {
      stop.abort();
      if (last.type === "pointercancel") return this.show(before);
      if (!dragged) this.show(null);
      this.done(this.pixels);
    };
    event.stopPropagation();  // the chart does not see the pointer meanwhile
    const stop = new AbortController();
    this.host.setPointerCapture(event.pointerId);
    this.host.addEventListener("pointermove", follow, { signal: stop.signal });
    this.host.addEventListener("pointerup", end, { signal: stop.signal });
    this.host.addEventListener("pointercancel", end, { signal: stop.signal });
  }
}

function holds([left, right, top, bottom], [x, y]) {
  return x >= left && x <= right && y >= top && y <= bottom;
}

const clamped = (value, low, high) => Math.max(low, Math.min(high, value));

function between(start, to, [left, right, top, bottom]) {
  const across = (x) => clamped(x, left, right), down = (y) => clamped(y, top, bottom);
  return [...sorted(across(start[0]), across(to[0])), ...sorted(down(start[1]), down(to[1]))];
}

function moved([left, right, top, bottom], start, to, area) {
  const across = clamped(to[0] - start[0], area[0] - left, area[1] - right);
  const down = clamped(to[1] - start[1], area[2] - top, area[3] - bottom);
  return [left + across, right + across, top + down, bottom + down];
}
