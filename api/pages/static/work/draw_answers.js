// The questions asked of an object (DOMAIN.md section 3): answers are tapped; what cannot be tapped is a short field.
import { metres, number, say } from "./words.js";

const FIRST = 3; // questions that stand open; the others are one tap away

/** Say an answer in words. */
export function answerWords(name, value, { questions, kinds }) {
  if (value === undefined || value === null) return "—";
  const { of, words, unit } = questions.answers[name] ?? {};
  const tell = (one) => {
    if (of === "one" || of === "several") return say(`${words}.${one}`);
    if (of === "yes_or_no") return say(one ? "draw.yes" : "draw.no");
    if (of === "kind") return kinds.label(one);
    return typeof one === "number" ? (unit === "metres" ? metres(one) : number(one)) : String(one);
  };
  return [value].flat().map(tell).join(", ");
}

export class Answers {
  #values = {};
  #fields = new Map();

  constructor({ one, kinds, questions, changed }) {
    Object.assign(this, { kinds, questions, changed });
    this.element = document.createElement("div");
    this.element.className = "answers";
    const asked = questions.of_kind[one.kind] ?? [];
    this.element.append(...asked.slice(0, FIRST).map((name) => this.#question(name)));
    if (asked.length > FIRST) {
      const more = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = say("draw.more_questions");
      more.append(summary, ...asked.slice(FIRST).map((name) => this.#question(name)));
      this.element.append(more);
    }
  }

  /** Show what was answered. */
  fill(values) {
    this.#values = { ...values };
    for (const [name, show] of this.#fields) show(this.#values[name]);
  }

  #answer(name, value) {
    const values = { ...this.#values };
    if (value === undefined || value === "" || (Array.isArray(value) && !value.length)) delete values[name];
    else values[name] = value;
    if (name === "causes_trouble" && value === false) delete values.trouble_reason;
    if (name === "trouble_reason" && value && values.causes_trouble === false) delete values.causes_trouble;
    this.fill(values);
    this.changed(values, values);
  }

  #question(name) {
    const { of, values = [], words, unit } = this.questions.answers[name];
    const set = document.createElement("fieldset");
    set.dataset.question = name;
    const legend = document.createElement("legend");
    legend.textContent = say(`attribute.${name}`);
    set.append(legend);
    if (of === "one" || of === "several") this.#chips(set, name, values.map((value) => [value, say(`${words}.${value}`)]), of === "several");
    else if (of === "yes_or_no") this.#chips(set, name, [[true, say("draw.yes")], [false, say("draw.no")]], false);
    else if (of === "kind") this.#kindField(set, name);
    else {
      if (of === "number") this.#chips(set, name, values.map((value) => [value, unit === "metres" ? metres(value) : say("draw.minutes", { value: number(value) })]), false);
      this.#field(set, name, of);
    }
    return set;
  }

  #chips(set, name, choices, several) {
    const row = document.createElement("div");
    row.className = "chips";
    for (const [value, words] of choices) {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.textContent = words;
      chip.dataset.value = String(value);
      chip.addEventListener("click", () => {
        const now = this.#values[name];
        if (!several) this.#answer(name, now === value ? undefined : value);
        else this.#answer(name, (now ?? []).includes(value) ? now.filter((one) => one !== value) : [...(now ?? []), value]);
      });
      row.append(chip);
    }
    set.append(row);
    this.#show(name, (now) => {
      for (const chip of row.children) {
        const isOn = several ? (now ?? []).map(String).includes(chip.dataset.value) : String(now) === chip.dataset.value;
        chip.setAttribute("aria-pressed", String(isOn));
      }
    });
  }

  #field(set, name, of) {
    const field = document.createElement(of === "words" ? "textarea" : "input");
    if (of === "words") field.rows = 1;
    else if (of === "number") Object.assign(field, { type: "text", inputMode: "numeric" });
    field.maxLength = of === "words" ? 2000 : 200;
    field.setAttribute("aria-label", say(`attribute.${name}`));
    if (of === "list") field.placeholder = say("draw.list_hint");
    field.addEventListener("change", () => {
      const typed = field.value.trim();
      if (of === "list") this.#answer(name, typed.split(/[,;]/).map((one) => one.trim()).filter(Boolean));
      else if (of === "number") {
        const value = Number(typed.replace(/[\s\u00a0]/g, "").replace(",", "."));
        if (typed && !Number.isFinite(value)) field.setAttribute("aria-invalid", "true");
        else {
          field.removeAttribute("aria-invalid");
          this.#answer(name, typed ? value : undefined);
        }
      } else this.#answer(name, typed);
    });
    set.append(field);
    this.#show(name, (now) => { if (document.activeElement !== field) field.value = Array.isArray(now) ? now.join(", ") : now ?? ""; });
  }

  #kindField(set, name) {
    const field = document.createElement("select");
    field.setAttribute("aria-label", say(`attribute.${name}`));
    field.append(new Option("", ""));
    for (const kind of this.kinds.kinds) if (kind.layer !== "problem" && kind.layer !== "desired") field.append(new Option(kind.label, kind.code));
    field.addEventListener("change", () => this.#answer(name, field.value || undefined));
    set.append(field);
    this.#show(name, (now) => { field.value = now ?? ""; });
  }

  #show(name, show) {
    const others = this.#fields.get(name);
    this.#fields.set(name, others ? (now) => { others(now); show(now); } : show);
  }
}
