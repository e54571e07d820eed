// A round loaf as SVG: slices with their shares, and edges that are dragged along the crust or moved by the arrows.
import { fitName, width } from "./venn_names.js";
import { svg } from "./elements.js";
import { left } from "./bread_rules.js";
import { number, say } from "./words.js";

const MIDDLE = 500;
const RADIUS = 270;
const TURN = 2 * Math.PI;
const LEAST_TOLD = 3.5; // percent: a narrower slice has no room for its number
const BESIDE = 236; // room for names on either side
const ROW = 66; // between names beside the loaf
const REACH = 34; // pixels of the screen round an edge that take it
const narrow = matchMedia("(max-width: 700px)");

const at = (percent, radius) => {
  const turn = (percent / 100) * TURN - Math.PI / 2;
  return [MIDDLE + radius * Math.cos(turn), MIDDLE + radius * Math.sin(turn)];
};
export const shown = (percent) => number(percent, Number.isInteger(percent) ? 0 : 1);

export class Loaf {
  /** Called while an edge moves, with the number of the slice before it and that slice's new share. */
  cut = () => {};
  /** Called when an edge was let go. */
  done = () => {};

  constructor(element, { field, editable }) {
    Object.assign(this, { element, field, editable, lines: [], held: null });
    element.addEventListener("pointerdown", (event) => this.#take(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    for (const kind of ["pointerup", "pointercancel"]) element.addEventListener(kind, (event) => this.#release(event));
    element.addEventListener("keydown", (event) => this.#key(event));
    narrow.addEventListener("change", () => this.show(this.lines));
  }

  /** Show lines; shares are those of `share(line)`. */
  show(lines, share = (line) => line[this.field]) {
    this.lines = lines;
    this.share = share;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.edge : undefined;
    this.element.setAttribute("viewBox", narrow.matches ? "205 205 590 590" : "-70 160 1140 680");
    const sum = lines.reduce((all, line) => all + (share(line) ?? 0), 0);
    const scale = sum > 100 ? 100 / sum : 1;
    this.slices = [];
    let from = 0;
    lines.forEach((line, order) => {
      const part = (share(line) ?? 0) * scale;
      this.slices.push({ line, order, from, to: from + part });
      from += part;
    });
    const rest = sum > 0 || this.editable ? Math.max(0, 100 - from) : 0;
    const cloth = svg("circle", { class: "crust", cx: MIDDLE, cy: MIDDLE, r: RADIUS + 12 });
    const wedges = this.slices.filter(({ from: start, to }) => to - start > 0.01).map((slice) => this.#wedge(slice));
    if (rest > 0.05 && lines.length) wedges.push(svg("path", { class: "rest", d: wedge(100 - rest, 100) }));
    const names = svg("g", { class: "names", "aria-hidden": "true" }, ...this.#names(rest));
    this.element.replaceChildren(cloth, ...wedges, names, ...(this.editable ? this.#edges(rest) : []));
    if (focused !== undefined) this.element.querySelector(`[data-edge="${focused}"]`)?.focus();
  }

  #wedge({ line, order, from, to }) {
    const path = svg("path", { class: "slice", "data-tone": order % 6, d: wedge(from, to) });
    const title = svg("title");
    title.textContent = `${line.name}: ${shown(this.share(line))} %`;
    path.append(title);
    return path;
  }

  #names(rest) {
    const made = [];
    const beside = [[], []];
    for (const slice of this.slices) {
      const part = slice.to - slice.from;
      const middle = (slice.from + slice.to) / 2;
      if (narrow.matches) { made.push(...this.#inside(slice, part, middle)); continue; }
      if (part >= LEAST_TOLD) {
        const [x, y] = at(middle, RADIUS * (part > 96 ? 0 : 0.74));
        made.push(written(`${shown(this.share(slice.line))} %`, x, y + 12, part >= 8 ? 38 : 26, "share"));
      }
      if (part > 0.01) beside[middle <= 50 ? 0 : 1].push({ slice, part, middle });
    }
    if (rest > 0.05 && this.lines.length && !narrow.matches) {
      const [x, y] = at(100 - rest / 2, RADIUS * 0.62);
      if (rest >= 8) made.push(written(say("bread_page.rest"), x, y, 24, "share"), written(`${shown(rest)} %`, x, y + 34, 30, "share"));
    }
    beside.forEach((side, which) => made.push(...spaced(side).flatMap(({ slice, part, middle, y }) => this.#beside(slice, part, middle, y, which === 1))));
    return made;
  }

  #inside({ line, order }, part, middle) {
    const [x, y] = at(middle, RADIUS * (part > 60 ? 0.35 : 0.68));
    const room = Math.min(RADIUS * 0.36, RADIUS * 0.72 * Math.sin(Math.min(Math.PI / 2, (part / 200) * TURN)));
    if (room < 62) return part > 1.2 ? [written(String(order + 1), ...at(middle, RADIUS * 0.9), 26, "share")] : [];
    const { lines, size } = fitName(line.name, room, 1.6);
    const top = y - (lines.length * size * 1.14) / 2;
    return [...lines.map((words, row) => written(words, x, top + row * size * 1.14 + size * 0.4, size, "name")), written(`${shown(this.share(line))} %`, x, top + lines.length * size * 1.14 + 28, 32, "share")];
  }

  #beside({ line }, part, middle, y, toLeft) {
    const [x1, y1] = at(middle, RADIUS + 12);
    const x2 = toLeft ? MIDDLE - RADIUS - 40 : MIDDLE + RADIUS + 40;
    const words = part < LEAST_TOLD ? `${line.name} ${shown(this.share(line))}\u00a0%` : line.name;
    const { lines, size } = fitBeside(words);
    const texts = lines.map((row, at_) => {
      const text = written(row, toLeft ? x2 - 8 : x2 + 8, y + (at_ - (lines.length - 1) / 2) * size * 1.1 + size * 0.34, size, "name");
      text.setAttribute("text-anchor", toLeft ? "end" : "start");
      return text;
    });
    return [svg("path", { class: "leader", d: `M${x1} ${y1}L${x2} ${y}` }), ...texts];
  }

  #edges(rest) {
    const last = this.slices.length - 1;
    return this.slices.filter(({ order }) => order < last || rest > 0.05).map(({ line, order, to }) => {
      const next = this.lines[order + 1];
      const [x, y] = at(to, RADIUS + 12);
      const mine = this.share(line) ?? 0;
      const theirs = next ? this.share(next) ?? 0 : Math.max(0, left(this.lines, this.field));
      const second = next ? next.name : say("bread_page.rest");
      return svg("g", {
        class: "edge", "data-edge": order, tabindex: 0, role: "slider", transform: `translate(${x} ${y})`,
        "aria-label": say("bread_page.edge", { first: line.name, second }),
        "aria-valuemin": 0, "aria-valuemax": Math.round(mine + theirs), "aria-valuenow": Math.round(mine),
        "aria-valuetext": say("bread_page.edge_value", { first: line.name, one: shown(mine), second, two: shown(theirs) }),
      }, svg("circle", { class: "reach", r: 34 }), svg("circle", { class: "knob", r: 13 }));
    });
  }

  #percent(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.element.getScreenCTM().inverse());
    const turn = Math.atan2(point.y - MIDDLE, point.x - MIDDLE) + Math.PI / 2;
    return (((turn / TURN) * 100 + 100) % 100);
  }

  #take(event) {
    if (!this.editable || event.button !== 0 || this.held) return;
    let best = null;
    for (const edge of this.element.querySelectorAll(".edge")) {
      const box = edge.querySelector(".knob").getBoundingClientRect();
      const far = Math.hypot(event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
      // Of edges that lie on each other the last one has room to open.
      if (far <= REACH && (!best || far <= best.far)) best = { far, order: Number(edge.dataset.edge) };
    }
    if (!best) return;
    event.preventDefault();
    this.held = { pointer: event.pointerId, order: best.order };
    this.element.setPointerCapture(event.pointerId);
    this.element.querySelector(`[data-edge="${best.order}"]`).focus();
  }

  #move(event) {
    if (this.held?.pointer !== event.pointerId) return;
    const slice = this.slices[this.held.order];
    const next = this.slices[this.held.order + 1];
    const end = next ? next.to : 100;
    let percent = this.#percent(event);
    // Past twelve o'clock the edge stays at its end.
    if (percent < slice.from - 1 && slice.from - percent > 50) percent += 100;
    if (percent > end + 1 && percent - end > 50) percent -= 100;
    percent = Math.min(Math.max(percent, slice.from), end);
    this.cut(this.held.order, Math.round(percent - slice.from));
  }

  #release(event) {
    if (this.held?.pointer !== event.pointerId) return;
    this.held = null;
    this.done();
  }

  #key(event) {
    const edge = event.target.closest(".edge");
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
    if (edge && this.timer && ["Tab", "Enter", "Escape"].includes(event.key)) this.#settle();
    if (!edge || !step) return;
    event.preventDefault();
    const order = Number(edge.dataset.edge);
    this.cut(order, (this.share(this.lines[order]) ?? 0) + step * (event.shiftKey ? 5 : 1));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#settle(), 500);
  }

  /** Several presses of the arrows are one step. */
  #settle() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.done();
  }
}

function wedge(from, to) {
  if (to - from >= 99.999) return `M${MIDDLE} ${MIDDLE - RADIUS}a${RADIUS} ${RADIUS} 0 1 1 -.01 0z`;
  const [x1, y1] = at(from, RADIUS);
  const [x2, y2] = at(to, RADIUS);
  return `M${MIDDLE} ${MIDDLE}L${x1} ${y1}A${RADIUS} ${RADIUS} 0 ${to - from > 50 ? 1 : 0} 1 ${x2} ${y2}z`;
}

function written(words, x, y, size, role) {
  const text = svg("text", { class: role, x, y, "font-size": size, "text-anchor": "middle" });
  text.textContent = words;
  return text;
}

/** Names of one side, none over another. */
function spaced(side) {
  const rows = side.map((one) => ({ ...one, y: at(one.middle, RADIUS + 12)[1] })).sort((one, other) => one.y - other.y);
  const gap = Math.min(ROW, 610 / Math.max(1, rows.length));
  rows.forEach((row, order) => { if (order) row.y = Math.max(row.y, rows[order - 1].y + gap); });
  let limit = 806;
  for (const row of [...rows].reverse()) { row.y = Math.min(row.y, limit); limit = row.y - gap; }
  return rows;
}

/** A name beside the loaf in at most two lines of the room that is there. */
function fitBeside(words) {
  const parts = words.split(/[ \t\n]+/);
  const lines = [""];
  for (const part of parts) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${part}` : part;
    if (longer.length > 12 && lines.at(-1) && lines.length < 2) lines.push(part); else lines[lines.length - 1] = longer;
  }
  const longest = Math.max(...lines.map((line) => width(line, 1)));
  return { lines, size: Math.max(14, Math.min(30, BESIDE / longest)) };
}
