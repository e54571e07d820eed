// The ground of the field app: sites of the plan, objects, where the phone is and how surely.
import { Marker } from "maplibre-gl";
import { bounds } from "./field_along.js";
import { ring } from "./field_place.js";
import { featureLayers, openGround } from "./ground.js";
import { say } from "./words.js";

const empty = { type: "FeatureCollection", features: [] };
const feature = (row, properties) => ({ type: "Feature", geometry: row.geometry, properties });
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * Open the map: `pick(id)` is called for a tapped site, `tap(lonlat)` for any other place.
 * Returns `{ here(fix), placed(lonlat), choose(id), middle() }`; null where this phone can show no map.
 */
export async function openSites(element, along, { sites, pick, tap, centre }) {
  const box = bounds([...sites, ...along.features].map((row) => row.geometry)) ?? bounds(along.settlements.map((row) => row.geometry));
  let map;
  try {
    map = await openGround(element, centre ? { centre, zoom: 15 } : { bounds: box ?? undefined });
    map.addSource("features", { type: "geojson", data: { ...empty, features: along.features.map((row) => feature(row, { id: row.id, kind: row.kind })) } });
    for (const layer of await featureLayers("features")) map.addLayer(layer);
  } catch (error) {
    element.replaceChildren(say("visiting.map.none"));
    console.warn(error);
    return null;
  }
  const lake = colour("--lake"), felt = colour("--felt"), paper = colour("--card");
  map.addSource("ring", { type: "geojson", data: empty });
  map.addLayer({ id: "ring", type: "fill", source: "ring", paint: { "fill-color": lake, "fill-opacity": 0.15 } });
  map.addLayer({ id: "ring-edge", type: "line", source: "ring", paint: { "line-color": lake, "line-width": 2, "line-dasharray": [2, 1] } });
  map.addSource("sites", { type: "geojson", data: { ...empty, features: sites.map((row) => feature(row, { id: row.id })) }, promoteId: "id" });
  const chosen = ["boolean", ["feature-state", "chosen"], false];
  map.addLayer({ id: "sites-line", type: "line", source: "sites", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": felt, "line-width": ["case", chosen, 7, 3.5] } });
  map.addLayer({ id: "sites-point", type: "circle", source: "sites", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": ["case", chosen, felt, paper], "circle-stroke-color": felt, "circle-stroke-width": 3, "circle-radius": ["case", chosen, 11, 8] } });
  map.on("click", ({ point, lngLat }) => {
    const reach = 14;
    const [hit] = map.queryRenderedFeatures([[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]], { layers: ["sites-point", "sites-line"] });
    if (!tap(lngLat.toArray()) && hit) pick(hit.properties.id);
  });
  return handles(map, sites, box);
}

function handles(map, sites, box) {
  let dot = null, pin = null, marked = null, hasMoved = false;
  const mark = (kind) => {
    const element = document.createElement("div");
    element.className = kind;
    return new Marker({ element, anchor: kind === "pin" ? "bottom" : "center" });
  };
  return {
    map,
    here(fix) {
      dot ??= mark("dot").setLngLat(fix.lonlat).addTo(map);
      dot.setLngLat(fix.lonlat);
      map.getSource("ring").setData({ ...empty, features: [feature({ geometry: ring(fix.lonlat, fix.accuracy) }, {})] });
      // Far from everything in the plan, both are shown together once; near it, the phone's place is the middle.
      if (hasMoved) return;
      hasMoved = true;
      const [lon, lat] = fix.lonlat;
      const isNear = box && lon > box[0] - 0.05 && lon < box[2] + 0.05 && lat > box[1] - 0.05 && lat < box[3] + 0.05;
      if (isNear) map.jumpTo({ center: fix.lonlat, zoom: Math.max(map.getZoom(), 15) });
    },
    placed(lonlat) {
      pin ??= mark("pin").setLngLat(lonlat).addTo(map);
      pin.setLngLat(lonlat);
    },
    unplaced() { pin?.remove(); pin = null; },
    choose(id) {
      if (marked) map.setFeatureState({ source: "sites", id: marked }, { chosen: false });
      marked = sites.some((row) => row.id === id) ? id : null;
      if (marked) map.setFeatureState({ source: "sites", id: marked }, { chosen: true });
    },
    middle: () => map.getCenter().toArray(),
    close: () => map.remove(),
  };
}
