// A photo of the camera made small enough to send, with its time and place (DOMAIN.md section 9).
import { exifBlock, readExif, withExif } from "./field_exif.js";

const LONGEST_PX = 2000;
const QUALITY = 0.85;
const JUST_NOW_MS = 5 * 60_000;
const HEAD_BYTES = 256 * 1024;

/**
 * Make what is sent of a picture file: `{ blob, width, height, takenAt, lonlat, accuracy }`.
 * What the camera wrote counts; where it says nothing, a photo taken just now has the device's time and place.
 * Rejects where the file is no picture that this browser can read.
 */
export async function smaller(file, { fix = null, now = new Date() } = {}) {
  const said = readExif(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const jpeg = await drawn(picture, width, height);
  picture.close();
  const isFresh = Math.abs(now - file.lastModified) < JUST_NOW_MS;
  const facts = said.time ? { time: said.time, offset: said.offset } : localTime(isFresh ? now : new Date(file.lastModified));
  if (said.lon !== undefined) Object.assign(facts, { lon: said.lon, lat: said.lat, accuracy: said.accuracy });
  else if (isFresh && fix?.accuracy) Object.assign(facts, { lon: fix.lonlat[0], lat: fix.lonlat[1], accuracy: fix.accuracy });
  return { blob: withExif(jpeg, exifBlock(facts)), width, height, takenAt: moment(facts), lonlat: facts.lon === undefined ? null : [facts.lon, facts.lat], accuracy: facts.accuracy ?? null };
}

async function drawn(picture, width, height) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d", { alpha: false });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY));
}

const two = (number) => String(number).padStart(2, "0");

function localTime(when) {
  const ahead = -when.getTimezoneOffset();
  const day = [when.getFullYear(), two(when.getMonth() + 1), two(when.getDate())].join(":");
  const clock = [when.getHours(), when.getMinutes(), when.getSeconds()].map(two).join(":");
  return { time: `${day} ${clock}`, offset: `${ahead < 0 ? "-" : "+"}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}` };
}

function moment({ time, offset }) {
  const [day, clock] = time.split(" ");
  return `${day.replaceAll(":", "-")}T${clock}${offset ?? "+06:00"}`;
}
