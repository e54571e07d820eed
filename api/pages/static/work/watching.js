// Monitoring on a laptop: the map, photos and earlier entries of a visit, agreements done, corrections.
import { make } from "./elements.js";
import { featureLayers, openGround } from "./ground.js";
import { complain, tell } from "./notices.js";
import { ask, get, post } from "./requests.js";
import { correcting } from "./watching_correction.js";
import { data, day, say } from "./words.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const collection = (rows) => ({ type: "FeatureCollection", features: rows.map(({ geometry, ...properties }) => ({ type: "Feature", geometry, properties })) });
const rowsOf = (name) => document.querySelectorAll(name);

function openVisit(id) {
  const row = document.getElementById(`visit-${id}`);
  if (!row) return;
  row.open = true;
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("summary").focus({ preventScroll: true });
}

function corners(rows) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (part) => (typeof part[0] === "number" ? [[0, Math.min], [1, Math.min], [2, Math.max], [3, Math.max]].forEach(([at, least]) => { box[at] = least(box[at], part[at % 2]); }) : part.forEach(take));
  for (const { geometry } of rows) for (const one of geometry.geometries ?? [geometry]) take(one.coordinates);
  return box[0] === Infinity ? undefined : box;
}

async function openMap() {
  const all = [...data.sites, ...data.visits];
  const here = all.filter((one) => one.village === data.settlement);
  const map = await openGround(document.getElementById("map"), { bounds: corners(here.length ? here : all), centre: data.lonlat, cooperative: true });
  await showGround(map);
  map.addSource("sites", { type: "geojson", data: collection(data.sites) });
  map.addSource("visits", { type: "geojson", data: collection(data.visits) });
  const visited = ["boolean", ["get", "is_visited"], false];
  const paint = ["case", visited, colour("--pasture"), colour("--felt")];
  const noPoint = ["!=", ["geometry-type"], "Point"];
  // Not visited is dashed: the colour alone does not tell it.
  map.addLayer({ id: "site-lines", type: "line", source: "sites", filter: ["all", noPoint, visited], paint: { "line-color": paint, "line-width": 4 } });
  map.addLayer({ id: "site-lines-missing", type: "line", source: "sites", filter: ["all", noPoint, ["!", visited]], paint: { "line-color": paint, "line-width": 4, "line-dasharray": [2, 1.2] } });
  map.addLayer({ id: "site-areas", type: "fill", source: "sites", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": paint, "fill-opacity": 0.3 } });
  map.addLayer({ id: "site-points", type: "circle", source: "sites", filter: ["!", noPoint], paint: { "circle-color": ["case", visited, colour("--pasture"), colour("--card")], "circle-radius": 8, "circle-stroke-width": 3, "circle-stroke-color": paint } });
  map.addLayer({ id: "visits", type: "circle", source: "visits", paint: { "circle-color": colour("--card"), "circle-radius": 7, "circle-stroke-width": 3.5, "circle-stroke-color": colour("--lake") } });
  map.on("click", "visits", ({ features }) => openVisit(features[0].properties.id));
  map.on("mouseenter", "visits", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "visits", () => { map.getCanvas().style.cursor = ""; });
  for (const button of rowsOf("[data-site]")) {
    button.addEventListener("click", () => {
      const site = data.sites.find((one) => one.id === button.dataset.site);
      map.fitBounds(corners([site]), { padding: 80, maxZoom: 17, animate: false });
      document.getElementById("map").scrollIntoView({ block: "nearest" });
    });
  }
  offerVillages(map, all);
}

/** What people drew lies quietly below what is monitored; problems and wishes would look like it and stay away. */
async function showGround(map) {
  map.addSource("features", { type: "vector", tiles: [`${location.origin}/ogc/collections/features/tiles/WebMercatorQuad/{z}/{y}/{x}`], maxzoom: 16 });
  const isGround = ["!", ["in", ["get", "kind"], ["literal", ["problem", "desired"]]]];
  for (const layer of await featureLayers("features", { sourceLayer: "features" })) {
    if (layer.type === "symbol" || layer.type === "circle") continue;
    const opacity = `${layer.type}-opacity`;
    const paint = { ...layer.paint, [opacity]: ["*", 0.45, layer.paint?.[opacity] ?? 1] };
    map.addLayer({ ...layer, paint, filter: layer.filter ? ["all", layer.filter, isGround] : isGround });
  }
  map.addSource("villages", { type: "geojson", data: collection(data.villages) });
  map.addLayer({ id: "villages", type: "symbol", source: "villages", maxzoom: 13, layout: { "text-field": ["get", "name"], "text-font": ["Noto Sans", "sans-serif"], "text-size": 14, "text-optional": true }, paint: { "text-color": colour("--ink"), "text-halo-color": colour("--paper"), "text-halo-width": 2 } });
}

/** Villages may lie hours apart: each is gone to by its name, and all are seen at once. */
function offerVillages(map, all) {
  const parts = data.villages.map(({ id, name }) => ({ name, rows: all.filter((one) => one.village === id) })).filter(({ rows }) => rows.length);
  if (parts.length < 2) return;
  const place = document.getElementById("villages");
  for (const { name, rows } of [...parts, { name: say("watching.all_villages"), rows: all }]) {
    place.append(make("button", { type: "button", className: "plain", text: name, on: { click: () => map.fitBounds(corners(rows), { padding: 40, maxZoom: 17, animate: false }) } }));
  }
  place.hidden = false;
}

async function showPictures(row) {
  const { body } = await get(`/api/v1/visit-photos?visit_id=${row.dataset.visit}`);
  row.querySelector("[data-part=pictures]").replaceChildren(...(body.items ?? body.features.map((one) => ({ ...one.properties, id: one.id }))).map((photo) => {
    const link = document.createElement("a");
    link.href = photo.large;
    const picture = document.createElement("img");
    Object.assign(picture, { src: photo.small, alt: photo.caption || say("watching.photo"), loading: "lazy" });
    link.append(picture);
    return link;
  }));
}

async function showChain(row) {
  const place = row.querySelector("[data-part=chain]");
  if (!place) return;
  const { body } = await get(`/api/v1/monitoring-visits/${row.dataset.visit}/chain`);
  place.replaceChildren(...body.features.filter((one) => one.id !== body.latest_id).map(({ properties }) => {
    const entry = document.createElement("div");
    entry.className = "entry";
    const head = document.createElement("p");
    head.className = "quiet";
    head.textContent = say("watching.entry", { number: properties.number, moment: day(properties.created_at) });
    const words = document.createElement("p");
    words.textContent = [properties.actual_quantity === null ? "" : `${properties.actual_quantity} ${properties.quantity_unit}`, properties.summary].filter(Boolean).join(" · ");
    entry.append(head, words);
    return entry;
  }));
}

for (const row of rowsOf("details.visit")) {
  row.addEventListener("toggle", async () => {
    if (!row.open || row.dataset.shown) return;
    row.dataset.shown = "1";
    try {
      await Promise.all([showPictures(row), showChain(row)]);
    } catch (error) {
      delete row.dataset.shown;
      complain(error);
    }
  });
  row.querySelector("[data-do=correct]")?.addEventListener("click", () => correcting(row).catch(complain));
}

for (const row of rowsOf("[data-agreement]")) {
  row.querySelector("[data-do=done]")?.addEventListener("click", async (event) => {
    const press = event.currentTarget;
    press.disabled = true;
    try {
      const entry = (await post("/api/v1/follow-ups", { visit_id: row.dataset.visit, follows_id: row.dataset.agreement, done_on: data.today })).body;
      row.hidden = true;
      tell(say("watching.done"), { undo: async () => {
        try {
          const { etag } = await get(`/api/v1/follow-ups/${entry.id}`);
          await ask("DELETE", `/api/v1/follow-ups/${entry.id}?reason=${encodeURIComponent(say("frame.undo"))}`, { version: etag });
          row.hidden = false;
          press.disabled = false;
        } catch (error) { complain(error); }
      } });
    } catch (error) {
      press.disabled = false;
      complain(error);
    }
  });
}

if (location.hash.startsWith("#visit-")) openVisit(location.hash.slice(7));
await openMap().catch(complain);
document.documentElement.dataset.ready = "1";
