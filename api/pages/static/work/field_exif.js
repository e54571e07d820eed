// Time and place beside a picture (EXIF 2.32): read from what the camera made, written into the smaller copy.
// Drawing on a canvas loses them, and the service believes only what stands in the picture.
const ASCII = 2, SHORT = 3, LONG = 4, RATIONAL = 5, BYTE = 1;
const SIZES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };
const EXIF_BLOCK = 0x8769, GPS_BLOCK = 0x8825, ORIGINAL_TIME = 0x9003, OFFSET = 0x9011;

/** Read `{ time, offset, lon, lat, accuracy }` of a JPEG; what is missing or damaged is left out. */
export function readExif(buffer) {
  try {
    const block = findBlock(new DataView(buffer));
    return block ? facts(block) : {};
  } catch {
    return {};
  }
}

function findBlock(view) {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 4 <= view.byteLength; ) {
    const marker = view.getUint16(at);
    if (marker === 0xffda || (marker & 0xff00) !== 0xff00) return null;
    const length = view.getUint16(at + 2);
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return new DataView(view.buffer, at + 10, length - 8);
    at += 2 + length;
  }
  return null;
}

function facts(view) {
  const little = view.getUint16(0) === 0x4949;
  const first = table(view, view.getUint32(4, little), little);
  const camera = first[EXIF_BLOCK] ? table(view, first[EXIF_BLOCK][0], little) : {};
  const place = first[GPS_BLOCK] ? table(view, first[GPS_BLOCK][0], little) : {};
  const found = {};
  if (/^\d{4}:\d\d:\d\d \d\d:\d\d:\d\d$/.test(camera[ORIGINAL_TIME] ?? "")) found.time = camera[ORIGINAL_TIME];
  if (found.time && /^[+-]\d\d:\d\d$/.test(camera[OFFSET] ?? "")) found.offset = camera[OFFSET];
  const lat = degrees(place[2], place[1] === "S"), lon = degrees(place[4], place[3] === "W");
  if (Number.isFinite(lat) && Number.isFinite(lon) && (lat || lon)) Object.assign(found, { lon, lat, accuracy: place[31]?.[0] });
  return found;
}

function table(view, at, little) {
  const found = {};
  const count = view.getUint16(at, little);
  for (let entry = 0; entry < count; entry += 1) {
    const here = at + 2 + 12 * entry;
    const [tag, kind, many] = [view.getUint16(here, little), view.getUint16(here + 2, little), view.getUint32(here + 4, little)];
    const bytes = (SIZES[kind] ?? 0) * many;
    if (!bytes || many > 1000) continue;
    const from = bytes <= 4 ? here + 8 : view.getUint32(here + 8, little);
    if (kind === ASCII) found[tag] = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + from, many)).replace(/\0.*$/, "").trim();
    else found[tag] = Array.from({ length: many }, (_, place) => value(view, kind, from + place * SIZES[kind], little));
  }
  return found;
}

function value(view, kind, at, little) {
  if (kind === SHORT) return view.getUint16(at, little);
  if (kind === LONG) return view.getUint32(at, little);
  if (kind === RATIONAL) return view.getUint32(at, little) / view.getUint32(at + 4, little);
  return view.getUint8(at);
}

const degrees = (parts, isNegative) => (parts?.length === 3 ? (isNegative ? -1 : 1) * (parts[0] + parts[1] / 60 + parts[2] / 3600) : NaN);

/** Write a block APP1 for `{ time, offset, lon, lat, accuracy }`; place and accuracy may be missing. */
export function exifBlock({ time, offset, lon, lat, accuracy }) {
  const camera = [[ORIGINAL_TIME, ASCII, text(time)], ...(offset ? [[OFFSET, ASCII, text(offset)]] : [])];
  const place = lon === undefined ? [] : [
    [0, BYTE, [2, 3, 0, 0]],
    [1, ASCII, text(lat < 0 ? "S" : "N")], [2, RATIONAL, sexagesimal(lat)],
    [3, ASCII, text(lon < 0 ? "W" : "E")], [4, RATIONAL, sexagesimal(lon)],
    ...(accuracy > 0 ? [[31, RATIONAL, [[Math.round(accuracy * 100), 100]]]] : []),
  ];
  const head = 8;
  const rootEntries = [[0x0112, SHORT, [1]], [EXIF_BLOCK, LONG, [0]], ...(place.length ? [[GPS_BLOCK, LONG, [0]]] : [])];
  const cameraAt = head + 2 + 12 * rootEntries.length + 4;
  const cameraBytes = written(camera, cameraAt);
  const placeAt = cameraAt + cameraBytes.length + (cameraBytes.length % 2);
  rootEntries[1][2] = [cameraAt];
  if (place.length) rootEntries[2][2] = [placeAt];
  const body = new Uint8Array(placeAt + (place.length ? written(place, placeAt).length : 0));
  body.set([0x4d, 0x4d, 0, 42, 0, 0, 0, head]);
  body.set(written(rootEntries, head), head);
  body.set(cameraBytes, cameraAt);
  if (place.length) body.set(written(place, placeAt), placeAt);
  const length = body.length + 8;
  return new Uint8Array([0xff, 0xe1, length >> 8, length & 0xff, 0x45, 0x78, 0x69, 0x66, 0, 0, ...body]);
}

const text = (words) => [...`${words}\0`].map((sign) => sign.charCodeAt(0));

function sexagesimal(value) {
  const seconds = Math.round(Math.abs(value) * 36_000_000); // ten-thousandths of a second: 3 mm on the ground
  return [[Math.floor(seconds / 36_000_000), 1], [Math.floor(seconds / 600_000) % 60, 1], [seconds % 600_000, 10_000]];
}

function written(entries, at) {
  const bytes = [];
  const more = [];
  const put = (to, number, size) => { for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) to.push((number >>> shift) & 255); };
  put(bytes, entries.length, 2);
  const moreAt = at + 2 + 12 * entries.length + 4;
  for (const [tag, kind, values] of entries) {
    const packed = [];
    for (const one of values) for (const number of [one].flat()) put(packed, number, kind === RATIONAL ? 4 : SIZES[kind]);
    put(bytes, tag, 2);
    put(bytes, kind, 2);
    put(bytes, values.length, 4);
    if (packed.length <= 4) bytes.push(...packed, ...Array(4 - packed.length).fill(0));
    else {
      put(bytes, moreAt + more.length, 4);
      more.push(...packed, ...(packed.length % 2 ? [0] : []));
    }
  }
  put(bytes, 0, 4);
  return new Uint8Array([...bytes, ...more]);
}

/** Put a block right behind the beginning of a JPEG. */
export const withExif = (jpeg, block) => new Blob([jpeg.slice(0, 2), block, jpeg.slice(2)], { type: "image/jpeg" });
