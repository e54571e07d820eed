// Moving notes: dragged by mouse or finger, or picked up and put down by buttons and keys.
import Sortable from "sortablejs";
import { put } from "./problems_deeds.js";
import { dragging, noteOf, wall } from "./problems_store.js";
import { make } from "./elements.js";
import { collator, say } from "./words.js";

const held = new Set();
const byId = (id) => document.getElementById(id);
const bar = byId("held");
const into = byId("into");
const out = byId("out");

/** Let notes of a list be dragged into another group. */
export const draggable = (group) => sortable(group.querySelector(".notes"));

function sortable(list) {
  return new Sortable(list, {
    group: "notes",
    draggable: ".note",
    filter: "button, textarea",
    preventOnFilter: false,
    sort: false,
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 5,
    delay: 180,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    emptyInsertThreshold: 24,
    onStart: () => { out.hidden = false; dragging(true); },
    onEnd: ({ item, to, from }) => {
      out.hidden = true;
      const id = item.dataset.note;
      const picked = held.has(id) ? [...held] : [id];
      if (to !== from) {
        letGo();
        put(picked, to.dataset.problem ?? null);
      }
      dragging(false);
    },
  });
}

/** Let notes be held by their buttons, and put where somebody says. */
export function holdable(list) {
  sortable(out);
  list.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    const note = event.target.closest(".note")?.dataset.note;
    if (pressed?.classList.contains("hold")) toggle(note);
    else if (pressed?.classList.contains("here") && held.size) drop(pressed.dataset.into);
  });
  byId("put-into").addEventListener("click", () => drop(into.value));
  byId("put-alone").addEventListener("click", () => drop(null));
  byId("let-go").addEventListener("click", letGo);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && held.size) letGo(); });
}

function toggle(id) {
  if (held.has(id)) held.delete(id);
  else held.add(id);
  showHeld();
  if (held.has(id)) into.focus({ preventScroll: true });
}

function drop(problem) {
  const picked = [...held];
  letGo();
  put(picked, problem).then(() => document.querySelector(`[data-note="${CSS.escape(picked[0])}"] .hold`)?.focus());
}

function letGo() {
  held.clear();
  showHeld();
}

/** Show what is held; called again after the wall was read, for a note may be gone. */
export function showHeld() {
  for (const id of held) if (!noteOf(id)) held.delete(id);
  for (const button of document.querySelectorAll(".note .hold")) {
    const mine = held.has(button.closest(".note").dataset.note);
    button.setAttribute("aria-pressed", String(mine));
    button.closest(".note").classList.toggle("is-held", mine);
  }
  document.documentElement.classList.toggle("holding", held.size > 0);
  bar.hidden = held.size === 0;
  if (!held.size) return;
  byId("held-words").textContent = say("wall.held_notes", { count: held.size, words: noteOf([...held][0]).wording });
  const chosen = into.value;
  const named = [...wall().groups].sort((one, other) => collator.compare(one.title, other.title));
  into.replaceChildren(...named.map((one) => make("option", { value: one.problem_id, text: `${one.title} · ${one.votes}` })));
  if (named.some((one) => one.problem_id === chosen)) into.value = chosen;
}
