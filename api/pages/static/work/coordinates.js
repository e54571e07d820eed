// Coordinates as people type them and receivers show them: decimal degrees, degrees and minutes, or with seconds.

const NUMBER = "[-+−]?\\d+(?:[.,]\\d+)?";
const ANGLE = new RegExp(`^\\s*([NSEWСЮВЗ])?\\s*(${NUMBER})\\s*(?:[°ºd:\\s]\\s*(\\d+(?:[.,]\\d+)?)\\s*(?:['′’m:\\s]\\s*(\\d+(?:[.,]\\d+)?)\\s*(?:["″”s]|''|′′)?)?\\s*['′’m]?)?\\s*[°º]?\\s*([NSEWСЮВЗ])?\\s*$`, "iu");
const SIDES = { N: "lat", S: "lat", С: "lat", Ю: "lat", E: "lon", W: "lon", В: "lon", З: "lon" };
const NEGATIVE = new Set(["S", "W", "Ю", "З"]);

/** Read a number with a point or a comma; null where it is none. */
export function readNumber(text) {
  const plain = String(text).trim().replace("−", "-").replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : null;
}

/** Read one angle; returns { degrees, axis } with axis "lat", "lon" or "" where no letter says, or null. */
export function readAngle(text) {
  const found = ANGLE.exec(String(text));
  if (!found) return null;
  const [, before, whole, minutes, seconds, after] = found;
  if (before && after) return null;
  const letter = (before ?? after ?? "").toUpperCase();
  const [first, second, third] = [whole, minutes ?? "0", seconds ?? "0"].map(readNumber);
  if (second >= 60 || third >= 60) return null;
  const isNegative = first < 0 || /^[-−]/.test(whole);
  const size = Math.abs(first) + second / 60 + third / 3600;
  return { degrees: isNegative || NEGATIVE.has(letter) ? -size : size, axis: SIDES[letter] ?? "" };
}

/**
 * Read a place; returns [lon, lat] or null. Letters say which is which; without them the order is taken that lies nearer
 * to `near` ([lon, lat]), as receivers show latitude first and programs longitude.
 */
export function readPlace(text, near) {
  const parts = divided(String(text).trim());
  if (!parts) return null;
  const [one, other] = parts.map(readAngle);
  if (!one || !other || (one.axis && one.axis === other.axis)) return null;
  const ways = [];
  if (one.axis !== "lat" && other.axis !== "lon") ways.push([one.degrees, other.degrees]);
  if (one.axis !== "lon" && other.axis !== "lat") ways.push([other.degrees, one.degrees]);
  const possible = ways.filter(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90);
  const away = ([lon, lat]) => Math.hypot((lon - near[0]) * Math.cos((near[1] * Math.PI) / 180), lat - near[1]);
  return possible.sort((first, second) => away(first) - away(second))[0] ?? null;
}

/** Divide a pair in two: by a letter, a semicolon, a comma with a space, one lone comma, or the space between two numbers. */
function divided(text) {
  const tries = [
    /^(.*?[NSEWСЮВЗ])[\s,;]+(.+)$/iu,
    /^([NSEWСЮВЗ].*?)[\s,;]+([NSEWСЮВЗ].+)$/iu,
    /^([^;]+);([^;]+)$/,
    /^(.+?),\s+(.+)$/,
    /^([^,]+),([^,]+)$/,
    /^(\S+)\s+(\S+)$/,
    /^(.+[″"”])\s*(.+)$/,
  ];
  for (const one of tries) {
    const found = one.exec(text);
    if (found && readAngle(found[1]) && readAngle(found[2])) return [found[1], found[2]];
  }
  return null;
}

/** Metres a degree of longitude and of latitude are at a latitude, near enough to move a point by one metre. */
export const metresPerDegree = (lat) => [111_320 * Math.cos((lat * Math.PI) / 180), 110_574];
