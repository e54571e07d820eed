// The page on which people say whether drawings of several groups show one object.
import { card } from "./matches_cards.js";
import { Drawn } from "./matches_ground.js";
import { complain, tell } from "./notices.js";
import { done, get, post } from "./requests.js";
import { isTyping, Steps } from "./undo.js";
import { WhichHolds } from "./which_holds.js";
import { data, number, say } from "./words.js";

const list = document.getElementById("cards");
const empty = document.getElementById("matches-empty");
const ask = document.getElementById("matches-ask");
const undo = document.getElementById("matches-undo");
const state = document.getElementById("matches-state");
const tabs = [...document.querySelectorAll(".matches-tabs button")];
const drawn = new Drawn();
const steps = new Steps();
const holds = new WhichHolds(document.getElementById("matches-holds"));

let matches = data.matches;
let shown = "proposed";
let current = null;
let busy = false;
let looking = Promise.resolve();
let waiting = null;

const place = (match) => listed().findIndex((one) => one.id === match?.id);
const nameOf = (match) => match.name || match.kind_label;
const listed = () => matches.filter((match) => match.status === shown);
const cardOf = (match) => match && list.querySelector(`[data-id="${CSS.escape(match.id)}"]`);

function show() {
  const now = listed();
  current = matches.find((match) => match.id === current?.id) ?? null;
  const focused = document.activeElement?.closest?.(".match")?.dataset.id;
  // A card of the same version stays, with what somebody is writing on it.
  const there = new Map([...list.children].map((one) => [`${one.dataset.id} ${one.dataset.version}`, one]));
  const cards = now.map((match) => there.get(`${match.id} ${match.version}`) ?? card(match, deeds));
  if (cards.length !== list.children.length || cards.some((one, at) => one !== list.children[at])) list.replaceChildren(...cards);
  if (focused && !list.contains(document.activeElement)) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  empty.hidden = now.length > 0;
  empty.textContent = say(`matches_page.empty.${shown}`);
  for (const tab of tabs) {
    tab.setAttribute("aria-pressed", String(tab.dataset.state === shown));
    tab.textContent = say(`matches_page.tab.${tab.dataset.state}`, { count: matches.filter((match) => match.status === tab.dataset.state).length });
  }
  // Where nothing is left to decide, the map shows what was decided.
  if (drawn.map) drawn.show(now.length ? now : matches);
  mark();
}

function mark() {
  for (const one of list.children) one.setAttribute("aria-current", String(one.dataset.id === current?.id));
  if (drawn.map) drawn.light(current, "picked");
}

function pick(match, { focus = true, look = true } = {}) {
  current = match;
  mark();
  const found = cardOf(match);
  if (!found) return;
  found.scrollIntoView({ block: "nearest" });
  if (focus) found.focus({ preventScroll: true });
  if (look && drawn.map) drawn.look(match);
}

/** Send a decision; what the service refuses is told on the card, and somebody else's decision is fetched. */
async function decide(match, body) {
  if (busy) return null;
  busy = true;
  try {
    const { body: now } = await post(`/api/v1/feature-matches/${match.id}/decision`, body, { version: `"${match.version}"` });
    matches = matches.map((one) => (one.id === now.id ? now : one));
    return now;
  } catch (error) {
    if (error.status === 412 && error.problem.current) return await meanwhile(match, body, error.problem.current);
    if (error.status === 409) await reload();
    const fault = cardOf(match)?.querySelector(".fault");
    if (fault && error.detail) fault.textContent = error.detail; else complain(error);
    return null;
  } finally {
    busy = false;
  }
}

/** Somebody else decided meanwhile: both decisions are shown, and the person chooses; returns the match where theirs came to hold. */
async function meanwhile(match, body, current) {
  busy = false;
  await reload();
  const [theirs, mine] = [say(`matches_page.said.${current.status}`), say(`matches_page.said.${body.state}`)];
  if (current.status === body.state) return void tell(say("matches_page.same_meanwhile", { name: nameOf(match), what: theirs }));
  const told = (what, reason) => (reason ? `${what} (${reason})` : what);
  const isMine = await holds.ask({
    words: say("matches_page.meanwhile", { name: nameOf(match) }),
    rows: [{ theirs: say("matches_page.theirs", { by: current.decided_by || "—", what: told(theirs, current.note) }), mine: say("matches_page.mine", { what: told(mine, body.reason) }) }],
    keep: say("matches_page.keep_theirs"),
    take: say("matches_page.take_mine"),
    shown: () => document.getElementById("matches-holds").scrollIntoView({ block: "nearest" }),
  });
  return isMine ? again(match, body) : null;
}

/** Decide all the same: what was decided is taken back, and what the same drawings are proposed as then is decided on. */
async function again(match, body) {
  let { body: now } = await get(`/api/v1/feature-matches/${match.id}/drawings`);
  if (now.status === "confirmed" || now.status === "rejected") {
    ({ body: now } = await post(`/api/v1/feature-matches/${now.id}/decision`, { state: "undone" }, { version: `"${now.version}"` }));
    if (body.state === "undone") return now;
  }
  if (now.status !== "proposed") {
    await look();
    const drawings = new Set(match.drawings.map((one) => one.feature_id).filter(Boolean));
    now = matches.find((one) => one.status === "proposed" && one.drawings.filter(({ feature_id: id }) => drawings.has(id)).length > 1);
    if (!now) return void complain({ detail: say("matches_page.no_longer", { name: nameOf(match) }) });
  }
  return decide(now, body);
}

async function reload() {
  const { body } = await get(`/api/v1/settlements/${data.settlement}/matches?status=proposed&status=confirmed&status=rejected`);
  matches = body;
  show();
}

/** After a decision the next card is taken. */
function go(from, at, told) {
  const next = listed()[at] ?? listed().at(-1) ?? null;
  show();
  tell(told);
  if (next) pick(next); else { current = null; mark(); tabs[0].focus(); }
}

const deeds = {
  near(match) { if (drawn.map) drawn.light(match, "near"); },
  pick,
  async accept(match, { reason = "", ...choices } = {}) {
    const at = place(match);
    const now = await decide(match, { state: "confirmed", reason, ...choices });
    if (!now) return;
    steps.note(say("matches_page.accepted", { name: nameOf(now) }), () => takeBack(now.id));
    go(now, at, say("matches_page.accepted", { name: nameOf(now) }));
  },
  async apart(match, reason = "") {
    const at = place(match);
    const now = await decide(match, { state: "rejected", reason: reason.trim() || say("matches_page.usual_reason") });
    if (!now) return;
    steps.note(say("matches_page.kept_apart", { name: nameOf(now) }), () => takeBack(now.id));
    go(now, at, say("matches_page.kept_apart", { name: nameOf(now) }));
  },
  async back(match) {
    if (!(await decide(match, { state: "undone" }))) return;
    show();
    tell(say("matches_page.taken_back", { name: nameOf(match) }));
    look().catch(complain);
  },
};

/** Take a decision back; the drawings are proposed anew at once, so that they can be decided on. */
async function takeBack(id) {
  const match = matches.find((one) => one.id === id);
  const { body: now } = await post(`/api/v1/feature-matches/${id}/decision`, { state: "undone" }, { version: `"${match.version}"` });
  matches = matches.map((one) => (one.id === id ? now : one));
  show();
  look().catch(complain);
}

/** Have the drawings compared again; what comes while one search runs is answered by one more after it. */
function look() {
  waiting ??= looking.catch(() => {}).then(() => {
    waiting = null;
    looking = search();
    return looking;
  });
  return waiting;
}

async function search() {
  const { headers } = await post(`/api/v1/settlements/${data.settlement}/match-proposals`);
  await done(headers.get("Location"), (part) => { state.textContent = say("matches_page.asking", { percent: number(part * 100) }); });
  state.textContent = "";
  await reload();
}

for (const tab of tabs) tab.addEventListener("click", () => { shown = tab.dataset.state; current = null; show(); });

if (data.editable) {
  ask.addEventListener("click", async () => {
    ask.disabled = true;
    const before = matches.filter((match) => match.status === "proposed").map((match) => match.id);
    try {
      await look();
      const fresh = matches.filter((match) => match.status === "proposed" && !before.includes(match.id)).length;
      state.textContent = say("matches_page.asked", { count: fresh });
      if (fresh) { shown = "proposed"; show(); }
    } catch (error) {
      state.textContent = "";
      complain(error);
    } finally {
      ask.disabled = false;
    }
  });
  undo.addEventListener("click", () => steps.back());
  steps.changed = () => { undo.disabled = steps.length === 0; };
  steps.listen();
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("#map, summary, [type=radio]")) return;
  const now = listed();
  const at = place(current);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = now[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), now.length - 1)];
    if (!next) return;
    event.preventDefault();
    pick(next);
  }
  if (!data.editable || event.repeat || shown !== "proposed" || !current) return;
  if (event.code === "KeyA") deeds.accept(current, cardOf(current).choices());
  if (event.code === "KeyD") deeds.apart(current, cardOf(current).choices().reason);
});

show();
await drawn.open(document.getElementById("map"), matches).catch(complain);
if (drawn.map) {
  drawn.near = (id) => { for (const one of list.children) one.classList.toggle("near", one.dataset.id === id); drawn.light(matches.find((match) => match.id === id) ?? null, "near"); };
  drawn.picked = (id) => pick(matches.find((match) => match.id === id), { look: false });
  show();
}
if (listed().length) pick(listed()[0], { focus: false, look: false });
document.documentElement.dataset.ready = "1";
