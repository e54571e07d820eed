// What is chosen, and what a key, a button or a click does with it.
import { canBeEdited } from "./draw_hand.js";
import { tell } from "./notices.js";
import { say } from "./words.js";

const TOOLS = new Set(["lasso", "brush"]);
const SHAPE_OF = { point: "point", line: "line", area: "polygon" }; // what the tools for drawing draw

export class Desk {
  picked = new Set();
  tool = ""; // or "lasso", "brush"
  /** The kind that each click gives, until Escape. */
  inHand = null;
  isWalking = false;
  #drawn = null; // a shape drawn by hand that waits for its kind
  #cut = null;
  #lastClick = null;
  #isHeld = false; // what the pointer was on is chosen only while its kind is searched
  hovered = () => {};
  #learning = () => {};

  constructor(parts) {
    Object.assign(this, parts);
    this.hand.finished = (tool, geometry) => this.#finished(tool, geometry);
    this.hand.changed = () => this.refresh();
    this.deeds.changed = () => this.refresh();
  }

  get one() { return this.picked.size === 1 ? this.drawings.get([...this.picked][0]) : null; }
  get targets() { return this.picked.size ? [...this.picked] : this.view.hover === null ? [] : [this.view.hover]; }

  act(name) {
    this.#learning();
    if (name in SHAPE_OF) return this.#begin(name);
    if (TOOLS.has(name)) return this.#use(name);
    const deeds = {
      undo: () => this.#undo(), next: () => this.walk(1), previous: () => this.walk(-1), escape: () => this.#escape(), accept: () => this.#acceptProposed(),
      "accept-like": () => this.#acceptLike(), wider: () => this.legend.widen(), "no-offer": () => this.legend.close(), reject: () => this.#reject(),
      reopen: () => this.#may() && this.deeds.reopen(this.targets), merge: () => this.#may() && this.deeds.merge(this.targets), split: () => this.#split(), like: () => this.#pickLike(),
      all: () => this.pick(this.drawings.undecided.filter((one) => this.filter.isShown(one)).map((one) => one.ordinal)),
      name: () => this.#name(), edit: () => this.#edit(), search: () => this.#search(), finish: () => this.hand.finish(),
      whole: () => this.view.whole(), named: () => this.#toSheet(this.isWalking), "to-sheet": () => this.#toSheet(false),
    };
    deeds[name]();
    return this.refresh();
  }

  /** A kind was said, by its key, its button or a search. */
  take(kind) {
    if (!this.#may()) return;
    if (this.#drawn) {
      this.deeds.draw(this.#drawn.geometry, kind);
      this.#drawn = null;
    } else if (this.targets.length) this.#accept(this.targets, kind);
    else this.inHand = this.inHand === kind ? null : kind;
    this.refresh();
  }

  found(kind) {
    this.kinds.promote(kind, this.#drawn ? SHAPE_OF[this.#drawn.tool] : this.drawings.get(this.targets[0])?.shape ?? "polygon");
    this.view.map.getCanvas().focus();
    this.take(kind);
    if (this.#isHeld) this.pick([]);
    this.#isHeld = false;
  }

  pick(ordinals, { add = false } = {}) {
    if (!add) this.picked.clear();
    for (const ordinal of ordinals) {
      if (add && this.picked.has(ordinal)) this.picked.delete(ordinal);
      else this.picked.add(ordinal);
    }
    this.refresh();
  }

  hover(ordinal) {
    if (!this.view.setHover(ordinal)) return;
    const one = this.drawings.get(ordinal);
    if (one && !this.picked.size) {
      this.kinds.show(one.shape);
      this.kinds.mark(one.state === "proposed" ? one.proposed : one.kind);
    }
    this.hovered(one?.featureId ?? null);
  }

  click({ point, originalEvent }) {
    if (originalEvent.detail > 1 || originalEvent.shiftKey) {
      if (originalEvent.shiftKey && originalEvent.detail < 2) this.pick(this.view.under(point).slice(0, 1), { add: true });
      return; // the second half of a double click
    }
    const under = this.view.under(point);
    if (this.inHand && under.length) {
      this.#accept([under[0]], this.inHand);
      this.refresh();
      return;
    }
    this.isWalking = false;
    const isSame = this.#lastClick && Math.hypot(point.x - this.#lastClick.x, point.y - this.#lastClick.y) < 4;
    const now = under.indexOf(this.one?.ordinal);
    this.#lastClick = point;
    if (originalEvent.ctrlKey || originalEvent.metaKey) this.pick(under.slice(0, 1), { add: true });
    else this.pick(under.length ? [isSame && now >= 0 ? under[(now + 1) % under.length] : under[0]] : []);
  }

  painted(ordinals, event) {
    if (!ordinals.length) tell(say("draw.nothing_there"));
    else if (this.inHand) this.#accept(ordinals, this.inHand);
    else this.pick(event.ctrlKey ? [...new Set([...this.picked, ...ordinals])] : ordinals);
    this.refresh();
  }

  /** Go to the next undecided candidate, or back to the one before. */
  walk(step) {
    const next = this.drawings.next(this.one?.ordinal ?? null, this.filter.isShown, step);
    if (!next) {
      this.isWalking = false;
      tell(say("draw.all_decided"));
      return;
    }
    this.isWalking = true;
    this.pick([next.ordinal]);
    this.view.flyTo(next);
    if (!this.view.element.contains(document.activeElement)) this.view.map.getCanvas().focus({ preventScroll: true });
  }

  /** What the service answered is in the drawings by now. */
  answered(body, isUndo) {
    const made = body.candidates.filter(({ properties }) => properties.state !== "merged" && properties.state !== "rejected");
    const gone = [...this.picked].filter((ordinal) => { const one = this.drawings.get(ordinal); return !one || one.state === "merged"; });
    if (gone.length && !isUndo) {
      // What was merged or cut is gone; what came of it is chosen.
      const known = new Set(gone);
      this.pick(made.map(({ properties }) => properties.ordinal).filter((ordinal) => !known.has(ordinal)).slice(0, 8));
    } else if (gone.length) this.pick([...this.picked].filter((ordinal) => !gone.includes(ordinal)));
    this.legend.learn(body.candidates.map(({ properties }) => this.drawings.get(properties.ordinal)));
    this.panel.show(this.picked);
    this.refresh();
  }

  refilter() { this.pick([...this.picked].filter((ordinal) => this.filter.isShown(this.drawings.get(ordinal)))); }

  refresh() {
    this.view.setPicked(this.picked);
    const one = this.drawings.get(this.targets[0]);
    if (this.#drawn) this.kinds.show(SHAPE_OF[this.#drawn.tool]);
    else if (one) this.kinds.show(one.shape);
    this.kinds.mark(this.inHand ?? (one?.state === "proposed" ? one.proposed : one?.kind) ?? null);
    this.panel.show(this.picked);
    const root = document.querySelector(".desk");
    root.dataset.tool = this.hand.tool || this.tool;
    root.classList.toggle("in-hand", Boolean(this.inHand));
    for (const button of document.querySelectorAll(".tools [data-act]")) button.setAttribute("aria-pressed", String(button.dataset.act === (this.hand.tool || this.tool)));
    document.querySelector(".tools [data-act=undo]").disabled = this.deeds.length === 0;
    const hint = document.getElementById("hint");
    const words = this.#drawn ? say("draw.hint.kind") : this.hand.isOn ? say(`draw.hint.${this.hand.tool}`) : this.inHand ? say("draw.hint.in_hand", { kind: this.kinds.label(this.inHand) }) : this.tool ? say(`draw.hint.${this.tool}`) : "";
    if (hint.textContent !== words) hint.textContent = words;
    hint.hidden = !words;
  }

  #may() {
    if (this.may) return true;
    tell(say("draw.only_looking"));
    return false;
  }

  #accept(ordinals, kind) {
    this.#learning();
    const first = this.drawings.get(ordinals[0]);
    const deed = this.deeds.accept(ordinals, kind);
    if (!deed) return;
    if (this.isWalking && ordinals.length === 1 && first.state === "proposed") this.walk(1);
    else if (ordinals.length > 1) this.pick([]);
    // What was decided is painted first: there may be thousands that look like it.
    this.#learning = () => {
      this.#learning = () => {};
      this.legend.learn(ordinals.map((ordinal) => this.drawings.get(ordinal)));
      this.legend.offer(this.drawings.get(first.ordinal), kind);
    };
    requestAnimationFrame(() => setTimeout(() => this.#learning()));
  }

  #acceptProposed() {
    if (this.#drawn || !this.targets.length || !this.#may()) return;
    const byKind = new Map();
    for (const ordinal of this.targets) {
      const one = this.drawings.get(ordinal);
      if (this.drawings.isUndecided(one) && one.proposed) byKind.set(one.proposed, [...(byKind.get(one.proposed) ?? []), ordinal]);
    }
    if (!byKind.size) tell(say("draw.nothing_proposed"));
    for (const [kind, ordinals] of byKind) this.#accept(ordinals, kind);
  }

  #reject() {
    if (this.hand.isOn || this.#drawn) return void this.#escape();
    if (!this.#may()) return;
    const { targets, isWalking } = this;
    if (this.deeds.reject(targets) && targets.length === 1 && isWalking) this.walk(1);
    else if (targets.length > 1) this.pick([]);
  }

  #split() {
    const one = this.drawings.get(this.targets[0]);
    if (!one || this.targets.length > 1 || one.shape === "point" || one.shape === "text") return void tell(say("draw.split_one"));
    if (!this.#may()) return;
    this.#cut = one.ordinal;
    this.pick([one.ordinal]);
    this.hand.begin("cut");
  }

  #edit() {
    if (this.hand.tool === "edit") return void this.hand.finish();
    const one = this.drawings.get(this.targets[0]);
    if (!one || this.targets.length > 1 || one.state !== "accepted") return void tell(say("draw.edit_one"));
    if (!this.#may()) return;
    this.pick([one.ordinal]);
    this.view.flyTo(one);
    if (!canBeEdited(one) || !this.hand.edit(one)) tell(say("draw.edit_not"));
  }

  #begin(tool) {
    if (!this.#may()) return;
    const isOff = this.hand.tool === tool;
    this.#drawn = null;
    this.tool = "";
    this.pick([]);
    if (isOff) this.hand.end();
    else this.hand.begin(tool);
    this.refresh();
  }

  #use(tool) {
    this.hand.end();
    this.tool = this.tool === tool ? "" : tool;
    this.refresh();
  }

  #finished(tool, geometry) {
    if (tool === "cut") this.deeds.split(this.#cut, geometry.coordinates);
    else if (tool === "edit") {
      if (this.one) this.deeds.change(this.one.ordinal, { geometry });
    } else {
      this.#drawn = { tool, geometry };
      if (this.inHand) this.take(this.inHand);
      else this.view.map.getCanvas().focus();
    }
    this.refresh();
  }

  #escape() {
    if (this.hand.isOn) this.hand.end();
    else if (this.#drawn) this.#drawn = null;
    else if (this.tool || this.inHand) {
      this.tool = "";
      this.inHand = null;
    } else {
      this.isWalking = false;
      this.legend.close();
      this.pick([]);
    }
    this.refresh();
  }

  #name() {
    if (!this.picked.size && this.view.hover !== null) this.pick([this.view.hover]);
    if (!this.panel.focusName()) tell(say("draw.name_after"));
  }

  #search() {
    // The list may come to lie under the pointer: what it is on now is meant.
    this.#isHeld = !this.picked.size && this.view.hover !== null;
    if (this.#isHeld) this.pick([this.view.hover]);
    document.getElementById("search").focus();
  }

  #toSheet(isOn) {
    this.view.map.getCanvas().focus({ preventScroll: true });
    if (isOn) this.walk(1);
  }

  async #undo() {
    if (this.hand.isOn || this.#drawn) return void this.#escape();
    this.legend.close();
    const deed = await this.deeds.back();
    this.refresh();
    if (deed) tell(say("frame.undone", { what: deed.words }), { stays: 4000 });
  }

  /** All that looks like this one. */
  #pickLike() {
    const [one] = this.targets.map((ordinal) => this.drawings.get(ordinal));
    if (one) this.pick(this.legend.around(one, this.picked));
  }

  #acceptLike() {
    if (!this.legend.offered || !this.#may()) return;
    const { one, ordinals, kind } = this.legend.close();
    this.deeds.accept(ordinals, kind);
    this.legend.learn([one]);
  }
}
