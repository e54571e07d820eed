// The kinds with their keys: the first ones are those that this sheet uses most for such a shape.
import { fold, latinKey } from "/work/folding.js";
import { say } from "./words.js";

/** Keys of the strip in their order, by where they are on the keyboard; the others belong to the tools. */
export const KIND_KEYS = [..."1234567890"].map((digit) => [`Digit${digit}`, digit]).concat([..."QWERTYUIOPFGHJK"].map((letter) => [`Key${letter}`, letter]));
const SHAPES = ["polygon", "line", "point"];

export class Kinds {
  #order = {};
  #shape = "polygon";
  #shownShape = "";

  /** `kinds` as the page was given them; `used` counts by shape and kind what this sheet has already. */
  constructor(strip, kinds, press) {
    Object.assign(this, { strip, kinds, press, byCode: new Map(kinds.map((kind) => [kind.code, kind])) });
  }

  /** Learn from what is accepted on the sheet: for each shape, its most used kinds come first. */
  learn(drawings) {
    const used = Object.fromEntries(SHAPES.map((shape) => [shape, new Map()]));
    for (const one of drawings) if (one.state === "accepted" && used[one.shape]) used[one.shape].set(one.kind, (used[one.shape].get(one.kind) ?? 0) + 1);
    for (const shape of SHAPES) {
      const number = (kind) => used[shape].get(kind.code) ?? 0;
      const usual = (kind) => kind.usual[shape] ?? (kind.shape === shape ? 50 : 100);
      this.#order[shape] = [...this.kinds].sort((a, b) => number(b) - number(a) || usual(a) - usual(b)).map((kind) => kind.code);
    }
    this.#shownShape = "";
    this.show(this.#shape);
  }

  /** A kind that was searched for gets the last digit, so that the next one takes one key; the others keep theirs. */
  promote(code, shape) {
    const order = this.#order[shape] ?? this.#order.polygon;
    const at = order.indexOf(code);
    if (at < 10) return;
    order.splice(at, 1);
    order.splice(9, 0, code);
    this.#shownShape = "";
    this.show(this.#shape);
  }

  /** Show the keys for candidates of a shape. */
  show(shape) {
    if (!SHAPES.includes(shape)) return;
    this.#shape = shape;
    if (shape === this.#shownShape) return;
    this.#shownShape = shape;
    this.strip.replaceChildren(...KIND_KEYS.map(([, cap], at) => this.#button(this.#order[shape][at], cap)));
    this.strip.dataset.shape = shape;
  }

  /** Mark the kind that Enter would take. */
  mark(code) {
    for (const button of this.strip.querySelectorAll("button")) button.classList.toggle("proposed", button.dataset.kind === code);
  }

  ofKey(code) {
    const at = KIND_KEYS.findIndex(([key]) => key === code);
    return at < 0 ? null : this.#order[this.#shape][at] ?? null;
  }

  label(code) { return this.byCode.get(code)?.label ?? ""; }
  shapeOf(code) { return this.byCode.get(code)?.shape ?? "point"; }

  /** Kinds whose word in any of the languages begins with what was typed, or holds it; spelling is forgiven. */
  find(typed) {
    const folded = fold(typed);
    if (!folded) return this.kinds;
    const latin = latinKey(folded);
    const rank = ({ keys }) => (keys.some((key) => key.startsWith(folded) || key.startsWith(latin)) ? 0 : keys.some((key) => key.includes(folded) || (latin && key.includes(latin))) ? 1 : 2);
    return this.kinds.map((kind) => [rank(kind), kind]).filter(([one]) => one < 2).sort((a, b) => a[0] - b[0]).map(([, kind]) => kind);
  }

  #button(code, cap) {
    const kind = this.byCode.get(code);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kind";
    button.dataset.kind = code;
    button.title = kind.label;
    button.setAttribute("aria-keyshortcuts", cap);
    const key = document.createElement("kbd");
    key.textContent = cap;
    const label = document.createElement("span");
    label.textContent = kind.label;
    button.append(key, symbol(code), label);
    button.addEventListener("click", () => this.press(code));
    return button;
  }
}

/** The symbol of a kind, as an element in the colour of the words around it. */
export function symbol(code) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("class", "symbol");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#kind-${code}`);
  drawn.append(use);
  return drawn;
}

/** The sign of a kind for a map: its symbol on a round piece of paper, as an image of 52 by 52. */
export async function signImage(code, tone, paper) {
  const drawn = document.getElementById(`kind-${code}`);
  if (!drawn) return null;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="52" height="52" viewBox="-6 -6 36 36"><circle cx="12" cy="12" r="16.5" fill="${paper}" stroke="${tone}" stroke-width="2.5"/><g fill="none" stroke="${tone}" color="${tone}" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">${drawn.innerHTML}</g></svg>`;
  const image = new Image(52, 52);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

/** A field in which a kind is searched by its word; Enter takes the first, arrows choose another. */
export function wireSearch(field, list, kinds, chosen) {
  let options = [], at = -1;
  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const pick = (place) => {
    at = options.length ? (place + options.length) % options.length : -1;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    if (at >= 0) {
      field.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }
  };
  const take = (code) => {
    field.value = "";
    close();
    chosen(code);
  };
  const open = () => {
    const found = kinds.find(field.value);
    options = found.map((kind, number) => {
      const option = document.createElement("li");
      option.id = `found-${number}`;
      option.setAttribute("role", "option");
      option.dataset.kind = kind.code;
      const layer = document.createElement("small");
      layer.textContent = say(`layer.${kind.layer}`);
      option.append(symbol(kind.code), kind.label, layer);
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => take(kind.code));
      return option;
    });
    list.replaceChildren(...options);
    list.hidden = !options.length;
    field.setAttribute("aria-expanded", String(options.length > 0));
    pick(options.length ? 0 : -1);
  };
  field.addEventListener("input", open);
  field.addEventListener("focus", open);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      else pick(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      take(options[at].dataset.kind);
    } else if (event.key === "Escape") {
      event.preventDefault();
      field.value = "";
      close();
      field.blur();
    }
  });
}
