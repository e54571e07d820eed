// The page of the bread: two loaves, and the table of their slices; every change is saved as a whole loaf.
import { Lines, restInWords } from "./bread_lines.js";
import { Loaf, shown } from "./bread_loaf.js";
import { actualOf, cutAt, isTooMuch, isWhole, left, percentFromSom, spread } from "./bread_rules.js";
import { make } from "./elements.js";
import { complain } from "./notices.js";
import { offerFiles } from "./rendered_files.js";
import { get, put } from "./requests.js";
import { Steps } from "./undo.js";
import { data, say } from "./words.js";

const FIELD = "perceived_percent";
const page = (id) => document.getElementById(`bread-${id}`);
const address = `/api/v1/events/${data.event}/bread`;
const steps = new Steps();

let lines = [];
let tag = data.tag;
let before = null; // as it was before an edge was taken
let turn = Promise.resolve();
let keys = 0;

const opinions = new Loaf(page("perceived"), { field: FIELD, editable: data.editable });
const budget = new Loaf(page("actual"), { field: "actual_percent", editable: false });
const table = new Lines(page("lines"), page("sums"), { editable: data.editable });

/** A line of the service as the page works with it; what the page does not show is kept. */
function lineOf(told) {
  const column = [`name_${data.language}`, "name_ky", "name_ru", "name_en"].find((name) => told[name]);
  return { ...told, key: `line-${(keys += 1)}`, column, name: told[column] };
}

function show(now = lines) {
  lines = now;
  opinions.show(lines);
  budget.show(lines, (line) => actualOf(line, lines));
  table.show(lines);
  const known = lines.some((line) => actualOf(line, lines));
  page("no-actual").hidden = known;
  page("actual").toggleAttribute("hidden", !known);
  const rest = page("rest");
  rest.textContent = restInWords(lines, FIELD);
  rest.dataset.state = isTooMuch(lines, FIELD) ? "over" : isWhole(lines, FIELD) ? "whole" : "left";
  const button = page("spread");
  if (button) {
    button.hidden = !lines.length || Math.abs(left(lines, FIELD)) < 0.05;
    button.textContent = say(left(lines, FIELD) < 0 ? "bread_page.shrink" : "bread_page.spread");
  }
}

/** Take over lines, save them, and let them be taken back. */
function change(now, { from = lines } = {}) {
  show(now);
  steps.note(say("bread_page.changed"), async () => { show(from); await save(); });
  save().catch(complain);
}

function told(state) {
  const words = page("state");
  words.dataset.state = state;
  words.textContent = say(`bread_page.${state}`);
}

const sent = (all) => all.map((line) => ({
  name_ky: line.name_ky, name_ru: line.name_ru, name_en: line.name_en, note: line.note,
  perceived_percent: line.perceived_percent, perceived_som: line.perceived_som, actual_percent: line.actual_percent, actual_som: line.actual_som,
}));

/** Save the loaf as it is now, one request after the other; too much of it is not saved, and says so. */
function save() {
  turn = turn.catch(() => {}).then(async () => {
    const now = lines;
    if ([FIELD, "actual_percent"].some((field) => isTooMuch(now, field))) {
      told("not_saved");
      return;
    }
    told("saving");
    const incomplete = [FIELD, "actual_percent"].some((field) => !isWhole(now, field));
    try {
      const { etag } = await put(address, { incomplete, lines: sent(now.filter((line) => !isEmpty(line))) }, { version: tag });
      tag = etag;
      told(incomplete ? "saved_part" : "saved");
    } catch (error) {
      told("not_saved");
      if (error.key !== "bread.changed_meanwhile") throw error;
      await conflict();
    }
  });
  return turn;
}

const isEmpty = (line) => [FIELD, "perceived_som", "actual_percent", "actual_som"].every((field) => line[field] === null);

/** Somebody else cut it meanwhile: both are shown, and a person chooses. */
async function conflict() {
  const { body, etag } = await get(address);
  const theirs = body.lines.map(lineOf);
  const row = page("conflict");
  const names = [...new Set([...lines, ...theirs].map((line) => line.name))];
  const share = (all, name) => { const found = all.find((line) => line.name === name); return found && found[FIELD] !== null ? `${shown(found[FIELD])} %` : "–"; };
  const different = names.filter((name) => share(lines, name) !== share(theirs, name));
  row.querySelector("ul").replaceChildren(...different.map((name) => make("li", {}, `${name}: ${say("bread_page.mine").toLowerCase()} ${share(lines, name)}, ${say("bread_page.theirs").toLowerCase()} ${share(theirs, name)}`)));
  row.hidden = false;
  const [mine, take] = row.querySelectorAll("button");
  mine.onclick = () => { row.hidden = true; tag = etag; save().catch(complain); };
  take.onclick = () => { row.hidden = true; tag = etag; show(theirs); told("saved"); };
  mine.focus();
}

opinions.cut = (at, share) => {
  before ??= lines;
  show(cutAt(lines, at, share));
};
opinions.done = () => {
  const from = before;
  before = null;
  if (from && from !== lines) change(lines, { from });
};
table.changed = (now, column) => change(column === "actual_som" ? percentFromSom(now) : now);

function add(name) {
  if (table.has(name, null)) return false;
  const line = lineOf({ name_ky: "", name_ru: "", name_en: "", [`name_${data.language}`]: name, perceived_percent: 0, perceived_som: null, actual_percent: null, actual_som: null, note: "" });
  change([...lines, line]);
  document.querySelector(`[data-cell="${line.key} ${FIELD}"]`).focus();
  return true;
}

if (data.editable) {
  page("spread").addEventListener("click", () => change(spread(lines, FIELD)));
  page("undo").addEventListener("click", () => steps.back());
  steps.changed = () => { page("undo").disabled = steps.length === 0; };
  steps.listen();
  const form = page("add");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.querySelector("input");
    const name = field.value.trim();
    const fault = form.querySelector(".fault");
    fault.textContent = "";
    if (!name) { field.focus(); return; }
    if (add(name)) field.value = ""; else fault.textContent = say("bread_page.repeated");
  });
}
if (page("files")) offerFiles(page("files"), "bread_page.making");

show(data.lines.map(lineOf));
document.documentElement.dataset.ready = "1";
