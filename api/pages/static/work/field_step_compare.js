// Planned and actual side by side, and whether the standard is met.
import { choice, field, h, input, numeral } from "./field_parts.js";
import { say } from "./words.js";

/** The step of planned and actual. */
export function compare(draft, { save, wrong }) {
  const set = (name) => (value) => { draft[name] = value; save(); };
  const pair = (title, planned, actual) => h("div", { class: "pair", role: "group", "aria-label": title }, h("h2", {}, title), planned, actual);
  const day = (name, words) => field(snake(name), words, input(draft[name], (value) => set(name)(value || null), { type: "date" }), { wrong: wrong(snake(name)) });
  const amount = (name, words, more = {}) => field(snake(name), words, numeral(draft[name], set(name), more), { wrong: wrong(snake(name)) });
  return h("div", {},
    draft.activity ? h("p", { class: "quiet" }, draft.activity.title) : "",
    pair(say("visiting.quantity"), amount("plannedQuantity", say("visiting.planned")), amount("actualQuantity", say("visiting.actual"))),
    field("quantity_unit", say("visiting.unit"), input(draft.quantityUnit, set("quantityUnit")), { wrong: wrong("quantity_unit"), hint: say("visiting.unit.hint") }),
    pair(say("visiting.money"), amount("plannedSom", say("visiting.planned")), amount("actualSom", say("visiting.actual"))),
    pair(say("visiting.deadline"), day("plannedOn", say("visiting.planned")), day("actualOn", say("visiting.actual"))),
    choice("standard_met", say("visiting.standard"), [[true, say("visiting.yes")], [false, say("visiting.no")], [null, say("visiting.not_looked")]], draft.standardMet, set("standardMet"), { wrong: wrong("standard_met") }));
}

const snake = (name) => name.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`);
