// The control points that are being set: each a place on the sheet, a place on the ground, or still only one of them.
import { Steps } from "./undo.js";
import { data, say } from "./words.js";

const KEPT = `ayilmap.placing.${data.sheet.id}`;
const SAME_STEP_MS = 1200;

export class Points extends EventTarget {
  #last = { key: "", at: 0 };
  #next = 1;
  all = [];
  method = data.method ?? "";
  /** Id of the point that the keys move and the list marks. */
  selected = null;
  steps = new Steps();

  constructor() {
    super();
    this.set(data.points);
    this.method = data.placement ? data.method ?? "" : "";
    this.stored = this.#text();
  }

  /** Put other points in place of all, as they come from the service. */
  set(points) {
    this.all = points.map((one) => this.#made(one));
  }

  get complete() { return this.all.filter((one) => one.pixel && one.lonlat); }
  get waiting() { return this.all.find((one) => one.id === this.selected && !(one.pixel && one.lonlat)) ?? null; }
  get isChanged() { return this.#text() !== this.stored; }
  find(id) { return this.all.find((one) => one.id === id); }
  numberOf(id) { return this.all.findIndex((one) => one.id === id) + 1; }

  /** What the service is asked with. */
  get body() {
    return {
      control_points: this.complete.map(({ pixel, lonlat, label, enabled, source, accuracy_m }) => ({ pixel, lonlat, label, enabled, source, accuracy_m })),
      method: this.method || null,
      smoothing: data.smoothing,
    };
  }

  /**
   * Change something, as a step that can be taken back. Changes with one `key` that follow each other quickly, such as
   * presses of an arrow key, are one step.
   */
  change(words, act, { key = "" } = {}) {
    const before = this.#copy();
    const result = act(this.all);
    const goesOn = key && key === this.#last.key && performance.now() - this.#last.at < SAME_STEP_MS;
    this.#last = { key, at: performance.now() };
    if (!goesOn) this.noteFrom(before, words);
    this.told();
    return result;
  }

  /** Note a step whose beginning was kept with `snapshot()`, such as where a drag began. */
  noteFrom(before, words) {
    this.steps.note(words, async () => {
      this.#last = { key: "", at: 0 };
      this.all = before.all;
      this.method = before.method;
      this.selected = before.selected;
      this.told();
    });
  }

  snapshot() { return this.#copy(); }

  add(fields) {
    return this.change(say("georef.step.added"), () => {
      const made = this.#made(fields);
      this.all.push(made);
      this.selected = made.id;
      return made;
    });
  }

  addAll(list) {
    return this.change(say("georef.step.pasted"), () => {
      const made = list.map((one) => this.#made(one));
      this.all.push(...made);
      this.selected = made.find((one) => !(one.pixel && one.lonlat))?.id ?? made[0]?.id ?? this.selected;
      return made;
    });
  }

  alter(id, fields, { key = "" } = {}) {
    this.change(say("georef.step.changed", { number: this.numberOf(id) }), () => Object.assign(this.find(id), fields), { key: key && `${key} ${id}` });
  }

  remove(id) {
    this.change(say("georef.step.removed", { number: this.numberOf(id) }), () => {
      this.all = this.all.filter((one) => one.id !== id);
      if (this.selected === id) this.selected = null;
    });
  }

  choose(method) {
    if (method !== this.method) this.change(say("georef.step.method"), () => { this.method = method; });
  }

  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.dispatchEvent(new Event("select"));
  }

  /** Tell that points changed; `moving` while one is under somebody's finger. */
  told({ moving = false } = {}) {
    if (!moving) this.#keep();
    this.dispatchEvent(new CustomEvent("change", { detail: { moving } }));
  }

  /** What is shown is what the service has now. */
  saved() {
    this.stored = this.#text();
    this.#keep();
  }

  /** Show what the service has instead of what is shown; one step takes it back. */
  replaced(points, method) {
    this.change(say("georef.step.replaced"), () => {
      this.set(points);
      this.method = method ?? "";
      this.selected = null;
    });
    this.saved();
    this.told();
  }

  /** Take up what was not saved before a reload; returns whether there was something, and of which version. */
  static kept() {
    try {
      return JSON.parse(localStorage.getItem(KEPT) ?? "null");
    } catch {
      return null;
    }
  }

  static forget() {
    try { localStorage.removeItem(KEPT); } catch { /* nothing was kept there either */ }
  }

  takeUp(kept) {
    this.change(say("georef.step.taken_up"), () => {
      this.set(kept.points);
      this.method = kept.method;
    });
  }

  #keep() {
    try {
      if (this.isChanged) localStorage.setItem(KEPT, JSON.stringify({ version: data.version, points: this.all, method: this.method }));
      else localStorage.removeItem(KEPT);
    } catch {
      // Without room on the device only a reload loses what was not saved.
    }
  }

  #made({ pixel = null, lonlat = null, label = "", enabled = true, source = "clicked", accuracy_m = null }) {
    return { id: this.#next++, pixel, lonlat, label, enabled, source, accuracy_m };
  }

  #copy() { return { all: structuredClone(this.all), method: this.method, selected: this.selected }; }
  #text() { return JSON.stringify([this.method, this.all.map(({ id, ...kept }) => kept)]); }
}
