// A new village: pointing at where it lies, on a map or by this device's place, writes the coordinates into the form.
import { Marker } from "maplibre-gl";
import { openGround } from "./ground.js";
import { complain, tell } from "./notices.js";
import { say } from "./words.js";

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
