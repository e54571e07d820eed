// Beside the sheet: what is chosen, its name with the writing next to it on the photo, and the questions to be tapped.
import { symbol } from "./draw_kinds.js";
import { Answers } from "./draw_answers.js";
import { number, say } from "./words.js";

const CROP_PX = 340, CROP_HIGH_PX = 110;

export class Panel {
  #shown = "";

  /** `page` has the drawings, deeds, kinds and pictures; `act(name)` does what a button says. */
  constructor(element, { drawings, deeds, kinds, questions, picture, act }) {
    Object.assign(this, { element, drawings, deeds, kinds, questions, picture, act });
  }

  /** Show what is chosen; drawn anew only where it differs, so that a field being typed in stays. */
  show(picked) {
    const ones = [...picked].map((ordinal) => this.drawings.get(ordinal)).filter(Boolean);
    // What only the service's answer changes does not count: somebody may be typing a name already.
    const mark = ones.map((one) => `${one.ordinal}/${one.state}/${one.state === "accepted" ? one.kind : one.proposed}`).join(",");
    if (mark === this.#shown && this.element.childElementCount) return;
    this.#shown = mark;
    if (!ones.length) this.element.replaceChildren(document.getElementById("nothing-picked").content.cloneNode(true));
    else if (ones.length > 1) this.element.replaceChildren(...this.#several(ones));
    else this.element.replaceChildren(...this.#one(ones[0]));
  }

  /** Draw anew, whatever stands there. */
  refresh(picked) {
    this.#shown = "";
    this.show(picked);
  }

  focusName() {
    const field = this.element.querySelector("#name");
    field?.focus();
    field?.select();
    return Boolean(field);
  }

  #several(ones) {
    const undecided = ones.filter((one) => this.drawings.isUndecided(one)).length;
    return [
      heading(say("draw.several", { count: ones.length }), ""),
      text("p", say("draw.several_open", { count: undecided }), "quiet"),
      this.#buttons(["accept", "reject", "merge", ...(undecided < ones.length ? ["reopen"] : [])], ones),
    ];
  }

  #one(one) {
    const look = say("draw.look", { ink: say(`ink.${one.ink}`), pattern: say(`pattern.${one.pattern}`), shape: say(`candidate_kind.${one.shape}`) });
    if (one.state !== "accepted") {
      const head = heading(say(`draw.state.${one.state}`), "");
      const parts = [head, text("p", look, "quiet")];
      if (one.shape !== "text") parts.push(this.#buttons(one.state === "rejected" ? ["reopen"] : ["accept", "like", "reject", "split"], [one]), ...this.#crops(one));
      return parts;
    }
    const head = heading(this.kinds.label(one.kind), one.kind);
    const answers = new Answers({ one, kinds: this.kinds, questions: this.questions, changed: (attributes, shown) => this.deeds.change(one.ordinal, { attributes }, { attributes: shown }) });
    answers.fill(one.attributes ?? {});
    return [head, text("p", one.isHand ? say("draw.by_hand") : look, "quiet"), this.#name(one), ...this.#crops(one), answers.element, this.#buttons(one.isHand ? ["edit", "reject"] : ["edit", "like", "reopen", "reject"], [one])];
  }

  #name(one) {
    const box = document.createElement("div");
    box.className = "naming";
    const label = document.createElement("label");
    label.htmlFor = "name";
    label.append(say("draw.name"), keycap("A"));
    const field = document.createElement("input");
    Object.assign(field, { id: "name", value: one.name, maxLength: 200, autocomplete: "off", spellcheck: false });
    const save = () => {
      const name = field.value.trim();
      if (name === (this.drawings.get(one.ordinal)?.name ?? "")) return;
      this.deeds.change(one.ordinal, { name_ky: name }, { name });
    };
    field.addEventListener("change", save);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        if (event.key === "Enter") save();
        else field.value = this.drawings.get(one.ordinal)?.name ?? "";
        this.act(event.key === "Enter" ? "named" : "to-sheet");
      }
    });
    box.append(label, field);
    return box;
  }

  /** The writing nearest to it, cut out of the photo: it is what the name is read from. */
  #crops(one) {
    const words = this.drawings.words(one);
    if (!words.length) return [];
    const box = document.createElement("div");
    box.className = "crops";
    const canvases = words.map((word) => {
      const canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", say("draw.crop"));
      void this.#cut(canvas, word.box);
      return canvas;
    });
    box.append(...canvases);
    return [box];
  }

  async #cut(canvas, [left, top, right, bottom]) {
    const { image, scale } = await this.picture();
    if (!image) return;
    const free = 0.25 * (bottom - top) + 6;
    const source = [left - free, top - free, right - left + 2 * free, bottom - top + 2 * free].map((value) => value * scale);
    const size = Math.min(CROP_PX / source[2], CROP_HIGH_PX / source[3], 2);
    canvas.width = Math.round(source[2] * size);
    canvas.height = Math.round(source[3] * size);
    canvas.getContext("2d").drawImage(image, ...source, 0, 0, canvas.width, canvas.height);
  }

  #buttons(names, ones) {
    const row = document.createElement("div");
    row.className = "deeds";
    for (const name of names) {
      const proposed = ones[0].proposed;
      if (name === "accept" && !proposed) continue;
      const cap = { accept: "⏎", reject: "⌫", merge: "M", split: "S", like: "L", edit: "D" }[name];
      const button = document.createElement("button");
      button.type = "button";
      button.className = name === "accept" ? "primary" : "secondary";
      button.dataset.act = name;
      if (name === "accept") button.append(symbol(proposed));
      button.append(name === "accept" ? say("draw.accept_as", { kind: this.kinds.label(proposed) }) : say(`draw.do.${name}`));
      if (cap) button.append(keycap(cap));
      button.addEventListener("click", () => this.act(name));
      row.append(button);
    }
    return row;
  }
}

export function keycap(cap) {
  const key = document.createElement("kbd");
  key.textContent = cap;
  key.setAttribute("aria-hidden", "true");
  return key;
}

function heading(words, kind) {
  const head = document.createElement("h2");
  if (kind) head.append(symbol(kind));
  head.append(words);
  return head;
}

function text(tag, words, className) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

/** "34 more like this", with a button that accepts them all; `null` takes the offer away. */
export function showOffer(element, offer, act) {
  element.hidden = !offer;
  if (!offer) return;
  const { kind, label, count, wider } = offer;
  const words = document.createElement("p");
  words.textContent = say("draw.offer", { count });
  const all = document.createElement("button");
  all.type = "button";
  all.className = "primary";
  all.append(symbol(kind), say("draw.offer_all", { kind: label, number: number(count) }), keycap("⇧⏎"));
  all.addEventListener("click", () => act("accept-like"));
  const row = [words, all];
  if (wider > count) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "secondary";
    more.textContent = say("draw.offer_wider", { number: number(wider) });
    more.addEventListener("click", () => act("wider"));
    row.push(more);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain";
  close.textContent = "✕";
  close.setAttribute("aria-label", say("frame.close"));
  close.addEventListener("click", () => act("no-offer"));
  element.replaceChildren(...row, close);
}
