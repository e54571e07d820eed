// The wall as people see it: felt patches with a big count, and the notes on them. Words are always text.
import { count, remove, rename, reword } from "./problems_deeds.js";
import { make } from "./elements.js";
import { data, number, say } from "./words.js";

const MOST_TICKS = 60;

/** Draw groups into a list. Elements stay those that they are, so that nobody loses their place. */
export function draw(list, groups, { sorted = false, touched = () => {} } = {}) {
  const kept = new Map([...list.querySelectorAll(":scope > .group[data-problem]")].map((one) => [one.dataset.problem, one]));
  const notes = new Map([...list.querySelectorAll(".note[data-note]")].map((one) => [one.dataset.note, one]));
  const focused = document.activeElement;
  const order = sorted ? groups : inPlace(groups, kept);
  for (const old of [...list.children]) if (!old.dataset.problem) old.remove();
  let at = list.firstElementChild;
  for (const group of order) {
    let element = kept.get(group.problem_id);
    kept.delete(group.problem_id);
    if (!element) {
      element = newGroup(group);
      touched(element);
    }
    if (element === at) at = at.nextElementSibling;
    else list.insertBefore(element, at);
    fill(element, group, notes);
  }
  for (const gone of kept.values()) gone.remove();
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}

/** Groups that are there keep their place; new ones come first, where the eye is after writing. */
function inPlace(groups, kept) {
  const place = new Map([...kept.keys()].map((problem, index) => [problem, index]));
  const fresh = groups.filter((one) => !place.has(one.problem_id)).reverse();
  return [...fresh, ...groups.filter((one) => place.has(one.problem_id)).sort((one, other) => place.get(one.problem_id) - place.get(other.problem_id))];
}

function newGroup(group) {
  const rank = make("span", { className: "rank" }, make("span", {}), make("span", { className: "elsewhere" }));
  const title = make("h2", { className: "group-title" });
  const head = make("div", { className: "group-head" }, make("strong", { className: "votes" }), make("div", { className: "group-name" }, rank, title));
  const ticks = make("span", { className: "ticks", ariaHidden: "true" });
  const list = make("ol", { className: "notes", dataProblem: group.problem_id });
  const element = make("li", { className: "group", dataProblem: group.problem_id }, head, ticks, list);
  if (data.may_write) {
    const edit = make("button", { type: "button", className: "plain rename", text: "✎", ariaLabel: say("wall.rename"), title: say("wall.rename") });
    edit.addEventListener("click", () => editor(title, { label: say("wall.rename"), save: (words, seen, how) => rename(element.dataset.problem, words, seen, how) }));
    head.append(edit);
    element.append(make("button", { type: "button", className: "secondary here", dataInto: group.problem_id, text: say("wall.here") }));
  }
  return element;
}

function fill(element, group, known) {
  element.classList.toggle("priority", group.is_priority);
  element.classList.toggle("single", group.notes.length === 1 && group.notes[0].wording === group.title);
  set(element.querySelector(".votes"), number(group.votes));
  element.querySelector(".votes").setAttribute("aria-label", say("wall.votes", { votes: group.votes }));
  const title = element.querySelector(".group-title");
  if (!title.dataset.editing) set(title, group.title);
  set(element.querySelector(".rank").firstChild, group.votes ? say(group.is_tied ? "wall.rank_tied" : "wall.rank", { rank: group.rank }) : "");
  set(element.querySelector(".elsewhere"), group.votes_elsewhere ? ` · ${say("wall.elsewhere", { votes: group.votes_elsewhere })}` : "");
  element.setAttribute("aria-label", `${group.title}: ${say("wall.votes", { votes: group.votes })}`);
  const ticks = element.querySelector(".ticks");
  const wanted = Math.min(group.votes, MOST_TICKS);
  while (ticks.childElementCount > wanted) ticks.lastElementChild.remove();
  while (ticks.childElementCount < wanted) ticks.append(document.createElement("i"));
  const list = element.querySelector(".notes");
  let at = list.firstElementChild;
  const stay = new Set(group.notes.map((one) => one.id));
  for (const note of group.notes) {
    const made = known.get(note.id) ?? newNote(note.id);
    while (at && !stay.has(at.dataset.note)) { const gone = at; at = at.nextElementSibling; gone.remove(); }
    if (made === at) at = at.nextElementSibling;
    else list.insertBefore(made, at);
    fillNote(made, note);
  }
  while (at) { const gone = at; at = at.nextElementSibling; gone.remove(); }
}

function newNote(id) {
  const words = make("p", { className: "words" });
  const pile = make("strong", { className: "pile" });
  const face = make("div", { className: "face" }, words, pile);
  const element = make("li", { className: "note", dataNote: id }, face);
  if (!data.may_write) return element;
  const show = (votes) => set(pile, votes);
  const deed = (key, text, press, className = "plain") => make("button", { type: "button", className, text, ariaLabel: say(key), title: say(key), on: { click: press } });
  element.append(make("div", { className: "deeds" },
    deed("wall.fewer", "−", () => count(id, -1, show)),
    deed("wall.more", "+", () => count(id, 1, show)),
    make("button", { type: "button", className: "plain hold", text: "✥", ariaPressed: "false", title: say("wall.hold") }),
    deed("wall.edit", "✎", () => editor(words, { label: say("wall.edit"), save: (text, seen, how) => reword(id, text, seen, how) })),
    deed("wall.remove", "×", () => remove(id))));
  return element;
}

function fillNote(element, note) {
  const words = element.querySelector(".words");
  if (!words.dataset.editing) set(words, note.wording);
  set(element.querySelector(".pile"), number(note.votes));
  element.querySelector(".pile").setAttribute("aria-label", say("wall.votes", { votes: note.votes }));
  element.classList.toggle("many", note.votes > 1);
  element.querySelector(".hold")?.setAttribute("aria-label", `${say("wall.hold")}: ${note.wording}`);
}

const set = (element, text) => { if (element.textContent !== text) element.textContent = text; };

/** Edit words where they stand: Enter saves, Escape leaves them; if somebody changed them meanwhile both are shown. */
function editor(words, { label, save }) {
  if (words.dataset.editing) return;
  const seen = words.textContent;
  words.dataset.editing = "1";
  const field = make("textarea", { className: "in-place", value: seen, rows: 2, maxLength: 500, ariaLabel: label });
  words.replaceChildren(field);
  field.focus();
  field.select();
  let over = false;
  const leave = (text) => {
    over = true;
    delete words.dataset.editing;
    words.replaceChildren(text);
    words.parentElement.closest("li")?.querySelector("button")?.focus({ preventScroll: true });
  };
  const finish = async () => {
    if (over) return;
    const text = field.value.trim().replace(/\s+/g, " ");
    if (!text || text === seen) { leave(seen); return; }
    over = true;
    const theirs = await save(text, seen, {});
    if (theirs === undefined) { leave(text); return; }
    const choose = (how, key) => make("button", { type: "button", className: "secondary", text: say(key), on: { click: how } });
    words.replaceChildren(
      make("span", { className: "both", text: say("wall.theirs", { words: theirs }) }), choose(() => leave(theirs), "wall.keep_theirs"),
      make("span", { className: "both", text: say("wall.mine", { words: text }) }), choose(async () => { await save(text, seen, { anyway: true }); leave(text); }, "wall.keep_mine"));
    words.querySelector("button").focus();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); finish(); }
    if (event.key === "Escape") { event.stopPropagation(); leave(seen); }
  });
  field.addEventListener("blur", finish);
}
