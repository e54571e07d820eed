// A village's first page: its map with what the year's groups drew, and the places of the first problems.
import { featureLayers, openGround } from "./ground.js";
import { complain } from "./notices.js";
import { get } from "./requests.js";
import { data, knows, locale, say } from "./words.js";

const element = document.getElementById("map");
const card = document.getElementById("map-card");
const SOURCE = "features";
const MOST_PAGES = 20;

/** Read every object of the village that the year's events drew, or that belongs to no event. */
async function read() {
  const events = new Set(data.events);
  const found = [];
  let address = `/api/v1/map-features?settlement_id=${data.settlement}&limit=1000`;
  for (let page = 0; address && page < MOST_PAGES; page += 1) {
    const { body } = await get(address);
    found.push(...body.features.filter((one) => one.geometry && (!one.properties.event_id || events.has(one.properties.event_id))));
    address = body.next;
  }
  return { type: "FeatureCollection", features: found };
}

function extent(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (at) => {
    if (typeof at[0] === "number") {
      box[0] = Math.min(box[0], at[0]); box[1] = Math.min(box[1], at[1]);
      box[2] = Math.max(box[2], at[0]); box[3] = Math.max(box[3], at[1]);
    } else at.forEach(take);
  };
  for (const one of features) take(one.geometry.coordinates);
  return box[0] <= box[2] ? box : null;
}

function show(properties) {
  const name = properties[`name_${locale.language}`] || properties.name_ky || properties.name_ru || properties.name_en;
  const kind = knows(`kind.${properties.kind}`) ? say(`kind.${properties.kind}`) : "";
  const words = document.createElement("span");
  const title = document.createElement("b");
  title.textContent = name || kind;
  words.append(title, name ? kind : "");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain";
  close.textContent = "✕";
  close.setAttribute("aria-label", say("frame.close"));
  close.addEventListener("click", () => { card.hidden = true; });
  card.replaceChildren(words, close);
  card.hidden = false;
}

async function begin() {
  // The map opens at the village while its objects are still on their way, and then shows them all.
  const opened = openGround(element, { cooperative: true, centre: data.lonlat, zoom: 14 });
  const [map, drawn, layers] = await Promise.all([opened, read(), featureLayers(SOURCE)]);
  const bounds = extent(drawn.features);
  if (bounds) map.fitBounds(bounds, { padding: 40, maxZoom: 17, animate: false });
  map.addSource(SOURCE, { type: "geojson", data: drawn });
  for (const layer of layers) map.addLayer(layer);
  const ids = map.getStyle().layers.filter((layer) => layer.source === SOURCE).map((layer) => layer.id);
  map.on("click", (event) => {
    const hit = map.queryRenderedFeatures([[event.point.x - 6, event.point.y - 6], [event.point.x + 6, event.point.y + 6]], { layers: ids })[0];
    if (hit) show(hit.properties);
    else card.hidden = true;
  });
  document.getElementById("map-empty").hidden = drawn.features.length > 0;
  for (const button of document.querySelectorAll("button[data-problem]")) {
    button.addEventListener("click", () => {
      const { centre } = data.problems.find((one) => one.id === button.dataset.problem);
      map.easeTo({ center: centre, zoom: Math.max(map.getZoom(), 16), duration: 400 });
      element.scrollIntoView({ block: "nearest" });
    });
  }
}

try {
  await begin();
} catch (error) {
  complain(error);
}
document.documentElement.dataset.ready = "1";
