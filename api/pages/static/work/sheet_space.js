// A sheet's picture as a MapLibre map: every pixel has a place of its own in a land that does not exist, so that what
// draws and hits on the ground draws and hits on the photo. Pixel (x right, y down) ↔ lon = x·K, lat = −y·K; the latitude
// is bent as Mercator bends it, so that a pixel is as high as it is wide and fractions of pixels stay exact.
import { NavigationControl } from "maplibre-gl";
import { openGround } from "./ground.js";

const K = 1e-4; // degrees a pixel: a picture of 12 000 px is 1.2° wide, far from where Mercator stretches
const RADIANS = Math.PI / 180;
const FIRST_PX = 2400; // longest side that is fetched at first; the whole picture follows once somebody looks closer
const CLOSEST_PX = 48; // how large one pixel of the photo may get on the screen

/** Return [lon, lat] of a pixel [x, y]. */
export const toFake = ([x, y]) => [x * K, -Math.atan(Math.sinh(y * K * RADIANS)) / RADIANS];

/** Return the pixel [x, y] of [lon, lat] or of a MapLibre LngLat. */
export function toPixel(place) {
  const [lon, lat] = Array.isArray(place) ? place : [place.lng, place.lat];
  return [lon / K, Math.asinh(Math.tan(-lat * RADIANS)) / RADIANS / K];
}

/** Return a GeoJSON geometry with every position turned by `toFake` or `toPixel`. */
export function turned(geometry, turn) {
  const each = (part) => (typeof part[0] === "number" ? turn(part) : part.map(each));
  if (geometry.geometries) return { ...geometry, geometries: geometry.geometries.map((part) => turned(part, turn)) };
  return { ...geometry, coordinates: each(geometry.coordinates) };
}

/** Return the MapLibre zoom at which one pixel of the photo takes `size` pixels of the screen. */
export const zoomOfPixel = (size) => Math.log2((size * 360) / (512 * K));

/** Return the map's bounds of a whole picture: [[west, south], [east, north]]. */
export const sheetBounds = (sheet) => [toFake([0, sheet.height_px]), toFake([sheet.width_px, 0])];

/**
 * Open a sheet (its record: id, width_px, height_px) in an element; resolves with the map once the picture stands in it.
 * Source and layer of the picture are called "picture". `padding` is kept free round the sheet, in pixels of the screen.
 */
export async function openSheet(element, sheet, { padding = 16, controls = true } = {}) {
  const map = await openGround(element, { controls: false, maxZoom: zoomOfPixel(CLOSEST_PX) });
  if (controls) map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.setRenderWorldCopies(false);
  map.fitBounds(sheetBounds(sheet), { padding, animate: false, maxZoom: zoomOfPixel(4) });
  map.setMinZoom(map.getZoom() - 1.5);
  const { width_px: width, height_px: height } = sheet;
  const corners = [[0, 0], [width, 0], [width, height], [0, height]].map(toFake);
  map.addSource("picture", { type: "image", url: pictureAddress(sheet, FIRST_PX), coordinates: corners });
  map.addLayer({ id: "picture", type: "raster", source: "picture", paint: { "raster-fade-duration": 0 } });
  await new Promise((resolve) => {
    const heard = (event) => {
      if (event.sourceId && event.sourceId !== "picture") return;
      if (event.type === "data" && !map.isSourceLoaded("picture")) return;
      map.off("data", heard);
      map.off("error", heard);
      resolve();
    };
    map.on("data", heard);
    map.on("error", heard);
  });
  if (Math.max(width, height) > FIRST_PX) sharpen(map, sheet, corners);
  return map;
}

/** Address of the sheet's upright picture, its longer side at most `longest` pixels. */
export const pictureAddress = (sheet, longest) => `/api/v1/sheets/${sheet.id}/picture?longest=${longest}`;

/** Fetch the picture in full once it is looked at more closely than the first one is sharp. */
function sharpen(map, sheet, corners) {
  const longer = Math.max(sheet.width_px, sheet.height_px);
  const sharpest = Math.min(longer, map.getCanvas().getContext("webgl2")?.getParameter(WebGL2RenderingContext.MAX_TEXTURE_SIZE) ?? 4096);
  const enough = zoomOfPixel(FIRST_PX / longer / (window.devicePixelRatio || 1));
  const look = () => {
    if (map.getZoom() <= enough) return;
    map.off("zoomend", look);
    map.getSource("picture").updateImage({ url: pictureAddress(sheet, sharpest), coordinates: corners });
  };
  map.on("zoomend", look);
  look();
}
