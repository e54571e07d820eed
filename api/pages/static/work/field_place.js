// Where the phone is, and how far a site is from there.
const GOOD_M = 10;
const OLDEST_MS = 0;

/**
 * Follow the device; `told` hears `{ state, fix, best }` — state is "waiting", "better" (a fix, not good yet), "good",
 * "denied", "unavailable". Keeps the best reading so far, stops by itself at `GOOD_M`. Returns a function that ends it.
 */
export function follow(told, { goodM = GOOD_M } = {}) {
  if (!navigator.geolocation) {
    told({ state: "unavailable", best: null });
    return () => {};
  }
  let best = null;
  let watch = null;
  const end = () => { if (watch !== null) navigator.geolocation.clearWatch(watch); watch = null; };
  const read = ({ coords, timestamp }) => {
    const fix = { lonlat: [coords.longitude, coords.latitude], accuracy: Math.max(coords.accuracy, 0.1), at: new Date(timestamp).toISOString(), by: "device" };
    if (!best || fix.accuracy <= best.accuracy) best = fix;
    const isGood = best.accuracy <= goodM;
    if (isGood) end();
    told({ state: isGood ? "good" : "better", best });
  };
  const failed = (error) => {
    if (error.code === error.PERMISSION_DENIED) end();
    told({ state: error.code === error.PERMISSION_DENIED ? "denied" : best ? "better" : "unavailable", best });
  };
  told({ state: "waiting", best: null });
  watch = navigator.geolocation.watchPosition(read, failed, { enableHighAccuracy: true, maximumAge: OLDEST_MS, timeout: 30_000 });
  return end;
}

/** Metres between two places [lon, lat] on the ellipsoid WGS 84 (radii of curvature at the mean latitude; < 0.1 % to 50 km). */
export function metresBetween([lonA, latA], [lonB, latB]) {
  const radians = Math.PI / 180;
  const a = 6378137, e2 = 0.00669437999014;
  const middle = ((latA + latB) / 2) * radians;
  const w = 1 - e2 * Math.sin(middle) ** 2;
  const north = ((a * (1 - e2)) / w ** 1.5) * (latB - latA) * radians;
  const turned = ((lonB - lonA + 540) % 360) - 180;
  const east = (a / Math.sqrt(w)) * Math.cos(middle) * turned * radians;
  return Math.hypot(north, east);
}

/** Metres from a place to the nearest point of a GeoJSON geometry; 0 inside a polygon. */
export function metresTo(lonlat, geometry) {
  if (!geometry) return null;
  if (geometry.type === "GeometryCollection") return least(geometry.geometries.map((one) => metresTo(lonlat, one)));
  const { type, coordinates } = geometry;
  if (type === "Point") return metresBetween(lonlat, coordinates);
  if (type === "MultiPoint") return least(coordinates.map((one) => metresBetween(lonlat, one)));
  if (type === "LineString") return toLine(lonlat, coordinates);
  if (type === "MultiLineString") return least(coordinates.map((one) => toLine(lonlat, one)));
  if (type === "Polygon") return toPolygon(lonlat, coordinates);
  return least(coordinates.map((one) => toPolygon(lonlat, one)));
}

const least = (values) => values.filter((value) => value !== null).reduce((found, value) => Math.min(found, value), Infinity);
const toPolygon = (lonlat, rings) => (rings.reduce((inside, ring) => inside !== within(lonlat, ring), false) ? 0 : least(rings.map((ring) => toLine(lonlat, ring))));

function toLine(lonlat, line) {
  if (line.length === 1) return metresBetween(lonlat, line[0]);
  return least(line.slice(1).map((end, place) => metresBetween(lonlat, nearest(lonlat, line[place], end))));
}

function nearest([x, y], [x1, y1], [x2, y2]) {
  const shrink = Math.cos(y * (Math.PI / 180)); // a degree of longitude is shorter
  const [dx, dy] = [(x2 - x1) * shrink, y2 - y1];
  const length = dx * dx + dy * dy;
  const share = length ? Math.max(0, Math.min(1, ((x - x1) * shrink * dx + (y - y1) * dy) / length)) : 0;
  return [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
}

function within([x, y], ring) {
  let inside = false;
  for (let here = 0, before = ring.length - 1; here < ring.length; before = here, here += 1) {
    const [xa, ya] = ring[here], [xb, yb] = ring[before];
    if (ya > y !== yb > y && x < ((xb - xa) * (y - ya)) / (yb - ya) + xa) inside = !inside;
  }
  return inside;
}

/** A circle of so many metres as a polygon, for the ring of accuracy. */
export function ring([lon, lat], metres) {
  const perLat = metresBetween([lon, lat], [lon, lat + 0.001]) / 0.001;
  const perLon = metresBetween([lon, lat], [lon + 0.001, lat]) / 0.001;
  const round = Array.from({ length: 49 }, (_, step) => {
    const turn = (step / 48) * 2 * Math.PI;
    return [lon + (metres * Math.cos(turn)) / perLon, lat + (metres * Math.sin(turn)) / perLat];
  });
  return { type: "Polygon", coordinates: [round] };
}
