// Where an activity takes place: drawn with Terra Draw, dropped on the map, at a named object, by coordinates.
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { complain, tell } from "./notices.js";
import { board, feature, refresh, steps } from "./plan_board.js";
import { get, patch } from "./requests.js";
import { say } from "./words.js";

const MODES = { point: "point", line: "linestring", area: "polygon" };
let drawing = null;

/** Give an activity another place; the old one can be taken back. */
export async function placeActivity(id, geometry, { coverage } = {}) {
  const before = (await get(`/api/v1/activities/${id}`)).body;
  const old = before.properties;
  const { version, title } = old;
  const values = geometry ? { geometry, coverage: coverage ?? coverageOf(geometry) } : { geometry: null, coverage };
  await patch(`/api/v1/activities/${id}`, feature(values), `"${version}"`);
  const back = async () => {
    const now = (await get(`/api/v1/activities/${id}`)).body.properties;
    await patch(`/api/v1/activities/${id}`, feature({ geometry: before.geometry, coverage: old.coverage }), `"${now.version}"`);
    await refresh();
  };
  const text = say("plan_page.placed", { title });
  steps.note(text, back);
  tell(text, { undo: () => steps.back() });
  await refresh();
}

export const point = (lonlat) => ({ type: "Point", coordinates: lonlat.map((one) => Number(one.toFixed(7))) });

const coverageOf = ({ type }) => (type.includes("Point") ? "point" : type.includes("Line") ? "line" : "area");

/** Begin to draw the place of an activity on the map. */
export function beginDrawing(map, id, shape) {
  endDrawing();
  const tools = document.getElementById("map-tools");
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 7 }),
    modes: [new TerraDrawPointMode(), new TerraDrawLineStringMode(), new TerraDrawPolygonMode()],
  });
  const finish = (made) => {
    const shown = draw.getSnapshot().find((one) => one.id === made) ?? draw.getSnapshot().find((one) => one.geometry.type !== "Point" || shape === "point");
    endDrawing();
    if (shown) placeActivity(id, shown.geometry).catch(complain);
  };
  draw.start();
  draw.setMode(MODES[shape]);
  draw.on("finish", finish);
  const escape = (event) => { if (event.key === "Escape") endDrawing(); };
  addEventListener("keydown", escape);
  drawing = { draw, tools, escape, id, ground: map.getContainer() };
  drawing.ground.classList.add("is-drawn-on");
  const how = document.createElement("p");
  how.textContent = say(`plan_page.draw.how.${shape}`);
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.className = "secondary";
  cancel.textContent = say("plan_page.draw.cancel");
  cancel.addEventListener("click", () => endDrawing());
  tools.replaceChildren(how, cancel);
  tools.hidden = false;
  document.dispatchEvent(new CustomEvent("showmap"));
  map.getContainer().scrollIntoView({ block: "center" });
}

/** Give a drawing up; `unless` its activity is still among some of the plan that was read anew. */
export function endDrawing({ unless = [] } = {}) {
  if (!drawing || unless.some((one) => one.id === drawing.id)) return;
  drawing.draw.stop();
  drawing.tools.hidden = true;
  drawing.ground.classList.remove("is-drawn-on");
  removeEventListener("keydown", drawing.escape);
  drawing = null;
}

export const isDrawing = () => drawing !== null;

let objects = null;

/** Fill the list of the objects that an activity can be put at: villages, then what is on their maps. */
export async function fillObjects(list) {
  const known = await allObjects();
  list.replaceChildren(...[...known.keys()].map((name) => new Option(name, name)));
}

function allObjects() {
  objects ??= readObjects().catch((error) => { objects = null; throw error; });
  return objects;
}

async function readObjects() {
  const known = new Map(board.now.villages.map((one) => [one.name, { lonlat: one.lonlat }]));
  const own = ({ id }) => id === board.now.settlement;
  for (const village of [...board.now.villages].sort((one, other) => own(other) - own(one))) {
    const { body } = await get(`/api/v1/map-features?settlement_id=${village.id}&limit=1000`);
    for (const one of body.features) {
      const { name_ky, name_ru, name_en, layer } = one.properties;
      const name = { ky: name_ky, ru: name_ru, en: name_en }[document.documentElement.lang] || name_ky || name_ru || name_en;
      if (name && one.geometry && layer !== "problem" && layer !== "desired" && !known.has(name)) known.set(name, { feature: one.id });
    }
  }
  return known;
}

/** Put an activity at a named object: at a village's middle, or at the site itself. */
export async function placeAt(id, name) {
  const found = (await allObjects()).get(name.trim());
  if (!found) return say("plan_page.object_unknown", { name });
  if (found.lonlat) await placeActivity(id, point(found.lonlat));
  else {
    const { geometry } = (await get(`/api/v1/map-features/${found.feature}`)).body;
    await placeActivity(id, geometry);
  }
  return "";
}

/** Read coordinates as people write them, latitude first; null where they are none. */
export function readCoordinates(text) {
  const found = text.trim().match(/^(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[;,\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?$/);
  if (!found) return null;
  const [latitude, longitude] = [found[1], found[2]].map((one) => Number(one.replace(",", ".")));
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [longitude, latitude] : null;
}
