// The fields of the open activity: kept as they are left; two people at one field see both texts and choose.
import { complain } from "./notices.js";
import { board, feature, refresh, steps } from "./plan_board.js";
import { get, patch } from "./requests.js";
import { say } from "./words.js";

/** Keep every field of an editor, and the sums of its contributions, as soon as they are changed. */
export function keepFields(root) {
  root.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-field]")) keep(field).catch((error) => tellAt(field, error));
    else if (field.matches(".contributions .amount")) keepSum(field).catch((error) => tellAt(field, error));
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[data-field], .contributions .amount")) event.target.blur();
  });
}

async function keep(field, version) {
  const editor = field.closest(".editor");
  const name = field.dataset.field;
  const value = valueOf(field);
  if (value === undefined) throw { detail: say("plan_page.not_a_number") };
  const label = say(`plan_page.field.${name}`);
  const id = editor.dataset.activity;
  const old = (await get(`/api/v1/activities/${id}`)).body.properties;
  clear(field);
  mark(field, say("plan_page.saving"));
  const values = { [name]: value, ...following(name, value, old) };
  let answer;
  try {
    answer = await patch(`/api/v1/activities/${id}`, feature(values), `"${version ?? editor.dataset.version}"`);
  } catch (error) {
    mark(field, "");
    // Somebody changed another field: what is written here is still wanted.
    if (error.status === 412 && same(old[name], initial(field))) return keep(field, old.version);
    if (error.status === 412) return offerBoth(field, old, value);
    throw error;
  }
  editor.dataset.version = answer.body.properties.version;
  note(label, id, Object.fromEntries(Object.keys(values).map((one) => [one, old[one]])));
  mark(field, say("plan_page.saved"));
  await refresh();
  const kept = document.querySelector(`#editor-${CSS.escape(id)} [data-field="${name}"]`);
  if (kept) mark(kept, say("plan_page.saved"));
  for (const one of answer.body.warnings ?? answer.body.properties.warnings ?? []) warn(kept, one.text);
}

/** What changes along with a field: a place without a village is for all; a whole village needs one. */
function following(name, value, old) {
  if (name === "settlement_id" && !value && old.coverage === "settlement") return { coverage: "municipality" };
  if (name === "settlement_id" && value && old.coverage === "municipality") return { coverage: "settlement" };
  if (name === "responsible" && value !== "initiative_group" && value !== "together" && old.responsible_group_id) return { responsible_group_id: null };
  if (name === "responsible_group_id" && value && !["initiative_group", "together"].includes(old.responsible)) return { responsible: "initiative_group" };
  return {};
}

function note(label, id, before) {
  steps.note(label, async () => {
    const { version } = (await get(`/api/v1/activities/${id}`)).body.properties;
    await patch(`/api/v1/activities/${id}`, feature(before), `"${version}"`);
    await refresh();
  });
}

function valueOf(field) {
  const text = field.value.trim();
  const { field: name, kind } = field.dataset;
  if (kind === "number") {
    if (!text) return null;
    const number = Number(text.replace(/[\s\u00a0\u202f]/g, "").replace(",", "."));
    return Number.isFinite(number) ? number : undefined;
  }
  if (kind === "som" || field.type === "date" || name.endsWith("_id") || name === "responsible") return text || null;
  return text;
}

/** What the field showed when the page was read. */
const initial = (field) => {
  if (field.tagName === "SELECT") return [...field.options].find((one) => one.defaultSelected)?.value || null;
  return field.defaultValue;
};

const same = (stored, shown) => String(stored ?? "") === String(shown ?? "") || typeof stored === "number";

function offerBoth(field, theirs, yours) {
  const box = document.createElement("div");
  box.className = "conflict";
  box.setAttribute("role", "alert");
  const shown = (value) => String(value ?? "") || say("plan_page.empty_value");
  for (const text of [say("plan_page.conflict"), say("plan_page.conflict_theirs", { value: shown(theirs[field.dataset.field]) }), say("plan_page.conflict_yours", { value: shown(yours) })]) box.append(paragraph(text));
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  buttons.append(
    button(say("plan_page.keep_theirs"), () => { box.remove(); document.activeElement?.blur(); refresh().catch(complain); }),
    button(say("plan_page.keep_yours"), () => { box.remove(); keep(field, theirs.version).catch((error) => tellAt(field, error)); }),
  );
  box.append(buttons);
  field.closest(".field").append(box);
  buttons.firstChild.focus();
}

async function keepSum(field) {
  const line = field.closest("li");
  const id = line.dataset.contribution;
  clear(field);
  const old = (await get(`/api/v1/contributions/${id}`)).body;
  const values = field.value.trim() ? { amount_som: field.value.trim(), at_least: false } : { amount_som: null };
  await patch(`/api/v1/contributions/${id}`, values, `"${line.dataset.version}"`);
  steps.note(field.getAttribute("aria-label"), async () => {
    const { version } = (await get(`/api/v1/contributions/${id}`)).body;
    await patch(`/api/v1/contributions/${id}`, { amount_som: old.amount_som, at_least: old.at_least }, `"${version}"`);
    await refresh();
  });
  await refresh();
}

/** Say at a field what is wrong with it, in the service's own words. */
export function tellAt(field, error) {
  if (!error?.detail) return complain(error);
  const place = field.closest(".field") ?? field.closest("li");
  clear(field);
  mark(field, "");
  place.classList.add("is-wrong");
  const said = paragraph(error.detail);
  said.className = "problem";
  said.setAttribute("role", "alert");
  place.append(said);
}

function warn(field, text) {
  if (!field) return;
  const said = paragraph(text);
  said.className = "quiet notice-of-method";
  field.closest(".field").append(said);
}

function clear(field) {
  const place = field.closest(".field") ?? field.closest("li");
  place.classList.remove("is-wrong");
  for (const one of place.querySelectorAll(".problem, .conflict, .notice-of-method")) one.remove();
}

function mark(field, text) {
  const place = field.closest(".field");
  if (!place) return;
  place.classList.toggle("is-kept", Boolean(text));
  place.dataset.kept = text;
}

function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function button(text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "secondary";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}

export { board, button, paragraph };
