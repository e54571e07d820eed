// Merging like problems: pairs that might be the same, decided by people with a reason; votes are counted, never moved.
import { complain, tell } from "./notices.js";
import { make } from "./elements.js";
import { create } from "./making.js";
import { ask, get, post } from "./requests.js";
import { Steps } from "./undo.js";
import { data, number, say } from "./words.js";

const SHOWN_AT_ONCE = 20;
const ASKED_FOR = 300;
const steps = new Steps();
const byId = (id) => document.getElementById(id);
let lines = data.lines;
let pairs = [];
let shown = SHOWN_AT_ONCE;
let looked = 0;

/** Take the parts of the page anew from the server, which alone says how lists are drawn. */
async function redraw() {
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  lines = JSON.parse(fresh.getElementById("data").textContent).lines;
  for (const part of document.querySelectorAll("[data-part]")) {
    const opened = [...part.querySelectorAll("details[open]")].map((one) => one.closest("[data-problem]")?.dataset.problem);
    const next = fresh.getElementById(part.id);
    if (!next) { location.reload(); return; }
    part.replaceChildren(...next.childNodes);
    for (const problem of opened) part.querySelector(`[data-problem="${problem}"] details`)?.setAttribute("open", "");
  }
}

/** Ask what might be the same; only the newest answer counts. */
async function look() {
  if (!byId("pairs")) return;
  const mine = (looked += 1);
  byId("looking").hidden = false;
  byId("looking").textContent = say("merging.looking");
  const { body } = await get(`${data.suggestions}&limit=${ASKED_FOR}`);
  if (mine !== looked) return;
  pairs = body;
  drawPairs();
}

function drawPairs() {
  byId("looking").textContent = pairs.length ? say("merging.found", { count: pairs.length }) : say("merging.no_pairs");
  const kept = new Map([...byId("pairs").children].map((one) => [one.dataset.pair, one]));
  byId("pairs").replaceChildren(...pairs.slice(0, shown).map((one) => kept.get(keyOf(one)) ?? newPair(one)));
  byId("more").hidden = pairs.length <= shown;
}

const keyOf = (pair) => `${pair.first_id} ${pair.second_id} ${lines[pair.first_id]?.votes} ${lines[pair.second_id]?.votes}`;

function newPair(pair) {
  const key = keyOf(pair);
  const [first, second] = [lines[pair.first_id], lines[pair.second_id]];
  const votes = (line) => make("strong", { text: number(line?.votes ?? 0), ariaLabel: say("merging.votes", { votes: line?.votes ?? 0 }) });
  const choice = (which, title, line) => make("label", {}, make("input", { type: "radio", name: key, value: which, checked: which === "first" }), make("span", { text: title }), votes(line));
  const reason = make("input", { maxLength: 1000, required: true, autocomplete: "off" });
  reason.setAttribute("list", "reasons");
  reason.id = `reason ${key}`.replace(/\s/g, "-");
  const off = make("p", { className: "told-off" });
  off.setAttribute("role", "alert");
  const form = make("form", { className: "card pair" },
    make("div", { className: "two", role: "radiogroup", ariaLabel: say("merging.which_title") }, choice("first", pair.first_title, first), make("span", { className: "plus", ariaHidden: "true", text: "+" }), choice("second", pair.second_title, second)),
    make("ul", { className: "why", ariaLabel: say("merging.alike") }, ...pair.reasons.map((text) => make("li", { text }))),
    make("div", { className: "row" },
      make("div", { className: "grow" }, make("label", { for: reason.id, text: say("merging.reason") }), reason),
      make("button", { type: "submit", className: "primary", text: say("merging.merge_to", { votes: number((first?.votes ?? 0) + (second?.votes ?? 0)) }) }),
      make("button", { type: "button", className: "secondary apart", text: say("merging.apart") })),
    off);
  const decide = (work) => deed(form, off, work);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = form.querySelector("input[type=radio]:checked").value;
    decide(() => merge(pair, chosen, reason.value.trim()));
  });
  form.querySelector(".apart").addEventListener("click", () => decide(() => tellApart(pair, reason.value.trim())));
  return make("li", { dataPair: key }, form);
}

/** Do something once: the form is still while it is done, and what is refused is said in it. */
async function deed(form, off, work) {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  off.textContent = "";
  try {
    await work();
    await Promise.all([redraw(), look()]);
  } catch (error) {
    if (!error.detail) throw error;
    off.textContent = error.detail;
    if (error.status === 409 || error.status === 404) await Promise.all([redraw(), look()]).catch(complain);
  } finally {
    delete form.dataset.busy;
  }
}

const versions = (ids) => Object.fromEntries(ids.filter((id) => lines[id]?.version).map((id) => [id, lines[id].version]));

/** Put one into the other where both stand on one list; over the villages a problem of the municipality is made. */
function merge(pair, chosen, reason) {
  const [kept, other] = chosen === "first" ? [pair.first_id, pair.second_id] : [pair.second_id, pair.first_id];
  const seen = versions([kept, other]);
  return lines[kept]?.level === pair.level
    ? merged({ problem_ids: [other], into_id: kept, reason, versions: seen })
    : merged({ problem_ids: [kept, other], title: lines[kept]?.title ?? pair.first_title, level: pair.level, reason, versions: seen });
}

async function merged(form) {
  const { body } = await create("/api/v1/problem-merges", form);
  note(say("merging.step.merged", { title: body.into_title }), () => post(`/api/v1/problem-merges/${body.id}/undo`, { reason: say("merging.undone_reason") }));
  tell(say("merging.told.merged", { title: body.into_title, votes: body.votes }), { undo: () => steps.back() });
}

async function tellApart(pair, reason) {
  const { body, etag } = await create("/api/v1/problem-distinctions", { first_id: pair.first_id, second_id: pair.second_id, reason });
  note(say("merging.step.apart", { title: pair.first_title }), () => withdraw(body.id, etag));
  tell(say("merging.told.apart"), { undo: () => steps.back() });
}

const withdraw = (id, version) => ask("DELETE", `/api/v1/problem-distinctions/${id}?${new URLSearchParams({ reason: say("merging.undone_reason") })}`, { version });

const note = (text, back) => steps.note(text, async () => {
  await back();
  await Promise.all([redraw(), look()]);
});

async function takeBack(item) {
  const { merge: id, apart, version } = item.dataset;
  if (id) await post(`/api/v1/problem-merges/${id}/undo`, { reason: say("merging.undone_reason"), version: Number(version) });
  else await withdraw(apart, `"${version}"`);
  tell(say("merging.told.undone"));
}

function listen() {
  byId("decided").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button || button.disabled) return;
    button.disabled = true;
    await takeBack(button.closest("li")).catch(complain);
    await Promise.all([redraw(), look()]).catch(complain);
  });
  const listed = byId("listed");
  const picked = () => [...listed.querySelectorAll(".pick:checked")].map((one) => one.closest("[data-problem]").dataset.problem);
  listed.addEventListener("change", () => {
    const ids = picked();
    const form = byId("by-hand");
    form.hidden = ids.length < 2;
    if (form.hidden) return;
    byId("by-hand-words").textContent = say("merging.picked", { count: ids.length, votes: ids.reduce((sum, id) => sum + lines[id].votes, 0) });
    if (!byId("title").value) byId("title").value = lines[ids[0]].title;
  });
  listed.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const ids = picked();
    deed(form, form.querySelector(".told-off"), () => merged({ problem_ids: ids, title: byId("title").value.trim(), reason: byId("reason").value.trim(), level: data.level, versions: versions(ids) }));
  });
  byId("more").addEventListener("click", () => { shown += SHOWN_AT_ONCE; drawPairs(); });
  steps.listen();
}

if (data.suggestions && data.may_write && byId("listed")) {
  listen();
  await look().catch(complain);
}
document.documentElement.dataset.ready = "1";
