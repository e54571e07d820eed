// Institution × institution → tie: every pair once, set without dragging.
import { make } from "./elements.js";
import { RELATIONS } from "./venn_panel.js";
import { data, say } from "./words.js";

const SIGNS = { apart: "·", touching: "○○", partial: "◍", full: "◎", unknown: "?" };

export class Matrix {
  constructor(element, desk, complain) {
    Object.assign(this, { element, desk, complain });
    element.addEventListener("toggle", () => this.show());
    this.body = element.querySelector(".venn-matrix-body");
  }

  /** Draw the table anew, where it is open. */
  show() {
    if (!this.element.open) return;
    const focused = document.activeElement?.dataset?.pair;
    const { circles } = this.desk;
    const head = make("tr", {}, make("td"), ...circles.slice(0, -1).map((circle, number) => make("th", { scope: "col", title: circle.name, "aria-label": circle.name }, String(number + 1))));
    const rows = circles.map((circle, number) => {
      const name = make("th", { scope: "row" });
      name.textContent = `${number + 1}. ${circle.name}`;
      return make("tr", {}, name, ...circles.slice(0, number).map((other) => this.#cell(circle, other)));
    });
    this.body.replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)), this.#key());
    if (focused) this.body.querySelector(`[data-pair="${CSS.escape(focused)}"]`)?.focus();
  }

  #cell(circle, other) {
    const { relation, said } = this.desk.standing(circle, other);
    const words = say("venn_page.pair", { first: circle.name, second: other.name, tie: say(`venn_page.tie.${relation}`) });
    const told = said ? `${words} (${say("venn_page.said")})` : words;
    const pair = `${circle.id} ${other.id}`;
    const cell = make("td", { class: said ? "said" : "" });
    const button = make("button", { type: "button", class: `venn-cell ${relation}`, "data-pair": pair, "aria-label": told, title: told, disabled: !data.editable, onclick: () => this.#open(cell, circle, other) }, SIGNS[relation]);
    button.addEventListener("keydown", (event) => this.#walk(event));
    cell.append(button);
    return cell;
  }

  #walk(event) {
    const cell = event.target.closest("td");
    const at = cell.cellIndex;
    const row = cell.parentElement;
    const to = {
      ArrowLeft: () => row.cells[at - 1],
      ArrowRight: () => row.cells[at + 1],
      ArrowUp: () => row.previousElementSibling?.cells[at],
      ArrowDown: () => row.nextElementSibling?.cells[at],
    }[event.key]?.();
    const button = to?.querySelector("button");
    if (!button) return;
    event.preventDefault();
    button.focus();
  }

  #open(cell, circle, other) {
    const { relation } = this.desk.standing(circle, other);
    const words = say("venn_page.pair", { first: circle.name, second: other.name, tie: say(`venn_page.tie.${relation}`) });
    const choice = make("select", { "aria-label": words, "data-pair": `${circle.id} ${other.id}` }, ...RELATIONS.map((one) => make("option", { value: one, selected: one === relation }, `${SIGNS[one]} ${say(`venn_page.tie.${one}`)}`)));
    choice.addEventListener("change", () => this.desk.tie(circle, other, choice.value).catch(this.complain));
    choice.addEventListener("keydown", (event) => { if (event.key === "Escape") this.show(); });
    choice.addEventListener("blur", () => { if (choice.value === relation) cell.replaceChildren(...this.#cell(circle, other).childNodes); });
    cell.replaceChildren(choice);
    choice.focus();
  }

  #key() {
    return make("ul", { class: "venn-key" }, ...RELATIONS.map((one) => make("li", {}, make("span", { class: `venn-cell ${one}`, "aria-hidden": "true" }, SIGNS[one]), ` ${say(`venn_page.tie.${one}`)}`)));
  }
}
