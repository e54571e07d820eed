// The ground: one MapLibre map as every page of the workbench opens it. Nothing is fetched from elsewhere.
import { Map, NavigationControl, ScaleControl } from "maplibre-gl";
import { make } from "./elements.js";
import { supplySigns } from "./ground_signs.js";
import { locale, say } from "./words.js";

const KINDS = "ayilmap:kinds";

/**
 * Open a map in an element.
 * `bounds` is [west, south, east, north] in degrees, or `centre` [lon, lat] with `zoom`.
 * `cooperative` lets a page with more below the map scroll on a phone: two fingers move the map.
 * Resolves once its style is there; `map.on` and the rest of MapLibre are the map's own. Rejects, with `detail` for
 * people and the same words in the element, where the browser has no WebGL 2.
 */
export async function openGround(element, { bounds, centre = [74.6, 42.9], zoom = 13, controls = true, maxZoom = 22, cooperative = false } = {}) {
  const map = made(element, {
    style: await emptyGround(),
    attributionControl: { compact: true },
    maxZoom,
    pitchWithRotate: false,
    dragRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    cooperativeGestures: cooperative && matchMedia("(pointer: coarse)").matches,
    locale: {
      "NavigationControl.ZoomIn": say("frame.map.zoom_in"),
      "NavigationControl.ZoomOut": say("frame.map.zoom_out"),
      "Map.Title": say("frame.map.title"),
      "AttributionControl.ToggleAttribution": say("frame.map.credits"),
      "CooperativeGesturesHandler.MobileHelpText": say("frame.map.two_fingers"),
    },
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 40, maxZoom: 17 } } : { center: centre, zoom }),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  supplySigns(map);
  if (controls) {
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  }
  map.getCanvas().setAttribute("lang", locale.language);
  await map.once("load");
  const redraw = () => drawAnew(map);
  document.addEventListener("themechange", redraw);
  map.once("remove", () => document.removeEventListener("themechange", redraw));
  return map;
}

function made(container, options) {
  try {
    return new Map({ container, ...options });
  } catch (error) {
    const detail = say("frame.map.impossible");
    container.replaceChildren(make("p", { className: "no-map", text: detail }));
    throw Object.assign(error, { detail });
  }
}

/** Whether the page is light or dark now. */
export const theme = () => document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

/** Layers that draw features of a source by their kind, as the style table has them; see maps/style. */
export async function featureLayers(source, { sourceLayer = "" } = {}) {
  return read("/work/layers.json", { source, theme: theme(), source_layer: sourceLayer, lang: locale.language });
}

const read = async (path, query) => (await fetch(`${path}?${new URLSearchParams(query)}`, { credentials: "same-origin" })).json();

async function emptyGround() {
  const style = await read("/work/ground.json", { theme: theme() });
  for (const source of Object.values(style.sources)) {
    // MapLibre's workers know no page whose address a path could be added to.
    if (source.tiles) source.tiles = source.tiles.map((one) => (one.startsWith("/") ? location.origin + one : one));
  }
  return style;
}

/** Draw the ground and the layers by kind in the light that the page has now. */
async function drawAnew(map) {
  const wanted = [...(await emptyGround()).layers];
  const drawn = map.getStyle().layers.filter((layer) => layer.metadata && KINDS in layer.metadata);
  const asked = new globalThis.Map(drawn.map((layer) => [`${layer.source} ${layer.metadata[KINDS]}`, layer]));
  for (const layer of asked.values()) wanted.push(...(await featureLayers(layer.source, { sourceLayer: layer.metadata[KINDS] })));
  for (const layer of wanted) {
    if (!map.getLayer(layer.id)) continue;
    for (const [name, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, name, value);
    if (layer.layout?.["icon-image"]) map.setLayoutProperty(layer.id, "icon-image", layer.layout["icon-image"]);
  }
}
