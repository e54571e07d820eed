// A new village: pointing at where it lies, on a map or by this device's place, writes the coordinates into the form.
import { Marker } from "maplibre-gl";
import { openGround } from "./ground.js";
import { complain, tell } from "./notices.js";
import { get } from "./requests.js";
import { locale, say } from "./words.js";

const by = (id) => document.getElementById(id);
const DIGITS = 6; // some ten centimetres

const chosen = by("municipality");
const own = by("new-municipality");
const fold = () => { own.hidden = chosen.value !== "new"; };
chosen.addEventListener("change", fold);
fold();
by("wrong")?.focus();

const typed = () => {
  const [lon, lat] = ["lon", "lat"].map((id) => Number.parseFloat(by(id).value.replace(",", ".")));
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? [lon, lat] : null;
};

const element = by("map");
element.hidden = false;
try {
  const at = typed();
  const map = await openGround(element, { centre: at ?? [74.6, 41.5], zoom: at ? 13 : 6, cooperative: true });
  const marker = new Marker({ draggable: true });
  const felt = getComputedStyle(document.documentElement).getPropertyValue("--felt").trim();
  marker.getElement().querySelector("path, g[fill]")?.setAttribute("fill", felt);
  const show = () => {
    const place = typed();
    if (place) marker.setLngLat(place).addTo(map);
    else marker.remove();
    return place;
  };
  const write = ({ lng, lat }) => {
    by("lon").value = lng.toFixed(DIGITS);
    by("lat").value = lat.toFixed(DIGITS);
    show();
  };
  await showKnown(map);
  map.on("click", (event) => write(event.lngLat));
  marker.on("dragend", () => write(marker.getLngLat()));
  for (const id of ["lon", "lat"]) by(id).addEventListener("change", () => { const place = show(); if (place) map.easeTo({ center: place, zoom: Math.max(map.getZoom(), 12), duration: 0 }); });
  show();
  if ("geolocation" in navigator) {
    by("here").hidden = false;
    by("here").addEventListener("click", () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => { write({ lng: coords.longitude, lat: coords.latitude }); map.jumpTo({ center: [coords.longitude, coords.latitude], zoom: 14 }); },
      () => tell(say("new_place.no_position")),
      { enableHighAccuracy: true, timeout: 15000 },
    ));
  }
} catch (error) {
  element.hidden = true;
  complain(error);
}
document.documentElement.dataset.ready = "1";

/** Show the villages that are known already, to find one's own beside them. */
async function showKnown(map) {
  const { body } = await get("/api/v1/settlements?limit=1000");
  map.addSource("known", { type: "geojson", data: { type: "FeatureCollection", features: body.features.filter((one) => one.geometry) } });
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  map.addLayer({ id: "known", type: "circle", source: "known", paint: { "circle-radius": 5, "circle-color": colour("--stone"), "circle-stroke-color": colour("--paper"), "circle-stroke-width": 1.5 } });
  map.addLayer({
    id: "known-names", type: "symbol", source: "known",
    layout: { "text-field": ["coalesce", ["get", `name_${locale.language}`], ["get", "name_ky"]], "text-font": ["Noto Sans", "sans-serif"], "text-size": 13, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.7 },
    paint: { "text-color": colour("--ink"), "text-halo-color": colour("--paper"), "text-halo-width": 1.5 },
  });
  const places = body.features.filter((one) => one.geometry).map((one) => one.geometry.coordinates);
  if (places.length && !typed()) {
    const [lons, lats] = [0, 1].map((axis) => places.map((one) => one[axis]));
    map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: 60, maxZoom: 11, animate: false });
  }
}
