// Visits as one file with their photos: the way out when nothing can be sent, and the way in on another device.
import { say } from "./words.js";

const { all, one, photosOf, put } = self.fieldDatabase;
const FORMAT = "ayilmap-visits";
const VERSION = 1;
const NAMES = new Set(["monitoring-visits", "findings", "follow-ups", "checklist-scores", "photos"]);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Give visits to the person as one file; they stay in the queue. */
export async function saveAsFile(visits) {
  const file = { format: FORMAT, version: VERSION, saved_at: new Date().toISOString(), visits: [] };
  for (const visit of visits) {
    const photos = {};
    for (const photo of await photosOf(visit.id)) {
      const { blob, ...rest } = photo;
      photos[photo.id] = { ...rest, jpeg: await base64(blob) };
    }
    file.visits.push({ ...visit, photos });
  }
  const address = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: `ayilmap-visits-${file.saved_at.slice(0, 10)}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let words = "";
  for (let from = 0; from < bytes.length; from += 0x8000) words += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  return btoa(words);
}

class NotRead extends Error {
  told = true;
}

/** Put the visits of a file into this device's queue; what is there already stays as it is. Returns how many are new. */
export async function bringIn(file) {
  let read;
  try {
    read = JSON.parse(await file.text());
  } catch {
    throw new NotRead(say("visiting.file.not_ours"));
  }
  if (read?.format !== FORMAT || !Array.isArray(read.visits) || !read.visits.every(isVisit)) throw new NotRead(say("visiting.file.not_ours"));
  if (read.version > VERSION) throw new NotRead(say("visiting.file.newer"));
  const known = new Set([...(await all("visits")), ...(await all("drafts"))].map((visit) => visit.id));
  const fresh = read.visits.filter((visit) => !known.has(visit.id));
  for (const { photos, ...visit } of fresh) {
    for (const [id, { jpeg, ...photo }] of Object.entries(photos)) if (!(await one("photos", id))) await put("photos", { ...photo, id, visit: visit.id, blob: picture(jpeg) });
    // Whoever brings a file in sends it in their own name.
    await put("visits", { ...visit, account: null, state: visit.state === "sent" ? "sent" : "waiting", tries: 0, nextTry: 0, trouble: null });
  }
  return fresh.length;
}

function picture(words) {
  try {
    return new Blob([Uint8Array.from(atob(words), (sign) => sign.charCodeAt(0))], { type: "image/jpeg" });
  } catch {
    throw new NotRead(say("visiting.file.not_ours"));
  }
}

const isPart = (part) => NAMES.has(part?.name) && UUID.test(part.id) && typeof part.body === "object" && part.body !== null;
const isVisit = (visit) => UUID.test(visit?.id ?? "") && Array.isArray(visit.parts) && visit.parts.length > 0 && visit.parts.every(isPart) && visit.parts[0].name === "monitoring-visits" && visit.parts[0].id === visit.id && typeof visit.draft?.visitedAt === "string" && typeof visit.photos === "object" && visit.photos !== null;
