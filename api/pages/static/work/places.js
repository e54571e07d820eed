// Problems on the map: dropped there, drawn, or put at the middle of the map by keys; pins show their votes.
import { Marker } from "maplibre-gl";
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { featureLayers, openGround } from "./ground.js";
import { make } from "./elements.js";
import { complain } from "./notices.js";
import { propose, showLinks } from "./places_links.js";
import { anchor, bounds, corners, onPlaced, placeProblem, placeWords, problems, steps } from "./places_store.js";
import { get } from "./requests.js";
import { data, number, say } from "./words.js";

const byId = (id) => document.getElementById(id);
const list = byId("places");
const element = (id) => list.querySelector(`[data-problem="${CSS.escape(id)}"]`);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const MODES = { point: "point", line: "linestring", area: "polygon" };
const pins = new Map();
let chosen = null;
let drawing = null;
let map = null;
let isMapless = false;

const shapes = () => ({
  type: "FeatureCollection",
  features: [...problems.values()].filter((one) => one.geometry && !one.geometry.type.includes("Point")).map((one) => ({ type: "Feature", geometry: one.geometry, properties: { chosen: one.id === chosen } })),
});

function drawOne(id) {
  const problem = problems.get(id);
  const card = element(id);
  card.classList.toggle("unplaced", !problem.geometry);
  card.querySelector(".where-is").textContent = placeWords(problem.geometry);
  const left = [...problems.values()].filter((one) => !one.geometry).length;
  byId("left-count").textContent = left ? say("pins.left", { count: left }) : say("pins.all_placed");
  pins.get(id)?.remove();
  pins.delete(id);
  if (!map) return;
  map.getSource("problems").setData(shapes());
  if (!problem.geometry) return;
  // A picture for whoever points: the card beside it does the same by keys, and three hundred pins are no stops on the way.
  const pin = make("div", { role: "img", className: "pin", text: number(problem.votes), ariaLabel: say("pins.pin", { title: problem.title, votes: problem.votes }), title: problem.title, on: { click: () => choose(id, { scroll: true }) } });
  pin.classList.toggle("is-chosen", id === chosen);
  pins.set(id, new Marker({ element: pin, anchor: "bottom-left" }).setLngLat(anchor(problem.geometry)).addTo(map));
}

/** Open a problem's card: what can be done with its place, and what it is linked to. */
function choose(id, { scroll = false } = {}) {
  stopDrawing();
  const again = chosen === id && !scroll;
  for (const card of list.querySelectorAll(".is-chosen")) {
    card.classList.remove("is-chosen");
    card.querySelector(".choose").setAttribute("aria-expanded", "false");
    card.querySelector(".panel")?.remove();
  }
  chosen = again ? null : id;
  for (const [one, marker] of pins) marker.getElement().classList.toggle("is-chosen", one === chosen);
  map?.getSource("problems").setData(shapes());
  if (!chosen) return;
  const card = element(id);
  card.classList.add("is-chosen");
  card.querySelector(".choose").setAttribute("aria-expanded", "true");
  card.append(panel(id));
  if (scroll) card.scrollIntoView({ block: "nearest" });
  const { geometry } = problems.get(id);
  if (geometry && map) {
    const [west, east, south, north] = bounds(geometry);
    map.fitBounds([west, south, east, north], { padding: 80, maxZoom: Math.max(map.getZoom(), 15), duration: 300 });
  }
}

function panel(id) {
  const links = make("ol", { className: "links" });
  const point = (feature) => flash(feature);
  const press = (key, how, className = "secondary") => make("button", { type: "button", className, text: say(key), on: { click: how } });
  const place = (geometry) => placeProblem(id, geometry).catch(complain);
  const tools = data.may_write ? [make("h3", { text: say("pins.place") }), make("div", { className: "row" },
    ...(isMapless ? [] : [press("pins.point", () => draw(id, "point")), press("pins.line", () => draw(id, "line")), press("pins.area", () => draw(id, "area"))]),
    press("pins.whole", () => place(data.outline)),
    ...(isMapless ? [] : [press("pins.middle", () => place({ type: "Point", coordinates: map.getCenter().toArray().map((one) => Number(one.toFixed(7))) }))]),
    ...(problems.get(id).geometry ? [press("pins.take_off", () => place(null))] : []))] : [];
  const ask = press("pins.propose", async () => {
    ask.disabled = true;
    try { await propose(id); await showLinks(links, id, point); } catch (error) { complain(error); } finally { ask.disabled = false; }
  });
  showLinks(links, id, point).catch(complain);
  return make("div", { className: "panel" }, ...tools, make("h3", { text: say("pins.links") }), links, ...(data.may_link ? [make("div", { className: "row" }, ask)] : []));
}

/** Show an object on the map for a moment. */
async function flash(feature) {
  const { body } = await get(`/api/v1/map-features/${feature}`);
  if (!map || !body.geometry) return;
  map.getSource("pointed").setData(body.geometry);
  const [west, east, south, north] = bounds(body.geometry);
  map.fitBounds([west, south, east, north], { padding: 120, maxZoom: 17, duration: 300 });
}

function draw(id, shape) {
  stopDrawing();
  const tool = new TerraDraw({ adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 7 }), modes: [new TerraDrawPointMode(), new TerraDrawLineStringMode(), new TerraDrawPolygonMode()] });
  tool.start();
  tool.setMode(MODES[shape]);
  const take = (feature) => {
    stopDrawing();
    if (feature) placeProblem(id, feature.geometry).catch(complain);
  };
  tool.on("finish", (made) => take(tool.getSnapshotFeature(made)));
  drawing = tool;
  byId("tool-words").textContent = say(`pins.how.${shape}`, { title: problems.get(id).title });
  byId("map-tools").hidden = false;
  byId("map").scrollIntoView({ block: "nearest" });
}

function stopDrawing() {
  if (!drawing) return;
  drawing.stop();
  drawing = null;
  byId("map-tools").hidden = true;
}

/** A card that is dragged onto the map is placed where it is dropped. */
function droppable(ground) {
  list.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.(".place");
    if (!card) return;
    event.dataTransfer.setData("text/plain", card.dataset.problem);
    event.dataTransfer.effectAllowed = "move";
  });
  ground.addEventListener("dragover", (event) => { event.preventDefault(); ground.classList.add("over"); });
  ground.addEventListener("dragleave", () => ground.classList.remove("over"));
  ground.addEventListener("drop", (event) => {
    event.preventDefault();
    ground.classList.remove("over");
    const id = event.dataTransfer.getData("text/plain");
    if (!problems.has(id)) return;
    const box = ground.getBoundingClientRect();
    const { lng, lat } = map.unproject([event.clientX - box.left, event.clientY - box.top]);
    placeProblem(id, { type: "Point", coordinates: [Number(lng.toFixed(7)), Number(lat.toFixed(7))] }).catch(complain);
  });
}

async function open() {
  const ground = byId("map");
  const at = corners(data.outline);
  const [lon, lat] = [0, 1].map((axis) => at.map((one) => one[axis]));
  map = await openGround(ground, { bounds: [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)], cooperative: true });
  map.addSource("features", { type: "vector", tiles: [`${location.origin}/ogc/collections/features/tiles/WebMercatorQuad/{z}/{y}/{x}`], maxzoom: 16 });
  for (const layer of await featureLayers("features", { sourceLayer: "features" })) map.addLayer(layer);
  map.addSource("problems", { type: "geojson", data: shapes() });
  map.addSource("pointed", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  const felt = colour("--felt");
  map.addLayer({ id: "problem-areas", type: "fill", source: "problems", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": felt, "fill-opacity": ["case", ["get", "chosen"], 0.28, 0.06] } });
  map.addLayer({ id: "problem-lines", type: "line", source: "problems", paint: { "line-color": felt, "line-width": ["case", ["get", "chosen"], 6, 3], "line-dasharray": [2, 1.2] } });
  map.addLayer({ id: "pointed-line", type: "line", source: "pointed", paint: { "line-color": colour("--lake"), "line-width": 7, "line-opacity": 0.7 } });
  map.addLayer({ id: "pointed-point", type: "circle", source: "pointed", paint: { "circle-radius": 16, "circle-color": "transparent", "circle-stroke-width": 5, "circle-stroke-color": colour("--lake") } });
  for (const id of problems.keys()) drawOne(id);
  if (data.may_write) droppable(ground);
}

onPlaced((id) => { drawOne(id); if (chosen === id) { element(id).querySelector(".panel").replaceWith(panel(id)); } });
list.addEventListener("click", (event) => { const card = event.target.closest(".choose")?.closest(".place"); if (card) choose(card.dataset.problem); });
byId("stop").addEventListener("click", stopDrawing);
addEventListener("keydown", (event) => { if (event.key === "Escape") stopDrawing(); });
for (const id of problems.keys()) drawOne(id);
if (data.may_write) {
  steps.changed = () => { byId("undo").disabled = !steps.length; };
  byId("undo").addEventListener("click", () => steps.back());
  steps.listen();
}
await open().catch((error) => { isMapless = true; complain(error); });
document.documentElement.dataset.ready = "1";
