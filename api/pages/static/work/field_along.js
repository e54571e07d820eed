// Taking along: plan, objects, words and ground of the municipality are put on the phone before setting out.
import { GROUND, keepStyles, takeTiles, tilesAround, weigh } from "./field_ground.js";
import { NotTaken } from "./field_not_taken.js";
import { data, locale, say } from "./words.js";

const { put, one } = self.fieldDatabase;
const KEY = `${data.municipalityId}/${data.year}`;
const PAGE = 1000;

/** What is kept of this municipality's year, undefined before it was taken along. */
export async function kept() {
  const along = await one("kept", KEY);
  return along && { ground: { version: "", count: 0, bytes: 0, missing: null }, ...along };
}

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

/**
 * Take the plan and the objects along; `told(words)` hears what is being fetched. Returns what is kept now.
 * The base map is larger than all the rest: how large is in `ground.missing`, and it waits to be asked for.
 */
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
  along.bytes = new Blob([JSON.stringify(along)]).size;
  const { lacking, ground } = await compareGround(along, await keepStyles(), (await kept())?.ground);
  along.ground = { ...ground, missing: lacking.length ? await weigh(lacking) : null };
  await put("kept", along);
  along.isLasting = await askToLast();
  await put("kept", along);
  return along;
}

const everything = (along) => bounds([...along.settlements, ...along.activities, ...along.features].map((row) => row.geometry));

/** What of the base map the phone has by now, and the tiles that it lacks; what was counted `before` holds for the same map alone. */
async function compareGround(along, source, before) {
  const { version, count, lacking } = await tilesAround(everything(along), source);
  return { lacking, ground: { version, count, bytes: count && before?.version === version ? before.bytes : 0, missing: null } };
}

/** Take what the phone lacks of the base map; what is there already is not fetched again. Returns what is kept now. */
export async function takeGround(told) {
  const along = await kept();
  const source = await keepStyles();
  const { lacking, ground } = await compareGround(along, source, along.ground);
  const wanted = along.ground.missing?.bytes ?? 0;
  let taken = 0;
  try {
    await takeTiles(lacking, wanted, (done, bytes) => {
      taken += bytes;
      told(say("visiting.along.step.ground", { done, all: lacking.length }));
    });
  } finally {
    // What arrived before the line broke stays on the phone, and what did not is still offered.
    const rest = await compareGround(along, source, { ...ground, bytes: ground.bytes + taken });
    const missing = rest.lacking.length ? { count: rest.lacking.length, bytes: Math.max(0, wanted - taken) } : null;
    await put("kept", { ...along, ground: { ...rest.ground, missing } }).catch((error) => { if (!self.fieldDatabase.isFull(error)) throw error; });
  }
  return kept();
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
