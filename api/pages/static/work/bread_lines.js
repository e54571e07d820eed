// The lines of the loaf as a table: named, typed, added and taken away; differences in words.
import { actualOf, isTooMuch, left, total } from "./bread_rules.js";
import { shown } from "./bread_loaf.js";
import { make } from "./elements.js";
import { locale, number, say } from "./words.js";

const SAME = 0.5; // percentage points that nobody would call a difference

export class Lines {
  /** Called with the lines as somebody changed them. */
  changed = () => {};

  constructor(body, foot, { editable }) {
    Object.assign(this, { body, foot, editable, lines: [] });
  }

  show(lines) {
    this.lines = lines;
    const focused = document.activeElement?.closest?.("[data-cell]")?.dataset.cell;
    this.body.replaceChildren(...lines.map((line, at) => this.#row(line, at)));
    this.#sums();
    if (focused) this.body.querySelector(`[data-cell="${CSS.escape(focused)}"]`)?.focus();
  }

  #row(line, at) {
    const tone = make("span", { class: "tone", "data-tone": at % 6, "aria-hidden": "true" }, String(at + 1));
    const name = make("th", { scope: "row" }, make("div", { class: "named" }, tone, this.editable ? this.#name(line, at) : make("span", {}, line.name)));
    const cells = [
      this.#cell(line, at, "perceived_percent", say("bread_page.perceived")),
      this.#cell(line, at, "actual_percent", say("bread_page.actual")),
      this.#cell(line, at, "actual_som", say("bread_page.som")),
    ];
    const difference = make("td", { class: "difference" }, this.#difference(line));
    const row = make("tr", {}, name, ...cells, difference);
    if (this.editable) row.append(make("td", { class: "take" }, make("button", { type: "button", class: "plain", "aria-label": say("bread_page.remove", { name: line.name }), title: say("bread_page.remove", { name: line.name }), onclick: () => this.changed(this.lines.filter((_, order) => order !== at)) }, "✕")));
    return row;
  }

  #name(line, at) {
    const field = make("input", { "data-cell": `${line.key} name`, "aria-label": say("bread_page.name"), maxlength: 200, autocomplete: "off" });
    field.value = line.name;
    field.addEventListener("change", () => {
      const name = field.value.trim();
      if (!name || name === line.name) { field.value = line.name; return; }
      if (this.has(name, line)) { this.#wrong(field, say("bread_page.repeated")); return; }
      this.changed(this.lines.map((one, order) => (order === at ? { ...one, name, [line.column]: name } : one)));
    });
    return field;
  }

  /** Whether another line is called so. */
  has(name, but) { return this.lines.some((one) => one !== but && one.name.toLowerCase() === name.toLowerCase()); }

  #cell(line, at, column, title) {
    const value = line[column];
    const words = value === null ? "" : column === "actual_som" ? number(value) : shown(value);
    const cell = make("td", { class: "number", "data-title": title });
    if (!this.editable) { cell.append(words && column !== "actual_som" ? `${words} %` : words); return cell; }
    const field = make("input", { "data-cell": `${line.key} ${column}`, inputmode: column === "actual_som" ? "numeric" : "decimal", autocomplete: "off", size: column === "actual_som" ? 11 : 5, "aria-label": say(`bread_page.${column}`, { name: line.name }) });
    field.value = words;
    field.addEventListener("focus", () => field.select());
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const to = this.lines[at + (event.key === "ArrowUp" ? -1 : 1)];
      event.preventDefault();
      if (to) this.body.querySelector(`[data-cell="${to.key} ${column}"]`).focus(); else field.blur();
    });
    field.addEventListener("change", () => {
      const typed = field.value.trim() === "" ? null : read(field.value);
      const most = column === "actual_som" ? 2 ** 50 : 100;
      if (typed !== null && !(typed >= 0 && typed <= most && (column !== "actual_som" || Number.isInteger(typed)))) {
        this.#wrong(field, say(column === "actual_som" ? "bread_page.wrong_som" : "bread_page.wrong_number"));
        return;
      }
      if (typed !== value) this.changed(this.lines.map((one, order) => (order === at ? { ...one, [column]: typed } : one)), column);
    });
    cell.append(field);
    if (column !== "actual_som") cell.append(make("span", { class: "unit", "aria-hidden": "true" }, " %"));
    return cell;
  }

  #wrong(field, words) {
    const id = "bread-wrong";
    document.getElementById(id)?.remove();
    const told = make("p", { class: "fault", id, role: "alert" }, words);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
    field.closest("td, th").append(told);
    field.addEventListener("input", () => { told.remove(); field.removeAttribute("aria-invalid"); field.removeAttribute("aria-describedby"); }, { once: true });
    field.focus();
  }

  #difference(line) {
    const actual = actualOf(line, this.lines);
    if (line.perceived_percent === null || actual === null) return make("span", { class: "quiet" }, say("bread_page.unknown"));
    const points = line.perceived_percent - actual;
    if (Math.abs(points) < SAME) return make("span", { class: "same" }, `✓ ${say("bread_page.same")}`);
    return make("span", { class: points > 0 ? "more" : "less" }, `${points > 0 ? "▲" : "▼"} ${say(points > 0 ? "bread_page.more" : "bread_page.less", { points: shown(Math.round(Math.abs(points) * 10) / 10) })}`);
  }

  #sums() {
    const [perceived, actual, som] = ["perceived_percent", "actual_percent", "actual_som"].map((column) => total(this.lines, column));
    const percent = (value) => (value === null ? "–" : `${shown(Math.round(value * 10) / 10)} %`);
    this.foot.replaceChildren(make("tr", {}, make("th", { scope: "row" }, say("bread_page.sum")),
      make("td", { class: "number", "data-title": say("bread_page.perceived") }, percent(perceived)),
      make("td", { class: "number", "data-title": say("bread_page.actual") }, percent(actual)),
      make("td", { class: "number", "data-title": say("bread_page.som") }, som === null ? "–" : number(som)), make("td"), ...(this.editable ? [make("td")] : [])));
  }
}

/** Say how much of a loaf is not cut, or too much. */
export function restInWords(lines, field) {
  const rest = left(lines, field);
  if (isTooMuch(lines, field)) return say("bread_page.over", { percent: shown(Math.round(-rest * 10) / 10) });
  return Math.abs(rest) < 0.05 ? say("bread_page.whole") : say("bread_page.left", { percent: shown(Math.round(rest * 10) / 10) });
}

/** Read a number as people write it: with spaces, with a comma or a point. */
export function read(words) {
  const plain = words.replaceAll(locale.group, "").replace(/[\s\u00a0\u202f%]/g, "").replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}
