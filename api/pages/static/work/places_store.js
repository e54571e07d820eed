// Problems and their places: stored at once, each step can be taken back.
import { tell } from "./notices.js";
import { get, patch } from "./requests.js";
import { Steps } from "./undo.js";
import { data, say } from "./words.js";

export const steps = new Steps();
export const problems = new Map(data.problems.map((one) => [one.id, one]));
let changed = () => {};

/** Say who draws a problem when its place changed. */
export function onPlaced(drawer) { changed = drawer; }

const address = (id) => `/api/v1/problems/${id}`;

async function store(id, geometry) {
  const { etag } = await get(address(id));
  const { body } = await patch(address(id), { type: "Feature", geometry }, etag);
  problems.get(id).geometry = body.geometry;
  changed(id);
}

/** Give a problem a place, or take it away (null); the answer tells what it has now. */
export async function placeProblem(id, geometry) {
  const { title, geometry: before } = problems.get(id);
  await store(id, geometry);
  steps.note(say("pins.step", { title }), () => store(id, before));
  tell(say(problems.get(id).geometry ? "pins.placed" : "pins.taken_off", { title }), { undo: () => steps.back() });
}

/** Return the places of a geometry's corners, of all its parts. */
export function corners(geometry) {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(corners);
  return typeof geometry.coordinates[0] === "number" ? [geometry.coordinates] : geometry.coordinates.flat(Math.max(depth(geometry.coordinates) - 2, 0));
}

const depth = (one) => (Array.isArray(one) ? 1 + depth(one[0]) : 0);

/** Return where the pin of a place stands: at the middle corner of a line, in the middle of an area. */
export function anchor(geometry) {
  const at = corners(geometry);
  if (geometry.type.includes("Line")) return at[Math.floor(at.length / 2)];
  const ring = geometry.type === "Polygon" ? at.slice(1) : at;
  return [0, 1].map((axis) => ring.reduce((sum, one) => sum + one[axis], 0) / ring.length);
}

export const bounds = (geometry) => {
  const at = corners(geometry);
  return [0, 1].map((axis) => at.map((one) => one[axis])).flatMap((some) => [Math.min(...some), Math.max(...some)]);
};

/** Say what kind of place it is. */
export function placeWords(geometry) {
  if (!geometry) return say("pins.nowhere");
  if (data.outline && JSON.stringify(rounded(geometry)) === JSON.stringify(rounded(data.outline))) return say("pins.is.whole");
  if (geometry.type.includes("Point")) return say("pins.is.point");
  if (geometry.type.includes("Line")) return say("pins.is.line");
  return geometry.type.includes("Polygon") ? say("pins.is.area") : say("pins.is.several");
}

const rounded = (geometry) => corners(geometry).map((at) => at.map((one) => one.toFixed(6)));
