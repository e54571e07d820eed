// Stage 6: the plan, table and map in one. What is shown comes from the server; what is done here is told to it.
import * as acts from "./plan_acts.js";
import { offerAnswers } from "./plan_answers.js";
import { board, refresh, steps } from "./plan_board.js";
import { letDrag } from "./plan_drag.js";
import { keepFields } from "./plan_fields.js";
import { openPlanMap } from "./plan_map.js";
import { beginDrawing, endDrawing, fillObjects, isDrawing, placeActivity, placeAt, point, readCoordinates } from "./plan_place.js";
import { listenToWorkbook } from "./plan_workbook.js";
import { complain } from "./notices.js";
import { get } from "./requests.js";
import { say } from "./words.js";

const root = document.getElementById("board");
root.classList.add("is-scripted");
const row = (id) => document.getElementById(`row-${id}`);
const visit = (address) => refresh(address, { push: true }).catch(complain);

function show(what) {
  root.classList.toggle("shows-map", what === "map");
  root.classList.toggle("shows-table", what !== "map");
  for (const one of root.querySelectorAll("[data-show]")) one.setAttribute("aria-pressed", String(one.dataset.show === what));
  map?.map.resize();
}

function light(id) {
  if (isDrawing()) return;
  for (const one of root.querySelectorAll(".activity.is-lit")) one.classList.remove("is-lit");
  if (id) row(id)?.classList.add("is-lit");
  map?.light(id);
}

function open(id) {
  const address = new URL(location.href);
  address.searchParams.set("open", id);
  return refresh(address.href, { push: true }).then(() => row(id)?.querySelector(".title").focus()).catch(complain);
}

let map = null;
show("table");

function goTo(id) {
  const one = board.now.activities.find((other) => other.id === id);
  const village = board.now.villages.find((other) => other.id === one?.village);
  light(id);
  if (map && (one?.geometry || village)) {
    show("map");
    map.go(one.geometry ?? village.lonlat);
  }
}

function goToProblem(id) {
  const one = board.now.problems.find((other) => other.id === id);
  if (map && one) {
    show("map");
    map.go(one.lonlat);
  }
  document.getElementById(`problem-${id}`)?.scrollIntoView({ block: "nearest" });
}

for (const [kind, leave] of [["mouseover", false], ["focusin", false], ["mouseleave", true]]) {
  root.addEventListener(kind, (event) => light(leave ? null : event.target.closest?.(".activity, .editor")?.dataset.activity ?? map?.lit ?? null));
}

root.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  const editor = at(".editor");
  let hit;
  if (event.metaKey || event.ctrlKey) return;
  if ((hit = at("a.title, a[data-visit], .editor-foot a, .plans a, .side-by-side a"))) {
    event.preventDefault();
    visit(hit.href);
  } else if ((hit = at("[data-show]"))) show(hit.dataset.show);
  else if ((hit = at(".to-stage"))) acts.once(hit, () => acts.setStage(hit.closest(".status-form"), hit.dataset.stage, hit.textContent.trim()));
  else if ((hit = at(".take-back"))) acts.once(hit, () => acts.takeStageBack(editor, hit.dataset));
  else if ((hit = at(".contributions .remove"))) acts.once(hit, () => acts.removeSum(hit.closest("li")));
  else if ((hit = at(".keep-promise"))) acts.once(hit, () => acts.keepPromise(hit.closest("li")));
  else if ((hit = at(".unlink"))) acts.once(hit, () => acts.unlink(hit.closest("li")));
  else if ((hit = at(".withdraw"))) acts.once(hit, () => acts.withdraw(editor));
  else if ((hit = at("#publish"))) acts.once(hit, () => acts.publish(hit.dataset.shown === "true"));
  else if ((hit = at("[data-draw]"))) {
    if (hit.dataset.draw === "whole") acts.once(hit, () => wholeVillage(editor.dataset.activity));
    else if (map) beginDrawing(map.map, editor.dataset.activity, hit.dataset.draw);
  }
});

async function wholeVillage(id) {
  const { settlement_id: village } = (await get(`/api/v1/activities/${id}`)).body.properties;
  await placeActivity(id, null, { coverage: village ? "settlement" : "municipality" });
}

const SENT = {
  "add-contribution": (form) => acts.addSum(form, form.closest(".editor").dataset.activity),
  "add-link": (form) => acts.link(form.elements.problem.value, form.closest(".editor").dataset.activity),
  "add-activity": async (form) => { const id = await acts.addActivity(form); await open(id); },
  "add-task": acts.addTask,
  "add-goal": acts.addGoal,
  "next-step": acts.enterStep,
  "step-back": acts.takeStepBack,
  "by-name": async (form) => {
    const fault = await placeAt(form.closest(".editor").dataset.activity, form.elements.object.value);
    if (fault) throw { detail: fault };
  },
  "by-coordinates": async (form) => {
    const lonlat = readCoordinates(form.elements.lonlat.value);
    if (!lonlat) throw { detail: say("plan_page.coordinates_wrong") };
    await placeActivity(form.closest(".editor").dataset.activity, point(lonlat));
  },
};

root.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches(".filters")) {
    event.preventDefault();
    visitFiltered(form);
    return;
  }
  const send = SENT[form.className];
  if (!send) return;
  event.preventDefault();
  acts.once(form, () => send(form));
});

root.addEventListener("change", (event) => { if (event.target.closest(".filters")) visitFiltered(event.target.form); });

function visitFiltered(form) {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (value) address.searchParams.set(name, value);
  visit(address.href);
}

root.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".answer") && event.target.open) offerAnswers(event.target.querySelector(".answer-form")).catch(complain);
}, true);

root.addEventListener("focusin", (event) => {
  const list = event.target.list;
  if (list && !list.options.length) {
    list.dataset.morph = "keep";
    fillObjects(list).catch(complain);
  }
});

keepFields(root);
listenToWorkbook(root);
steps.listen();
addEventListener("showmap", () => show("map"));
document.addEventListener("showmap", () => show("map"));
document.addEventListener("boardchange", () => { endDrawing({ unless: board.now.activities }); map?.show(board.now); });
document.addEventListener("themechange", () => location.reload());

// Without a map the table, the money and the stages are there all the same.
const ground = openPlanMap(document.getElementById("map"), board.now, {
  lit: light,
  picked: (id) => { if (!isDrawing()) { show("table"); open(id).then(() => row(id)?.scrollIntoView({ block: "center" })); } },
  problem: goToProblem,
  moved: (id, lonlat) => placeActivity(id, point(lonlat)).catch((error) => { complain(error); map.show(board.now); }),
});
map = await ground.catch((error) => { complain(error); return null; });

letDrag(root, {
  over: (x, y, kind) => {
    const under = document.elementFromPoint(x, y);
    if (kind === "activity") return map && under?.closest("#map");
    return under?.closest(".activity, .pin[data-activity]");
  },
  dropped: (source, x, y, target) => {
    if (!target) return;
    const id = source.closest("[data-activity], [data-problem]").dataset;
    if (source.dataset.drag === "activity") placeActivity(id.activity, point(map.under(x, y))).catch(complain);
    else acts.link(id.problem, target.dataset.activity).catch(complain);
  },
  pressed: (source) => {
    const { activity, problem } = source.closest("[data-activity], [data-problem]").dataset;
    if (problem && source.dataset.drag === "problem") goToProblem(problem);
    else goTo(activity);
  },
});

document.documentElement.dataset.ready = "1";
