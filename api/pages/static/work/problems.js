// The wall of a session: drawn, kept fresh for everybody who looks at it, and shown large to a room.
import { draw } from "./problems_draw.js";
import { steps } from "./problems_deeds.js";
import { draggable, holdable, showHeld } from "./problems_hold.js";
import { isBusy, onRead, refresh, wall } from "./problems_store.js";
import { typeable } from "./problems_type.js";
import { data, number, say } from "./words.js";

const LOOKS_EVERY_MS = 4000;
const SHOWS_EVERY_MS = 2500;
const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const list = byId("wall");
const isShown = () => root.dataset.projector === "1";

function show({ sorted = isShown() } = {}) {
  const { groups, votes, most_votes: most } = wall();
  byId("count").textContent = number(votes);
  byId("placed-words").textContent = most === null ? say("wall.placed_unknown") : say("wall.placed", { most: number(most) });
  const bar = byId("bar");
  bar.hidden = most === null;
  if (most !== null) Object.assign(bar, { max: Math.max(most, 1), value: votes });
  byId("placed").classList.toggle("full", most !== null && votes >= most);
  byId("empty").hidden = groups.length > 0;
  draw(list, groups, { sorted, touched: data.may_write ? draggable : undefined });
  if (data.may_write) showHeld();
}

function setProjector(on) {
  if (on) root.dataset.projector = "1";
  else delete root.dataset.projector;
  const button = byId("projector");
  button.setAttribute("aria-pressed", String(on));
  button.textContent = say(on ? "wall.projector_off" : "wall.projector");
  const address = new URL(location.href);
  if (on) address.searchParams.set("projector", "1");
  else address.searchParams.delete("projector");
  history.replaceState(history.state, "", address);
  show({ sorted: true });
}

async function look() {
  if (!document.hidden && !isBusy() && !list.querySelector("[data-editing]")) await refresh().catch(() => {});
  setTimeout(look, isShown() ? SHOWS_EVERY_MS : LOOKS_EVERY_MS);
}

document.querySelector(".session[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
onRead(show);
byId("projector").addEventListener("click", () => setProjector(!isShown()));
byId("by-votes").addEventListener("click", () => show({ sorted: true }));
addEventListener("keydown", (event) => { if (event.key === "Escape" && isShown()) setProjector(false); });
addEventListener("visibilitychange", () => { if (!document.hidden && !isBusy()) refresh().catch(() => {}); });
if (data.may_write) {
  typeable();
  holdable(list);
  steps.changed = () => Object.assign(byId("undo"), { disabled: !steps.length }).setAttribute("data-left", steps.length);
  byId("undo").addEventListener("click", () => steps.back());
  steps.listen();
}
setProjector(new URLSearchParams(location.search).has("projector"));
setTimeout(look, LOOKS_EVERY_MS);
root.dataset.ready = "1";
