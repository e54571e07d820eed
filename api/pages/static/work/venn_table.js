// The table: circles as SVG that are dragged by a finger, a mouse or the arrow keys, and say what they touch.
import { svg } from "./elements.js";
import { fitName, leading } from "./venn_names.js";
import { contacts, drawnTo, onTable, relationOf } from "./venn_rules.js";
import { data, say } from "./words.js";

const PRESS = 4; // pixels of the screen: less is a tap
const STEP = 8;
const LONG_STEP = 40;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Table {
  circles = [];
  lines = [];
  box = { x: 0, y: 0, width: 1200, height: 800 };
  unit = 1;
  /** Called when a circle was put elsewhere: (circle, where it lay). */
  dropped = () => {};
  chosen = () => {};

  constructor(element, { bubble, editable }) {
    Object.assign(this, { element, bubble, editable });
    this.held = null;
    element.addEventListener("pointerdown", (event) => this.#take(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    element.addEventListener("pointerup", (event) => this.#release(event, true));
    element.addEventListener("pointercancel", (event) => this.#release(event, false));
    element.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("click", (event) => this.#click(event));
  }

  /** Show circles ({ id, name, kind, importance, satisfaction, government, x, y, r }) and lines for what was said. */
  show(circles, lines = this.lines) {
    const focused = document.activeElement?.closest?.(".circle")?.dataset.id;
    const inside = this.element.contains(document.activeElement);
    Object.assign(this, { circles, lines });
    this.element.setAttribute("viewBox", `${this.box.x} ${this.box.y} ${this.box.width} ${this.box.height}`);
    const [discs, names, saids] = ["discs", "names", "saids"].map((name) => svg("g", { class: name, ...(name === "discs" ? {} : { "aria-hidden": "true" }) }));
    for (const circle of [...circles].sort((one, other) => other.r - one.r)) {
      discs.append(this.#circle(circle));
      // Names lie over all circles: what one covers is still read.
      names.append(this.#name(circle));
    }
    for (const line of lines) saids.append(this.#line(line));
    this.element.replaceChildren(discs, saids, names);
    if (inside && focused) this.part(focused)?.focus();
  }

  part(id) { return this.element.querySelector(`.circle[data-id="${CSS.escape(id)}"]`); }

  /** Mark the circle whose panel is open. */
  mark(id) {
    for (const one of this.element.querySelectorAll(".circle")) one.setAttribute("aria-pressed", String(one.dataset.id === id));
  }

  #circle(circle) {
    const { r } = circle;
    const look = data.looks[circle.kind] ?? data.looks.local_institution;
    const edge = Math.min(16 * this.unit, Math.max(6 * this.unit, r * 0.09));
    const group = svg("g", { class: "circle", "data-id": circle.id, "data-kind": circle.kind, transform: `translate(${circle.x} ${circle.y})` });
    group.style.setProperty("--tone", look.colour);
    Object.entries({ tabindex: 0, role: "button", "aria-pressed": "false", "aria-label": this.told(circle) }).forEach(([key, value]) => group.setAttribute(key, value));
    group.append(svg("circle", { class: "inside", r, "fill-opacity": circle.government ? 0.34 : look.fill }));
    if (look.hatch !== "none") group.append(svg("circle", { class: "hatched", r: r - edge / 2, "stroke-width": edge, stroke: `url(#hatch-${circle.kind})` }));
    group.append(svg("circle", { class: "outline", r, "stroke-width": 3 * this.unit, "stroke-dasharray": look.dash.map((part) => part * 4 * this.unit).join(" ") || undefined }));
    if (circle.government) group.append(svg("circle", { class: "outline", r: r - edge * 0.7, "stroke-width": 3 * this.unit }));
    const title = svg("title");
    title.textContent = circle.name;
    group.append(title);
    return group;
  }

  /** Where a name stands in its circle, and how much room it has: clear of what lies over the circle. */
  #room(circle) {
    const { r } = circle;
    const inner = [];
    const push = { x: 0, y: 0 };
    for (const other of this.circles) {
      if (other === circle) continue;
      const relation = relationOf(circle, other, data.tolerance);
      const [dx, dy] = [circle.x - other.x, circle.y - other.y];
      const length = Math.hypot(dx, dy) || 1;
      if (relation === "full" && other.r <= r) inner.push(other);
      if (relation !== "partial") continue;
      const depth = Math.min(r * 0.55, (r + other.r - length) / 2);
      push.x += (dx / length) * depth;
      push.y += (dy / length) * depth;
    }
    if (inner.length) {
      const [x, y] = [mean(inner, (one) => circle.x - one.x), mean(inner, (one) => circle.y - one.y)];
      const length = Math.hypot(x, y);
      const far = r * 0.6;
      return { x: length > r * 0.05 ? (x / length) * far : 0, y: length > r * 0.05 ? (y / length) * far : -far, room: r * 0.42, covers: true };
    }
    const length = Math.hypot(push.x, push.y);
    const most = Math.min(1, (r * 0.42) / (length || 1));
    return { x: push.x * most, y: push.y * most, room: r * 0.86 - length * most * 0.7, covers: false };
  }

  #name(circle) {
    const at = this.#room(circle);
    const { room } = at;
    const { lines, size } = fitName(circle.name, room, this.unit);
    const sign = size * 1.25;
    const top = at.y - (lines.length * leading(size)) / 2 + (at.covers ? 0 : sign * 0.55);
    const made = svg("g", { class: "written", "data-name": circle.id, transform: `translate(${circle.x} ${circle.y})` });
    made.style.setProperty("--tone", (data.looks[circle.kind] ?? data.looks.local_institution).colour);
    if (!at.covers) {
      const faced = circle.satisfaction ? sign * 0.62 : 0;
      made.append(svg("use", { href: `#sign-${circle.kind}`, class: "sign", x: at.x - sign / 2 - faced, y: top - sign * 1.15, width: sign, height: sign }));
      if (circle.satisfaction) made.append(face(circle.satisfaction, at.x + faced, top - sign * 0.62, sign * 0.45));
    }
    lines.forEach((line, number) => {
      const text = svg("text", { x: at.x, y: top + leading(size) * number + size * 0.9, "font-size": size });
      text.textContent = line;
      made.append(text);
    });
    return made;
  }

  #line({ first, second, relation }) {
    const [one, other] = [first, second].map((id) => this.circles.find((circle) => circle.id === id));
    if (!one || !other) return svg("g");
    const length = Math.hypot(other.x - one.x, other.y - one.y) || 1;
    const [dx, dy] = [(other.x - one.x) / length, (other.y - one.y) / length];
    const apart = length > one.r + other.r;
    const ends = apart ? [one.r, length - other.r] : [length * 0.42, length * 0.58];
    const [from, to] = ends.map((part) => [one.x + dx * part, one.y + dy * part]);
    const made = svg("g", { class: `said ${relation}` }, svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], "stroke-width": 4 * this.unit }));
    if (relation === "unknown" || relation === "apart") {
      const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
      const text = svg("text", { x, y: y + 7 * this.unit, "font-size": 20 * this.unit });
      text.textContent = relation === "unknown" ? "?" : "≠";
      made.append(svg("circle", { cx: x, cy: y, r: 14 * this.unit, "stroke-width": 2 * this.unit }), text);
    }
    return made;
  }

  /** A circle in words: its name, kind, size and ties. */
  told(circle) {
    const ties = contacts(circle, this.circles, data.tolerance).map(({ other, relation }) => say("venn_page.with", { name: other.name, tie: say(`venn_page.tie.${relation}`) }));
    return say("venn_page.circle", {
      name: circle.name,
      kind: say(`kind.${circle.kind}`),
      size: circle.importance ? say(`importance.${circle.importance}`) : say("venn_page.no_size"),
      ties: ties.join("; ") || say("venn_page.alone"),
    });
  }

  /** A press without a pointer, as programs that read the screen make it. */
  #click(event) {
    const part = event.target.closest(".circle");
    if (part && event.detail === 0) this.chosen(this.circles.find((one) => one.id === part.dataset.id));
  }

  #place(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.element.getScreenCTM().inverse());
    return { x: point.x, y: point.y };
  }

  #take(event) {
    const part = event.target.closest(".circle");
    if (event.button !== 0 || this.held) return;
    if (!part) { this.chosen(null); return; }
    const circle = this.circles.find((one) => one.id === part.dataset.id);
    const at = this.#place(event);
    this.held = { circle, part, pointer: event.pointerId, off: { x: circle.x - at.x, y: circle.y - at.y }, before: { x: circle.x, y: circle.y }, from: [event.clientX, event.clientY], moved: false };
    this.element.setPointerCapture(event.pointerId);
  }

  #move(event) {
    const held = this.held;
    if (held?.pointer !== event.pointerId || !this.editable) return;
    if (!held.moved && Math.hypot(event.clientX - held.from[0], event.clientY - held.from[1]) < PRESS) return;
    if (!held.moved) {
      held.moved = true;
      held.part.parentNode.append(held.part);
      held.part.classList.add("held");
    }
    const at = this.#place(event);
    const wanted = onTable(held.circle, { x: at.x + held.off.x, y: at.y + held.off.y }, this.box);
    this.#put(held.circle, onTable(held.circle, drawnTo(held.circle, wanted.x, wanted.y, this.circles), this.box));
    this.#tell(held.circle, { x: event.clientX, y: event.clientY });
  }

  #put(circle, { x, y }) {
    Object.assign(circle, { x, y });
    const part = this.part(circle.id);
    part.setAttribute("transform", `translate(${x} ${y})`);
    this.element.querySelector(".names").replaceChildren(...[...this.circles].sort((one, other) => other.r - one.r).map((one) => this.#name(one)));
    part.setAttribute("aria-label", this.told(circle));
    const ties = new Map(contacts(circle, this.circles, data.tolerance).map(({ other, relation }) => [other.id, relation]));
    for (const one of this.element.querySelectorAll(".circle")) {
      const relation = ties.get(one.dataset.id);
      if (relation) one.dataset.tie = relation; else delete one.dataset.tie;
    }
    this.element.querySelector(".saids").replaceChildren(...this.lines.map((line) => this.#line(line)));
  }

  #release(event, kept) {
    const held = this.held;
    if (held?.pointer !== event.pointerId) return;
    this.held = null;
    this.#quiet();
    held.part.classList.remove("held");
    if (!held.moved) {
      if (kept) { held.part.focus({ preventScroll: true }); this.chosen(held.circle); }
      return;
    }
    if (!kept) Object.assign(held.circle, held.before);
    this.show(this.circles);
    this.part(held.circle.id)?.focus({ preventScroll: true });
    if (kept) this.dropped(held.circle, held.before);
  }

  #key(event) {
    const part = event.target.closest(".circle");
    if (!part) return;
    const circle = this.circles.find((one) => one.id === part.dataset.id);
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.chosen(circle);
    }
    const arrow = ARROWS[event.key];
    if (!arrow || !this.editable || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = (event.shiftKey ? LONG_STEP : STEP) * this.unit;
    const before = this.nudged?.circle === circle ? this.nudged.before : { x: circle.x, y: circle.y };
    this.#put(circle, onTable(circle, { x: circle.x + arrow[0] * step, y: circle.y + arrow[1] * step }, this.box));
    const { left, top, width } = part.getBoundingClientRect();
    this.#tell(circle, { x: left + width / 2, y: top });
    clearTimeout(this.nudged?.timer);
    const end = () => this.settle();
    this.nudged = { circle, before, timer: setTimeout(end, 700) };
    part.addEventListener("blur", end, { once: true });
  }

  /** What the arrows moved is put down. */
  settle() {
    const nudged = this.nudged;
    if (!nudged) return;
    clearTimeout(nudged.timer);
    this.nudged = null;
    this.#quiet();
    this.show(this.circles);
    if (nudged.circle.x !== nudged.before.x || nudged.circle.y !== nudged.before.y) this.dropped(nudged.circle, nudged.before);
  }

  #tell(circle, { x, y }) {
    const found = contacts(circle, this.circles, data.tolerance).slice(0, 3);
    const lines = found.map(({ other, relation }) => say("venn_page.with", { name: other.name, tie: say(`venn_page.tie.${relation}`) }));
    const words = lines.join("\n") || say("venn_page.alone");
    if (this.bubble.textContent !== words) this.bubble.textContent = words;
    this.bubble.hidden = false;
    this.bubble.dataset.tie = found[0]?.relation ?? "apart";
    const { width, height } = this.bubble.getBoundingClientRect();
    const low = y - height - 28 < 8;
    this.bubble.style.left = `${Math.min(Math.max(8, x - width / 2), innerWidth - width - 8)}px`;
    this.bubble.style.top = `${low ? y + 36 : y - height - 28}px`;
  }

  #quiet() {
    this.bubble.hidden = true;
    for (const one of this.element.querySelectorAll("[data-tie]")) delete one.dataset.tie;
  }
}

const mean = (all, of) => all.reduce((sum, one) => sum + of(one), 0) / all.length;

/** The mark for what residents think, told by its mouth. */
export function face(satisfaction, x, y, r) {
  const bend = { content: 0.42, mixed: 0, discontent: -0.42 }[satisfaction];
  const mouth = y + r * 0.34 - bend * r * 0.3;
  const eyes = [-1, 1].map((side) => svg("circle", { class: "eye", cx: x + side * r * 0.36, cy: y - r * 0.25, r: r * 0.13 }));
  return svg("g", { class: `face ${satisfaction}` }, svg("circle", { cx: x, cy: y, r, "stroke-width": r * 0.16 }), ...eyes, svg("path", { d: `M${x - r * 0.5} ${mouth}Q${x} ${mouth + 2 * bend * r} ${x + r * 0.5} ${mouth}`, "stroke-width": r * 0.17 }));
}
