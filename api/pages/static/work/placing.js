// A sheet beside the map: what is done on either side goes to the points, and what becomes of the points is shown on both.
import { featureLayers, openGround } from "./ground.js";
import { complain, tell } from "./notices.js";
import { firstView, Ground } from "./placing_ground.js";
import { PointList } from "./placing_list.js";
import { pictureGlass } from "./placing_loupe.js";
import { Pane } from "./placing_pane.js";
import { Points } from "./placing_points.js";
import { listen } from "./placing_readings.js";
import { meetsPoints, Result } from "./placing_result.js";
import { Saving } from "./placing_saving.js";
import { Trial } from "./placing_trial.js";
import { openSheet, pictureAddress, sheetBounds, zoomOfPixel } from "./sheet_space.js";
import { isTyping } from "./undo.js";
import { data, say } from "./words.js";

const FEWEST = 2;
const by = (id) => document.getElementById(id);
const panes = by("panes");
const points = new Points();
const trial = new Trial();

const sides = {};
// What can be read and typed is there before the maps are.
const list = new PointList({ list: by("points"), empty: by("no-points"), titles: by("titles") }, points, { find });
list.show();

const [sheetMap, groundMap, layers] = await Promise.all([
  openSheet(by("sheet"), data.sheet),
  openGround(by("ground"), firstView(points.complete)),
  featureLayers("features", { sourceLayer: "features" }),
]).catch((error) => { complain(error); throw error; });
const ground = new Ground(groundMap, by("arrows-note"), layers);

const loupeOf = (name) => panes.querySelector(`[data-pane="${name}"] .loupe`);
const longest = Math.min(6000, Math.max(data.sheet.width_px, data.sheet.height_px));
Object.assign(sides, {
  sheet: new Pane("sheet", sheetMap, points, { pick, loupe: loupeOf("sheet"), magnify: pictureGlass(pictureAddress(data.sheet, longest), data.sheet.width_px) }),
  ground: new Pane("ground", groundMap, points, { pick, loupe: loupeOf("ground") }),
});
const result = new Result({ take: (method) => points.choose(method) });
const saving = new Saving(points, { trial: () => trial });

/** A place was clicked: the missing half of a point that was begun, or the beginning of a new one. */
function pick(name, place) {
  const { field } = sides[name].side;
  const begun = points.waiting;
  if (begun) points.alter(begun.id, { [field]: place });
  else points.add({ [field]: place });
  const other = name === "sheet" ? "ground" : "sheet";
  if (points.waiting) turnTo(other);
  sides[name].focus(points.selected);
}

/** On a phone one side is seen at a time. */
function turnTo(name) {
  panes.dataset.shown = name;
  for (const button of document.querySelectorAll(".side")) button.setAttribute("aria-pressed", String(button.dataset.side === name));
  sides[name].map.resize();
}

function find(id) {
  sides.sheet.fly(id, { zoom: zoomOfPixel(1) });
  sides.ground.fly(id, { zoom: 16 });
}

function show() {
  for (const side of Object.values(sides)) side.show();
  list.show();
  by("prompt").textContent = prompt();
  by("undo").disabled = points.steps.length === 0;
  saving.show();
}

function prompt() {
  const begun = points.waiting;
  if (begun?.pixel) return say("georef.prompt.ground", { number: points.numberOf(begun.id) });
  if (begun?.lonlat) return say("georef.prompt.sheet", { number: points.numberOf(begun.id), label: begun.label }).replace(/ +/g, " ");
  const lacking = FEWEST - points.complete.filter((one) => one.enabled).length;
  if (!points.all.length) return say("georef.prompt.start");
  return lacking > 0 ? say("georef.prompt.more", { count: lacking }) : say("georef.prompt.enough");
}

function ask() {
  if (points.complete.filter((one) => one.enabled).length < FEWEST) trial.drop();
  else trial.soon(() => ({ body: points.body, ids: points.complete.map((one) => one.id) }));
}

let asked = "";
points.addEventListener("change", () => {
  show();
  const body = JSON.stringify(points.body);
  if (body === asked) return;
  asked = body;
  ask();
});
points.addEventListener("select", show);
points.steps.changed = () => { by("undo").disabled = points.steps.length === 0; };

trial.addEventListener("asked", () => document.documentElement.classList.add("asking"));
trial.addEventListener("answer", async ({ detail }) => {
  document.documentElement.classList.remove("asking");
  const { result: found, error, sent, took } = detail;
  // The service numbers the points as they were sent.
  const matched = (found?.points ?? []).map((one) => ({ ...one, id: sent.ids[one.ordinal - 1], sent: sent.body.control_points[one.ordinal - 1] }));
  points.residuals = new Map(matched.map((one) => [one.id, one]));
  points.suspects = new Map(matched.filter((one) => one.is_suspect).map((one) => [one.id, one.reason]));
  const method = found?.methods?.find((one) => one.method === found.method);
  points.isExact = Boolean(found && (!method || meetsPoints(method)));
  result.show({ result: found, error, wanted: points.method });
  ground.showArrows(points.isExact ? [] : matched.filter((one) => one.predicted && one.enabled).map((one) => ({ from: one.sent.lonlat, to: one.predicted, metres: one.residual_m })));
  show();
  await ground.showPreview(found?.overlay ?? null).catch(() => {}); // a picture that cannot be drawn takes nothing away
  document.documentElement.dataset.previewMs = String(Math.round(took));
});

points.steps.listen();
by("undo").addEventListener("click", () => points.steps.back());
by("add").addEventListener("click", () => list.focus(points.add({}).id, "label"));
by("opacity").addEventListener("input", () => ground.setOpacity(by("opacity").value / 100));
by("fit").addEventListener("click", () => {
  sheetMap.fitBounds(sheetBounds(data.sheet), { padding: 16, animate: false });
  const view = ground.bounds ? { bounds: ground.bounds } : firstView(points.complete);
  if (view.bounds) groundMap.fitBounds(view.bounds, { padding: 40, animate: false });
  else groundMap.jumpTo({ center: view.centre, zoom: view.zoom });
});
// Objects of a sheet that is placed already would hide what it is placed by.
ground.showFeatures(by("show-features").checked);
by("show-features").addEventListener("change", () => ground.showFeatures(by("show-features").checked));
for (const button of document.querySelectorAll(".side")) button.addEventListener("click", () => turnTo(button.dataset.side));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || isTyping(event.target)) return;
  if (points.waiting) points.remove(points.waiting.id);
  else points.select(null);
});
listen(points);

by("others").replaceChildren(...data.others.map((other) => {
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox" });
  box.addEventListener("change", () => ground.showOther(other, box.checked));
  label.append(box, ` ${other.title}, ${other.day}`);
  return label;
}));

const kept = Points.kept();
if (kept && kept.version === data.version) {
  points.takeUp(kept);
  tell(say("georef.taken_up"), { undo: () => points.steps.back() });
} else {
  points.told();
  if (kept) {
    const notice = tell(say("georef.old_draft"), { stays: 600_000 });
    for (const [words, press] of [[say("georef.use_mine"), () => points.takeUp(kept)], [say("georef.forget_mine"), () => Points.forget()]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
      button.addEventListener("click", () => { press(); notice.remove(); });
      notice.append(button);
    }
  }
}
document.documentElement.dataset.ready = "1";
