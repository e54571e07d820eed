// The ground: one MapLibre map as every page of the workbench opens it. Nothing is fetched from elsewhere.
import { Map, NavigationControl, ScaleControl, setRTLTextPlugin } from "maplibre-gl";
import { locale, say } from "./words.js";

void setRTLTextPlugin;

/**
 * Open a map in an element.
 * `bounds` is [west, south, east, north] in degrees, or `centre` [lon, lat] with `zoom`.
 * Resolves once its style is there; `map.on` and the rest of MapLibre are the map's own.
 */
export async function openGround(element, { bounds, centre = [74.6, 42.9], zoom = 13, controls = true, maxZoom = 22 } = {}) {
  const style = await (await fetch(`/work/ground.json?theme=${theme()}`, { credentials: "same-origin" })).json();
  const map = new Map({
    container: element,
    style,
    attributionControl: { compact: true },
    maxZoom,
    pitchWithRotate: false,
    dragRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    locale: { "NavigationControl.ZoomIn": say("frame.map.zoom_in"), "NavigationControl.ZoomOut": say("frame.map.zoom_out"), "Map.Title": say("frame.map.title") },
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 40, maxZoom: 17 } } : { center: centre, zoom }),
  });
  map.touchZoomRotate.disableRotation();
  if (controls) {
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  }
  map.getCanvas().setAttribute("lang", locale.language);
  await map.once("load");
  return map;
}

/** Whether the page is light or dark now. */
export const theme = () => document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

/** Layers that draw features of a source by their kind, as the style table has them; see maps/style. */
export async function featureLayers(source, { sourceLayer = "" } = {}) {
  const query = new URLSearchParams({ source, theme: theme(), source_layer: sourceLayer });
  return (await fetch(`/work/layers.json?${query}`, { credentials: "same-origin" })).json();
}
