// The points as a list: every one with its numbers, so that all can be done without a mouse and exactly.
import { readAngle, readNumber } from "./coordinates.js";
import { data, metres, number, say } from "./words.js";

const FIELDS = [
  { name: "x", field: "pixel", axis: 0, most: data.sheet.width_px, mode: "decimal" },
  { name: "y", field: "pixel", axis: 1, most: data.sheet.height_px, mode: "decimal" },
  { name: "lon", field: "lonlat", axis: 0, most: 180, mode: "text" },
  { name: "lat", field: "lonlat", axis: 1, most: 90, mode: "text" },
];

export class PointList {
  #rows = new Map();

  /** `find(id)` brings a point into view on both sides. */
  constructor({ list, empty, titles }, points, { find }) {
    Object.assign(this, { list, empty, titles, points, find });
  }

  /** Show the points; what somebody is typing stays as it is. */
  show() {
    const ids = this.points.all.map((one) => one.id);
    for (const [id, row] of this.#rows) {
      if (ids.includes(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    this.empty.hidden = ids.length > 0;
    this.titles.hidden = ids.length === 0;
    for (const [index, one] of this.points.all.entries()) {
      const row = this.#rows.get(one.id) ?? this.#add(one.id);
      if (this.list.children[index] !== row.element) this.list.insertBefore(row.element, this.list.children[index] ?? null);
      this.#fill(row, one, index + 1);
    }
  }

  focus(id, name = "label") { this.#rows.get(id)?.[name].focus(); }

  #add(id) {
    const element = document.createElement("li");
    element.className = "point";
    const row = { element, typed: {} };
    row.badge = make("button", { type: "button", className: "badge" });
    row.badge.addEventListener("click", () => { this.points.select(id); this.find(id); });
    row.enabled = make("input", { type: "checkbox" });
    row.enabled.addEventListener("change", () => this.points.alter(id, { enabled: row.enabled.checked }));
    row.label = this.#input(row, "label", say("georef.label"));
    row.label.addEventListener("change", () => this.points.alter(id, { label: row.label.value.trim().slice(0, 200) }));
    for (const told of FIELDS) {
      row[told.name] = this.#input(row, told.name, say(`georef.${told.name}`), told.mode);
      row[told.name].addEventListener("change", () => this.#take(row, id, told));
    }
    row.remove = make("button", { type: "button", className: "plain", textContent: "×" });
    row.remove.addEventListener("click", () => this.points.remove(id));
    row.told = make("p", { className: "told" });
    row.told.id = `told-${id}`;
    row.fault = make("p", { className: "fault", hidden: true });
    row.fault.setAttribute("role", "alert");
    const head = make("div", { className: "head" });
    head.append(row.badge, row.enabled, wrapped(row.label));
    head.append(...FIELDS.map((told) => wrapped(row[told.name])));
    head.append(row.remove);
    element.append(head, row.told, row.fault);
    element.addEventListener("focusin", (event) => { if (event.target !== row.remove) this.points.select(id); });
    this.#rows.set(id, row);
    return row;
  }

  #input(row, name, title, mode = "text") {
    const input = make("input", { type: "text", inputMode: mode, autocomplete: "off", spellcheck: false });
    input.dataset.title = title;
    input.dataset.name = name;
    input.addEventListener("input", () => { row.typed[name] = true; });
    return input;
  }

  #fill(row, one, place) {
    row.badge.textContent = place;
    row.badge.setAttribute("aria-label", say("georef.show", { number: place }));
    row.enabled.checked = one.enabled;
    row.enabled.setAttribute("aria-label", say("georef.enabled", { number: place }));
    row.remove.setAttribute("aria-label", say("georef.remove", { number: place }));
    row.element.classList.toggle("selected", one.id === this.points.selected);
    row.element.classList.toggle("off", !one.enabled);
    const suspect = this.points.suspects?.get(one.id);
    row.element.classList.toggle("suspect", one.enabled && suspect !== undefined);
    set(row, "label", one.label);
    set(row, "x", one.pixel ? plain(one.pixel[0], 2) : "");
    set(row, "y", one.pixel ? plain(one.pixel[1], 2) : "");
    set(row, "lon", one.lonlat ? plain(one.lonlat[0], 7) : "");
    set(row, "lat", one.lonlat ? plain(one.lonlat[1], 7) : "");
    row.told.textContent = this.#told(one, suspect);
  }

  /** Put into words how a point stands: what is missing, or how far it is off. */
  #told(one, suspect) {
    const parts = [];
    if (one.source !== "clicked") parts.push(say(`georef.source.${one.source}`) + (one.accuracy_m ? ` ± ${metres(one.accuracy_m)}` : ""));
    if (!one.pixel && !one.lonlat) parts.push(say("georef.nowhere"));
    else if (!one.lonlat) parts.push(say("georef.only_sheet"));
    else if (!one.pixel) parts.push(say("georef.only_ground"));
    else if (!one.enabled) parts.push(say("georef.off"));
    const found = this.points.residuals?.get(one.id);
    if (found && one.enabled) {
      if (found.loo_m != null) parts.push(say("georef.off_by", { metres: exact(found.loo_m) }));
      // What meets every point by its nature says nothing by doing so.
      if (found.residual_m != null && !this.points.isExact) parts.push(say("georef.residual", { metres: exact(found.residual_m) }));
    }
    if (suspect) parts.push(suspect);
    return parts.join(" · ");
  }

  #take(row, id, { name, field, axis, most }) {
    const input = row[name];
    const text = input.value.trim();
    const other = row[FIELDS.find((one) => one.field === field && one.axis !== axis).name];
    const value = field === "pixel" ? readNumber(text) : readAngle(text)?.degrees ?? null;
    const isUsable = value !== null && value <= most && value >= (field === "pixel" ? 0 : -most);
    input.toggleAttribute("aria-invalid", false);
    row.fault.hidden = true;
    if (!isUsable && text !== "") {
      input.setAttribute("aria-invalid", "true");
      row.fault.textContent = field === "pixel" ? say("georef.bad_pixel", { most: number(most) }) : say("georef.bad_degrees");
      row.fault.hidden = false;
      return;
    }
    const one = this.points.find(id);
    if (text === "") {
      if (one[field] && other.value.trim() === "") this.points.alter(id, { [field]: null });
      return;
    }
    const before = one[field]?.[1 - axis] ?? (field === "pixel" ? readNumber(other.value) : readAngle(other.value)?.degrees ?? null);
    if (before === null) return; // the other half is still to be typed
    row.typed = { ...row.typed, [name]: false, [FIELDS.find((told) => told.field === field && told.axis !== axis).name]: false };
    const place = [];
    place[axis] = value;
    place[1 - axis] = before;
    this.points.alter(id, { [field]: place });
  }
}

const make = (name, fields) => Object.assign(document.createElement(name), fields);
const plain = (value, digits) => String(Number(value.toFixed(digits)));

/** Metres with a fraction where it counts: 0.4, 3.2, 45. */
const exact = (value) => (value < 100 ? say("locale.metres", { value: number(value, value < 10 ? 1 : 0) }) : metres(value));

function wrapped(input) {
  const label = make("label", { className: `field ${input.dataset.name}` });
  const title = make("span", { textContent: input.dataset.title });
  label.append(title, input);
  return label;
}

/** Put a value into a field, unless somebody is typing there. */
function set(row, name, text) {
  const input = row[name];
  if (document.activeElement === input && row.typed[name]) return;
  if (row.typed[name] && text === "" && input.value.trim() !== "") return; // half of a pair
  row.typed[name] = false;
  if (input.value !== text) input.value = text;
}
