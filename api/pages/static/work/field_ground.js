// The base map on the phone: how much of it there is around the villages, and its tiles, kept for the worker to answer with.
import { NotTaken } from "./field_not_taken.js";
import { bytes as inWords } from "./field_parts.js";
import { data, say } from "./words.js";

export const GROUND = "ayilmap-field-ground";
const MOST_TILES = 1500;
const ZOOMS = [8, 17];
const WEIGHED = 60;
const AT_ONCE = 20;
const SPARE_BYTES = 50_000_000; // so much should stay free for photos

/** Keep what maps are drawn with in both lights and every language; returns the source of the base map, null where there is none. */
export async function keepStyles() {
  const cache = await caches.open(GROUND);
  let source = null;
  for (const theme of ["light", "dark"]) {
    const style = await fresh(cache, `/work/ground.json?theme=${theme}`);
    source = style.sources.basemap ?? null;
    await fresh(cache, `/work/signs.json?theme=${theme}`);
    for (const language of data.languages) await fresh(cache, `/work/layers.json?${new URLSearchParams({ source: "features", theme, source_layer: "", lang: language })}`);
  }
  return source;
}

async function fresh(cache, path) {
  const answer = await fetch(path, { credentials: "same-origin", cache: "reload" }).catch(() => null);
  if (!answer?.ok) throw new NotTaken(say("visiting.along.no_connection"));
  await keep(cache, path, answer.clone());
  return answer.json();
}

async function keep(cache, address, answer) {
  try {
    await cache.put(address, answer);
  } catch (error) {
    if (self.fieldDatabase.isFull(error)) throw new NotTaken(say("visiting.ground.full"));
    throw error;
  }
}

/** Which tiles of a source lie around a box [west, south, east, north]: how many the phone has, and the addresses that it lacks. */
export async function tilesAround(box, source) {
  const template = source?.tiles[0] ?? "";
  const version = template ? new URL(template, location.origin).search : "";
  const wanted = source && box ? tiles(box, source).map(([z, x, y]) => new URL(template.replace("{z}", z).replace("{x}", x).replace("{y}", y), location.origin).href) : [];
  const cache = await caches.open(GROUND);
  const there = new Set();
  for (const request of await cache.keys()) {
    const url = new URL(request.url);
    if (!url.pathname.startsWith("/basemap/")) continue;
    if (url.search === version) there.add(url.href);
    else await cache.delete(request); // of a map that the service no longer has
  }
  const lacking = wanted.filter((address) => !there.has(address));
  return { version, count: wanted.length - lacking.length, lacking };
}

/** How many tiles that is, and how many bytes: reckoned from some of them, spread over all. */
export async function weigh(addresses) {
  const step = Math.max(1, addresses.length / WEIGHED);
  const some = Array.from({ length: Math.min(addresses.length, WEIGHED) }, (_, place) => addresses[Math.floor(place * step)]);
  const names = some.map((address) => new URL(address).pathname.replace("/basemap/", ""));
  const answer = await fetch(`/basemap/sizes?tiles=${names.join(",")}`, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (!answer?.ok) throw new NotTaken(say("visiting.along.no_connection"));
  const { bytes } = await answer.json();
  return { count: addresses.length, bytes: Math.round((bytes / some.length) * addresses.length) };
}

/** Fetch tiles and keep them; `told(done, bytes)` hears how many there are and how large the last ones were. */
export async function takeTiles(addresses, bytes, told) {
  const room = await free();
  if (room < bytes + SPARE_BYTES) throw new NotTaken(say("visiting.ground.no_room", { needed: inWords(bytes + SPARE_BYTES), free: inWords(room) }));
  const cache = await caches.open(GROUND);
  for (let from = 0; from < addresses.length; from += AT_ONCE) {
    const sizes = await Promise.all(addresses.slice(from, from + AT_ONCE).map((address) => take(cache, address)));
    told(Math.min(from + AT_ONCE, addresses.length), sizes.reduce((sum, size) => sum + size, 0));
  }
}

async function take(cache, address) {
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  // 204 is an answer as well: there the map has nothing, and need not be asked again.
  if (answer?.status !== 200 && answer?.status !== 204) throw new NotTaken(say("visiting.along.no_connection"));
  const size = answer.status === 200 ? (await answer.clone().blob()).size : 0;
  await keep(cache, address, answer);
  return size;
}

/** Bytes that the browser may still keep; without end where it does not say, as Chromium, which always tells 10 GiB or less. */
export async function free() {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  const left = quota ? Math.max(0, quota - usage) : Infinity;
  return left < 10 * 2 ** 30 ? left : Infinity;
}

/** Tiles [z, x, y] over a box, from far to near, at most `MOST_TILES`. */
function tiles([west, south, east, north], source) {
  const found = [];
  for (let z = Math.max(ZOOMS[0], source.minzoom ?? 0); z <= Math.min(ZOOMS[1], source.maxzoom ?? 22); z += 1) {
    const side = 2 ** z;
    const column = (lon) => Math.floor(((lon + 180) / 360) * side);
    const row = (lat) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * side);
    for (let x = column(west); x <= column(east); x += 1) for (let y = row(north); y <= row(south); y += 1) found.push([z, x, y]);
    if (found.length > MOST_TILES) break;
  }
  return found.slice(0, MOST_TILES);
}
