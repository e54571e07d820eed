// Taking along: plan, objects, words and ground of the municipality are put on the phone before setting out.
import { data, locale, say } from "./words.js";

const { put, one } = self.fieldDatabase;
const KEY = `${data.municipalityId}/${data.year}`;
const GROUND = "ayilmap-field-ground";
const PAGE = 1000;
const MOST_TILES = 1500;
const ZOOMS = [8, 17];
const SPARE_BYTES = 50_000_000; // so much should stay free for photos

/** What is kept of this municipality's year, undefined before it was taken along. */
export const kept = () => one("kept", KEY);

export class NotTaken extends Error {}

async function get(path) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", headers: { Accept: "application/json" }, cache: "no-store" });
  } catch {
    throw new NotTaken(say("visiting.along.no_connection"));
  }
  if (answer.status === 401) throw new NotTaken(say("visiting.signed_out"));
  if (!answer.ok) throw new NotTaken((await answer.json().catch(() => ({}))).detail ?? say("frame.unexpected", { status: answer.status }));
  return answer.json();
}

/** Every record of a list, page after page; nothing where the reader has no right to it. */
async function list(name, query) {
  const found = [];
  const asked = new URLSearchParams({ ...query, limit: PAGE });
  for (let path = `/api/v1/${name}?${asked}`; path; ) {
    const page = await get(path);
    for (const item of page.features ?? page.items) found.push(page.features ? { id: item.id, geometry: item.geometry, ...item.properties } : item);
    path = page.next ? new URL(page.next).pathname + new URL(page.next).search : null;
  }
  return found;
}

const few = (row, names) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
const NAMES = ["name_ky", "name_ru", "name_en"];

/** Take everything along; `told(words)` hears what is being fetched. Returns what is kept now. */
export async function takeAlong(told) {
  told(say("visiting.along.step.plan"));
  const me = await get("/api/v1/me");
  if (me.is_public) throw new NotTaken(say("visiting.signed_out"));
  const memberships = await list("memberships", { municipality_id: data.municipalityId });
  const villages = [...new Set(memberships.map((row) => row.settlement_id))];
  const settlements = await Promise.all(villages.map((id) => get(`/api/v1/settlements/${id}`)));
  const cycles = (await list("cycles", { municipality_id: data.municipalityId })).filter((cycle) => cycle.year === data.year).map((cycle) => cycle.id);
  const plans = (await list("plans", { municipality_id: data.municipalityId })).filter((plan) => cycles.includes(plan.cycle_id) || (plan.year_from <= data.year && data.year <= plan.year_to));
  const activities = (await Promise.all(plans.map((plan) => list("activities", { plan_id: plan.id })))).flat();
  const problems = (await Promise.all(cycles.map((cycle) => list("problems", { cycle_id: cycle })))).flat();
  const groups = await list("people-groups", { municipality_id: data.municipalityId, kind: "monitoring" });
  told(say("visiting.along.step.objects"));
  const features = (await Promise.all(villages.map((id) => list("map-features", { settlement_id: id })))).flat();
  const visits = (await Promise.all(villages.map((id) => list("monitoring-visits", { settlement_id: id, standing: "true" })))).flat();
  const along = {
    key: KEY,
    at: new Date().toISOString(),
    account: me.account_id,
    by: me.name,
    settlements: settlements.map((row) => ({ id: row.id, geometry: row.geometry, ...few(row.properties, NAMES) })),
    activities: activities.map((row) => few(row, ["id", "geometry", "version", "plan_id", "settlement_id", "title", "purpose", "result", "quantity", "quantity_unit", "deadline_from", "deadline_to", "need_som", "status", "site_feature_id"])),
    problems: problems.map((row) => few(row, ["id", "title", "settlement_id", "geometry"])),
    groups: groups.map((row) => few(row, ["id", "name", "title", "settlement_id", ...NAMES])),
    features: features.map((row) => few(row, ["id", "geometry", "settlement_id", "kind", ...NAMES])),
    visited: lastVisits(visits),
  };
  told(say("visiting.along.step.page"));
  await keepPages();
  Object.assign(along, await takeGround(along, told));
  along.bytes = new Blob([JSON.stringify(along)]).size + along.tileBytes;
  await put("kept", along);
  along.isLasting = await askToLast();
  await put("kept", along);
  return along;
}

function lastVisits(visits) {
  const last = {};
  for (const visit of visits) if (visit.activity_id && !(last[visit.activity_id] > visit.visited_at)) last[visit.activity_id] = visit.visited_at;
  return last;
}

/** Have the worker keep this page in every language. */
async function keepPages() {
  const worker = (await navigator.serviceWorker?.ready)?.active;
  if (!worker) return;
  const channel = new MessageChannel();
  const answered = new Promise((resolve) => { channel.port1.onmessage = ({ data: answer }) => resolve(answer); });
  worker.postMessage({ do: "keep page", addresses: data.languages.map((language) => `${location.origin}${data.home}?lang=${language}`) }, [channel.port2]);
  const answer = await answered;
  if (answer.error) throw new NotTaken(say("visiting.along.no_connection"));
  await (await caches.open(GROUND)).put("/field/language", new Response(locale.language));
}

/** Keep the tiles of the base map around the villages, where the service has one and the phone has room. */
async function takeGround(along, told) {
  const addresses = new Set();
  const cache = await caches.open(GROUND);
  const fresh = async (path) => {
    const answer = await fetch(path, { credentials: "same-origin", cache: "reload" }).catch(() => null);
    if (!answer?.ok) throw new NotTaken(say("visiting.along.no_connection"));
    await cache.put(path, answer.clone());
    return answer.json();
  };
  for (const theme of ["light", "dark"]) {
    const style = await fresh(`/work/ground.json?theme=${theme}`);
    await fresh(`/work/signs.json?theme=${theme}`);
    for (const language of data.languages) await fresh(`/work/layers.json?${new URLSearchParams({ source: "features", theme, source_layer: "", lang: language })}`);
    for (const source of Object.values(style.sources ?? {})) {
      for (const template of source.tiles ?? []) for (const tile of tiles(along, source)) addresses.add(template.replace("{z}", tile[0]).replace("{x}", tile[1]).replace("{y}", tile[2]));
    }
  }
  const own = [...addresses].map((address) => new URL(address, location.origin)).filter((url) => url.origin === location.origin).slice(0, MOST_TILES);
  let tileBytes = 0, tileCount = 0;
  for (let from = 0; from < own.length; from += 20) {
    told(say("visiting.along.step.ground", { done: from, all: own.length }));
    if (!(await hasRoom())) throw new NotTaken(say("visiting.full"));
    await Promise.all(own.slice(from, from + 20).map(async (url) => {
      const answer = await fetch(url, { credentials: "same-origin" }).catch(() => null);
      if (answer?.status !== 200) return;
      tileBytes += (await answer.clone().blob()).size;
      tileCount += 1;
      await cache.put(url, answer);
    }));
  }
  return { tileBytes, tileCount };
}

/** Tiles [z, x, y] over everything that has a place, from far to near, at most `MOST_TILES`. */
function tiles(along, source) {
  const box = bounds([...along.settlements, ...along.activities, ...along.features].map((row) => row.geometry));
  if (!box) return [];
  const [west, south, east, north] = box;
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

/** West, south, east, north of geometries; null where there are none. */
export function bounds(geometries) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (part) => {
    if (typeof part?.[0] === "number") {
      box[0] = Math.min(box[0], part[0]); box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]); box[3] = Math.max(box[3], part[1]);
    } else part?.forEach(take);
  };
  for (const geometry of geometries) if (geometry) (geometry.geometries ?? [geometry]).forEach((one) => take(one.coordinates));
  return box[0] === Infinity ? null : box;
}

async function askToLast() {
  if (!navigator.storage?.persist) return false;
  return (await navigator.storage.persisted()) || navigator.storage.persist().catch(() => false);
}

/** Whether the phone has room for photos besides; true where it does not say. */
export async function hasRoom(spare = SPARE_BYTES) {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return !quota || quota - usage > spare;
}
