// The plan on the ground: each activity where it is, a village's own in its middle, problems without an answer in red.
import { LngLat, LngLatBounds, Marker } from "maplibre-gl";
import { featureLayers, openGround } from "./ground.js";
import { Piles } from "./plan_piles.js";
import { say } from "./words.js";

const AROUND_M = 520; // of the village about a point, which is seen with it
const STATUS_COLOURS = { planned: "--stone", funded: "--lake", under_way: "--apricot", done: "--pasture", stopped: "--felt" };

/** Open the map; `told.lit(id or null)`, `told.picked(id)`, `told.moved(id, lonlat)` hear what people do on it. */
export async function openPlanMap(element, now, told) {
  const map = await openGround(element, { bounds: boundsOf(now), maxZoom: 20 });
  map.addSource("features", { type: "vector", tiles: [`${location.origin}/ogc/collections/features/tiles/WebMercatorQuad/{z}/{y}/{x}`], maxzoom: 16 });
  for (const layer of await featureLayers("features", { sourceLayer: "features" })) map.addLayer(layer);
  map.addSource("plan", { type: "geojson", data: collection([]) });
  const colour = ["match", ["get", "status"], ...Object.entries(STATUS_COLOURS).flatMap(([stage, token]) => [stage, colourOf(token)]), colourOf("--stone")];
  map.addLayer({ id: "plan-area", type: "fill", source: "plan", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour, "fill-opacity": 0.25 } });
  map.addLayer({ id: "plan-line", type: "line", source: "plan", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour, "line-width": ["case", ["==", ["get", "id"], ["global-state", "lit"]], 7, 4] } });
  return new PlanMap(map, now, told);
}

class PlanMap {
  #pins = new Map();
  constructor(map, now, told) {
    Object.assign(this, { map, told, lit: null, piles: new Piles(map) });
    for (const layer of ["plan-area", "plan-line"]) {
      map.on("click", layer, (event) => told.picked(event.features[0].properties.id));
      map.on("mousemove", layer, (event) => told.lit(event.features[0].properties.id));
      map.on("mouseleave", layer, () => told.lit(null));
    }
    map.getContainer().addEventListener("keydown", (event) => this.#walk(event));
    for (const moved of ["moveend", "resize"]) map.on(moved, () => this.#lay());
    this.show(now);
  }

  /** Lay the signs out so that none covers another. */
  #lay() {
    if (!this.map.getContainer().offsetWidth) return; // on a phone the table is shown first
    const pins = [...this.#pins.values()];
    for (const pin of pins.filter((one) => !one.width)) {
      pin.marker.getElement().hidden = false;
      pin.width = pin.marker.getElement().offsetWidth;
    }
    this.piles.lay(pins);
    this.#reach();
    this.light(this.lit);
  }

  /** What can be gone to by keys: one of them with Tab, the others from there with the arrows. */
  #reach() {
    const all = this.#signs;
    const now = all.find((one) => one === document.activeElement) ?? all[0];
    for (const one of all) one.tabIndex = one === now ? 0 : -1;
  }

  get #signs() {
    const single = [...this.#pins.values()].map(({ marker }) => marker.getElement()).filter((one) => !one.hidden);
    return [...single, ...this.piles.signs.map(({ element }) => element)];
  }

  /** Draw what the plan is now. */
  show(now) {
    const shapes = now.activities.filter((one) => one.geometry);
    this.map.getSource("plan").setData(collection(shapes.map((one) => ({ type: "Feature", geometry: one.geometry, properties: { id: one.id, status: one.status } }))));
    const wanted = new Map();
    for (const one of shapes) wanted.set(one.id, { lonlat: middleOf(one.geometry), text: one.number, title: `${one.number}. ${one.title}`, name: `pin ${one.status}`, id: one.id, moves: now.mayWrite && one.geometry.type === "Point" && one.drawn });
    for (const village of now.villages) {
      const here = now.activities.filter((one) => !one.geometry && one.coverage === "settlement" && one.village === village.id);
      if (here.length) wanted.set(`village-${village.id}`, { lonlat: village.lonlat, text: say("plan_page.villages_here", { village: village.name, numbers: here.map((one) => one.number).join(", ") }), title: here.map((one) => `${one.number}. ${one.title}`).join("\n"), name: "pin whole", id: here[0].id });
    }
    for (const one of now.problems) wanted.set(`problem-${one.id}`, { lonlat: one.lonlat, text: one.unanswered ? "!" : "✓", title: `${one.title} · ${say("plan_page.votes", { count: one.votes })}`, name: `pin problem ${one.unanswered ? "" : "answered"}`, problem: one.id });
    for (const [key, pin] of this.#pins) if (!wanted.has(key) || JSON.stringify(wanted.get(key)) !== pin.key) { pin.marker.remove(); this.#pins.delete(key); }
    for (const [key, pin] of wanted) if (!this.#pins.has(key)) this.#pins.set(key, this.#made(pin));
    this.#lay();
  }

  #made(pin) {
    const marker = this.#pin(pin);
    const { id, problem, lonlat, title } = pin;
    const pick = () => (problem ? this.told.problem(problem) : this.told.picked(id));
    return { key: JSON.stringify(pin), marker, id, lonlat, spoken: title, pick, width: 0 };
  }

  #pin({ lonlat, text, title, name, id, problem, moves }) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = name;
    element.textContent = text;
    element.title = title;
    const spoken = title.startsWith(text) ? title : `${text} ${title}`; // what is read begins with what is seen
    element.setAttribute("aria-label", spoken);
    if (id) element.dataset.activity = id;
    if (problem) element.dataset.problem = problem;
    const marker = new Marker({ element, draggable: Boolean(moves) }).setLngLat(lonlat).addTo(this.map);
    element.setAttribute("aria-label", spoken); // the marker gave it one of its own
    let dragged = false;
    marker.on("dragstart", () => { dragged = true; });
    marker.on("dragend", () => { const at = marker.getLngLat(); this.told.moved(id, [at.lng, at.lat]); setTimeout(() => { dragged = false; }); });
    element.addEventListener("click", (event) => { event.stopPropagation(); if (!dragged) (problem ? this.told.problem(problem) : this.told.picked(id)); });
    for (const [kind, value] of [["pointerenter", id], ["focus", id], ["pointerleave", null], ["blur", null]]) element.addEventListener(kind, () => id && this.told.lit(value));
    return marker;
  }

  /** Mark an activity; null marks none. */
  light(id) {
    this.lit = id;
    this.map.setGlobalStateProperty("lit", id ?? "");
    for (const { marker } of this.#pins.values()) marker.getElement().classList.toggle("is-lit", Boolean(id) && marker.getElement().dataset.activity === id);
    for (const { element, ids } of this.piles.signs) element.classList.toggle("is-lit", Boolean(id) && ids.includes(id));
  }

  /** Go to where an activity or a problem is. */
  go(lonlatOrGeometry) {
    const bounds = boundsOfGeometry(lonlatOrGeometry.type ? lonlatOrGeometry : { type: "Point", coordinates: lonlatOrGeometry });
    this.map.fitBounds(bounds, { padding: 80, maxZoom: 16, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches, duration: 500 });
  }

  /** Return lon and lat under a point of the window, null beside the map. */
  under(x, y) {
    const box = this.map.getContainer().getBoundingClientRect();
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) return null;
    const at = this.map.unproject([x - box.left, y - box.top]);
    return [at.lng, at.lat];
  }

  #walk(event) {
    const from = document.activeElement?.closest?.(".pin");
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!from || !step) return;
    event.preventDefault();
    event.stopPropagation();
    const all = this.#signs;
    const next = all[(all.indexOf(from) + step + all.length) % all.length];
    for (const one of all) one.tabIndex = one === next ? 0 : -1;
    next.focus();
  }
}

const about = (lonlat) => LngLatBounds.fromLngLat(LngLat.convert(lonlat), AROUND_M);
const collection = (features) => ({ type: "FeatureCollection", features });
const colourOf = (token) => getComputedStyle(document.documentElement).getPropertyValue(token).trim();

function* pointsOf(geometry) {
  if (geometry.type === "GeometryCollection") for (const one of geometry.geometries) yield* pointsOf(one);
  else yield* geometry.coordinates.flat(Infinity).reduce((all, value, at, flat) => (at % 2 ? all : [...all, [value, flat[at + 1]]]), []);
}

function boundsOfGeometry(geometry) {
  const bounds = new LngLatBounds();
  for (const point of pointsOf(geometry)) bounds.extend(point);
  return bounds;
}

function middleOf(geometry) {
  if (geometry.type === "Point") return geometry.coordinates;
  const points = [...pointsOf(geometry)];
  if (geometry.type.endsWith("LineString")) return points[Math.floor(points.length / 2)];
  return boundsOfGeometry(geometry).getCenter().toArray();
}

function boundsOf(now) {
  const bounds = new LngLatBounds();
  for (const { geometry } of now.activities) if (geometry) bounds.extend(geometry.type === "Point" ? about(geometry.coordinates) : boundsOfGeometry(geometry));
  for (const one of now.villages) if (one.id === now.settlement) bounds.extend(one.lonlat);
  for (const one of now.problems) bounds.extend(about(one.lonlat));
  if (bounds.isEmpty()) bounds.extend([now.lonlat[0] - 0.01, now.lonlat[1] - 0.01]).extend([now.lonlat[0] + 0.01, now.lonlat[1] + 0.01]);
  return bounds.toArray().flat();
}
