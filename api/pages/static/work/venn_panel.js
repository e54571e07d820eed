// What is said of the chosen circle: name, kind, importance, whether people are content, its place, its ties.
import { make, svg } from "./elements.js";
import { get } from "./requests.js";
import { face } from "./venn_table.js";
import { contacts } from "./venn_rules.js";
import { collator, data, say } from "./words.js";

export const RELATIONS = ["apart", "touching", "partial", "full", "unknown"];
let features = null;

export class Panel {
  constructor(element, desk, complain) {
    Object.assign(this, { element, desk, complain });
  }

  /** Show a circle, or nothing. */
  show(circle, { focus = false } = {}) {
    this.element.hidden = !circle;
    if (!circle) return;
    const active = this.element.contains(document.activeElement) ? document.activeElement.id : "";
    const parts = [this.#head(circle), ...(data.editable ? [this.#sizes(circle), this.#opinions(circle), this.#kinds(circle), this.#places(circle)] : []), this.#ties(circle)];
    if (data.editable) parts.push(make("button", { type: "button", class: "secondary", id: `${this.#id}-remove`, onclick: () => this.#try(() => this.desk.remove(circle), `${circle.id} remove`) }, say("venn_page.remove")));
    this.element.replaceChildren(...parts);
    if (active) document.getElementById(active)?.focus();
    if (focus) this.element.querySelector("input, button")?.focus();
  }

  get #id() { return `panel-${this.desk.store.diagram}`; }

  async #try(work, asked) {
    if (asked && asked === this.asked) return; // a double click is one
    this.asked = asked;
    const error = this.element.querySelector(".fault");
    if (error) error.textContent = "";
    try {
      await work();
    } catch (problem) {
      const shown = this.element.querySelector(".fault");
      if (shown && problem.detail) shown.textContent = problem.detail; else this.complain(problem);
    } finally {
      if (this.asked === asked) this.asked = undefined;
    }
  }

  #head(circle) {
    const title = make("h2");
    title.textContent = circle.name;
    const close = make("button", { type: "button", class: "plain", "aria-label": say("venn_page.done"), title: say("venn_page.done"), onclick: () => { this.desk.pick(null); this.desk.table.part(circle.id)?.focus(); } }, "✕");
    const head = make("div", { class: "venn-panel-head" }, title, close);
    if (!data.editable) return head;
    const id = `${this.#id}-name`;
    const field = make("input", { id, maxlength: 200, autocomplete: "off", "aria-describedby": `${id}-fault` });
    field.value = circle.name;
    const column = ["ky", "ru", "en"].map((one) => `name_${one}`).sort((a, b) => (b === `name_${data.language}`) - (a === `name_${data.language}`)).find((name) => circle.fields[name] === circle.name) ?? `name_${data.language}`;
    const save = () => {
      const name = field.value.trim();
      if (name && name !== circle.name) this.#try(() => this.desk.change(circle, { [column]: name }));
      else field.value = circle.name;
    };
    field.addEventListener("change", save);
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") field.blur(); });
    return make("div", {}, head, make("label", { for: id }, say("venn_page.name")), field, make("p", { class: "fault", id: `${id}-fault`, role: "alert" }));
  }

  #sizes(circle) {
    const buttons = ["small", "medium", "large"].map((size, number) => {
      const pressed = circle.importance === size;
      const icon = svg("svg", { viewBox: "0 0 32 32", width: 32, height: 32, "aria-hidden": "true" }, svg("circle", { cx: 16, cy: 16, r: 5 + 4.5 * number, fill: "none", stroke: "currentColor", "stroke-width": 2 }));
      return make("button", { type: "button", class: "venn-choice", id: `${this.#id}-${size}`, "aria-pressed": String(pressed), onclick: () => this.#try(() => this.desk.resize(circle, size), `${circle.id} ${size}`) }, icon, say(`venn_page.size.${size}`));
    });
    return this.#group(say("venn_page.importance"), buttons);
  }

  #opinions(circle) {
    const buttons = ["content", "mixed", "discontent"].map((one) => {
      const pressed = circle.satisfaction === one;
      const icon = svg("svg", { viewBox: "0 0 32 32", width: 32, height: 32, "aria-hidden": "true" }, face(one, 16, 16, 13));
      return make("button", { type: "button", class: "venn-choice", id: `${this.#id}-${one}`, "aria-pressed": String(pressed), onclick: () => this.#try(() => this.desk.change(circle, { satisfaction: one }), `${circle.id} ${one}`) }, icon, say(`satisfaction.${one}`));
    });
    return this.#group(say("venn_page.satisfaction"), buttons);
  }

  #group(title, buttons) {
    const id = `${this.#id}-${title}`.replace(/\W+/g, "-") + buttons[0].id;
    return make("div", { class: "venn-choices", role: "group", "aria-labelledby": id }, make("span", { class: "venn-label", id }, title), make("div", { class: "venn-row" }, ...buttons));
  }

  #kinds(circle) {
    const id = `${this.#id}-kind`;
    const choice = make("select", { id, onchange: () => this.#try(() => this.desk.change(circle, { kind: choice.value })) }, ...Object.keys(data.looks).map((kind) => make("option", { value: kind, selected: kind === circle.kind }, say(`kind.${kind}`))));
    return make("div", {}, make("label", { for: id }, say("venn_page.kind")), choice);
  }

  #places(circle) {
    const id = `${this.#id}-place`;
    const choice = make("select", { id });
    const fill = (list) => {
      const shown = list.filter((one) => one.name || one.id === circle.fields.feature_id);
      choice.replaceChildren(make("option", { value: "" }, say("venn_page.no_place")), ...shown.map((one) => make("option", { value: one.id, selected: one.id === circle.fields.feature_id }, one.name ? `${one.name} · ${one.kind}` : one.kind)));
    };
    fill(features ?? []);
    if (!features) loadFeatures().then(fill).catch(this.complain);
    choice.addEventListener("change", () => this.#try(() => this.desk.change(circle, { feature_id: choice.value || null })));
    return make("div", {}, make("label", { for: id }, say("venn_page.place")), choice);
  }

  #ties(circle) {
    const { desk } = this;
    const said = desk.circles.filter((other) => other !== circle && desk.store.saidOf(circle, other));
    const drawn = contacts(circle, desk.circles, data.tolerance).map(({ other }) => other);
    const shown = [...new Set([...said, ...drawn])].sort((one, other) => collator.compare(one.name, other.name));
    const rows = shown.map((other) => {
      const { relation, drawn: shows, said: told } = desk.standing(circle, other);
      const name = make("span", { class: "venn-other" });
      name.textContent = other.name;
      const label = make("span", { class: `venn-tie ${relation}` }, say(`venn_page.tie.${relation}`), told ? make("small", {}, ` · ${say("venn_page.said")}`) : "");
      const row = make("li", {}, name, label);
      if (told && told !== shows && data.editable) row.append(make("button", { type: "button", class: "plain venn-link", title: say("venn_page.drawing_says", { tie: say(`venn_page.tie.${shows}`) }), onclick: () => this.#try(() => desk.tieAsDrawn(circle, other)) }, say("venn_page.take_drawing")));
      return row;
    });
    return make("div", {}, make("h3", {}, say("venn_page.ties")), rows.length ? make("ul", { class: "venn-ties" }, ...rows) : make("p", { class: "quiet" }, say("venn_page.alone")));
  }
}

async function loadFeatures() {
  const found = [];
  let next = `/api/v1/map-features?settlement_id=${data.settlement}&limit=1000`;
  while (next && found.length < 5000) {
    const { body } = await get(next.replace(/^https?:\/\/[^/]+/, ""));
    found.push(...body.features.map(({ id, properties }) => ({ id: id ?? properties.id, name: properties[`name_${data.language}`] || properties.name_ky || properties.name_ru || properties.name_en, kind: say(`kind.${properties.kind}`) })));
    next = body.next;
  }
  features = found.sort((one, other) => collator.compare(one.name, other.name));
  return features;
}
