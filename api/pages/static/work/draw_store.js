// What was traced on the sheet, and what people have said of it so far; the page's other parts hear what changed.

const UNDECIDED = "proposed";

/** Smallest box round a geometry, [left, top, right, bottom] in pixels. */
export function boxOf(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  eachPosition(geometry, ([x, y]) => {
    box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
  });
  return box;
}

/** Call a function with every position of a GeoJSON geometry. */
export function eachPosition(geometry, told) {
  const walk = (part) => (typeof part[0] === "number" ? told(part) : part.forEach(walk));
  if (geometry.geometries) geometry.geometries.forEach((part) => eachPosition(part, told));
  else walk(geometry.coordinates);
}

/** Area in square pixels that the rings of a geometry enclose, by the surveyor's formula; 0 for lines and points. */
export function areaOf(geometry) {
  const ring = (corners) => corners.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = corners[(at + 1) % corners.length];
    return sum + x * nextY - nextX * y;
  }, 0) / 2;
  const polygon = (rings) => rings.reduce((sum, one, at) => sum + (at ? -1 : 1) * Math.abs(ring(one)), 0);
  if (geometry.type === "Polygon") return polygon(geometry.coordinates);
  if (geometry.type === "MultiPolygon") return geometry.coordinates.reduce((sum, one) => sum + polygon(one), 0);
  return 0;
}

/** Where a sign of a shape stands: in the middle of a line's way, else in the middle of its box. */
export function anchorOf(geometry, box) {
  if (geometry.type !== "LineString") return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const { coordinates } = geometry;
  const lengths = coordinates.slice(1).map(([x, y], at) => Math.hypot(x - coordinates[at][0], y - coordinates[at][1]));
  let left = lengths.reduce((sum, one) => sum + one, 0) / 2;
  for (const [at, length] of lengths.entries()) {
    if (left <= length && length > 0) {
      const [from, to] = [coordinates[at], coordinates[at + 1]];
      return [from[0] + ((to[0] - from[0]) * left) / length, from[1] + ((to[1] - from[1]) * left) / length];
    }
    left -= length;
  }
  return coordinates[0];
}

function drawingOf({ geometry, properties }, before) {
  return {
    ordinal: properties.ordinal,
    shape: properties.kind,
    ink: properties.ink,
    pattern: properties.pattern,
    width: properties.width_px,
    confidence: properties.confidence,
    state: properties.state,
    proposed: properties.proposed_kind ?? null,
    featureId: properties.feature_id ?? null,
    kind: properties.feature_kind ?? null,
    name: properties.name ?? "",
    parts: properties.parts ?? [],
    isHand: false,
    ...shapeOf(geometry),
    // Of an object, its corners may have been moved since: that is told with the object.
    ...(before && before.featureId && before.featureId === properties.feature_id ? { attributes: before.attributes, version: before.version, ...shapeOf(before.geometry) } : {}),
    found: geometry,
  };
}

/** An object that was drawn by hand on the sheet, as the page keeps it. */
function drawnOf({ id, properties }, ordinal) {
  const geometry = properties.pixel_geometry;
  const shape = { Point: "point", MultiPoint: "point", LineString: "line", MultiLineString: "line" }[geometry.type] ?? "polygon";
  return { ordinal, shape, ink: properties.ink ?? "black", pattern: "solid", width: 0, confidence: 1, state: "accepted", proposed: null, featureId: id, version: properties.version, kind: properties.kind, name: properties.name_ky ?? "", parts: [], attributes: properties.attributes ?? {}, isHand: true, ...shapeOf(geometry) };
}

function shapeOf(geometry) {
  const box = boxOf(geometry);
  return { geometry, box, anchor: anchorOf(geometry, box), area: areaOf(geometry) };
}

/** Whether two geometries are the same to a fiftieth of a pixel. */
export function isSameShape(one, two) {
  if (one === two) return true;
  if (one.type !== two.type) return false;
  const first = [], second = [];
  eachPosition(one, (position) => first.push(position));
  eachPosition(two, (position) => second.push(position));
  return first.length === second.length && first.every(([x, y], at) => Math.abs(x - second[at][0]) < 0.02 && Math.abs(y - second[at][1]) < 0.02);
}

export class Drawings {
  #all = new Map();
  #heard = [];

  /** Hear of changes: `told(ordinals, shapes)`, the second those that are new, gone or of another shape. */
  hear(told) { this.#heard.push(told); }
  #tell(ordinals, shapes = []) { for (const told of this.#heard) told(ordinals, shapes); }

  get(ordinal) { return this.#all.get(ordinal); }
  get all() { return [...this.#all.values()]; }
  get size() { return this.#all.size; }

  /** Take what the service tells of candidates, GeoJSON features in pixels; shapes that were not known are added. */
  take(features, { whole = false } = {}) {
    const told = new Set(), shapes = [];
    for (const feature of features) {
      const known = this.#all.get(feature.properties.ordinal);
      const drawing = drawingOf(feature, known);
      if (!known || !isSameShape(known.geometry, drawing.geometry) || (known.state === "merged") !== (drawing.state === "merged")) shapes.push(drawing.ordinal);
      this.#all.set(drawing.ordinal, drawing);
      told.add(drawing.ordinal);
    }
    if (whole) for (const ordinal of [...this.#all.keys()]) if (ordinal > 0 && !told.has(ordinal)) { this.#all.delete(ordinal); shapes.push(ordinal); }
    this.#tell([...told], shapes);
  }

  /**
   * Take what the service tells of objects, GeoJSON features with `pixel_geometry`: what became of candidates, and what
   * was drawn by hand, which gets a number of this page below zero. `withdrawn` are ids of objects that are gone.
   */
  takeObjects(features, withdrawn = []) {
    const ordinalOf = new Map(this.all.filter((one) => one.featureId).map((one) => [one.featureId, one.ordinal]));
    const told = [], shapes = [];
    for (const feature of features) {
      const { properties } = feature, id = feature.id ?? properties.id, geometry = properties.pixel_geometry;
      const ordinal = ordinalOf.get(id);
      const known = this.#all.get(ordinal);
      if (!geometry || (!known && properties.candidate_id)) continue;
      if (!known) {
        this.#lastDrawn -= 1;
        this.#all.set(this.#lastDrawn, drawnOf({ id, properties }, this.#lastDrawn));
        told.push(this.#lastDrawn);
        shapes.push(this.#lastDrawn);
        continue;
      }
      const isOther = !isSameShape(known.geometry, geometry);
      this.#all.set(ordinal, { ...known, version: properties.version, kind: properties.kind, name: properties.name_ky ?? "", attributes: properties.attributes ?? {}, ...(isOther ? shapeOf(geometry) : {}) });
      if (isOther) shapes.push(ordinal);
      told.push(ordinal);
    }
    for (const id of withdrawn) {
      const ordinal = ordinalOf.get(id), known = this.#all.get(ordinal);
      if (known?.isHand) this.#all.delete(ordinal);
      else if (known && known.featureId === id) this.#all.set(ordinal, { ...known, featureId: null, attributes: undefined, ...shapeOf(known.found) });
      else continue;
      told.push(ordinal);
      shapes.push(ordinal);
    }
    if (told.length) this.#tell(told, shapes);
  }
  #lastDrawn = 0;

  /** Change what is said of some candidates, before the service has heard it; returns what they were. */
  patch(ordinals, change) {
    const before = [];
    for (const ordinal of ordinals) {
      const known = this.#all.get(ordinal);
      if (!known) continue;
      before.push(known);
      this.#all.set(ordinal, { ...known, ...(typeof change === "function" ? change(known) : change) });
    }
    this.#tell(ordinals);
    return before;
  }

  /** Put candidates back as they were. */
  restore(before) {
    for (const one of before) {
      // What the service has told since of its version still holds.
      const now = this.#all.get(one.ordinal);
      this.#all.set(one.ordinal, now?.featureId === one.featureId ? { ...one, version: now.version } : one);
    }
    this.#tell(before.map((one) => one.ordinal));
  }

  /** The version of an object that this page has seen; undefined where it does not know the object. */
  versionOf(featureId) { return this.all.find((one) => one.featureId === featureId)?.version; }

  isUndecided(one) { return one.state === UNDECIDED && one.shape !== "text"; }
  get undecided() { return this.all.filter((one) => this.isUndecided(one)); }

  /** How many are decided, and of how many: words, and what went into a merged shape, do not count. */
  get counts() {
    let of = 0, undecided = 0;
    for (const one of this.#all.values()) {
      if (one.shape === "text" || one.state === "merged" || one.isHand) continue;
      of += 1;
      if (one.state === UNDECIDED) undecided += 1;
    }
    return { of, decided: of - undecided, undecided };
  }

  /**
   * Undecided candidates of the same ink, pattern and shape, the one itself left out.
   * `alikeInSize` leaves out what is more than three times as large or small.
   */
  like(one, { alikeInSize = false } = {}) {
    const measure = (drawing) => (drawing.shape === "polygon" ? Math.sqrt(drawing.area) : drawing.width);
    const own = measure(one);
    return this.undecided.filter((other) => {
      if (other.ordinal === one.ordinal || other.ink !== one.ink || other.pattern !== one.pattern || other.shape !== one.shape) return false;
      const size = measure(other);
      return !alikeInSize || (size <= own * 3 && size >= own / 3);
    });
  }

  /** The next undecided candidate in reading order after one, among those that `isShown`; null when all is decided. */
  next(after, isShown, step = 1) {
    const open = this.undecided.filter((one) => isShown(one) || one.ordinal === after);
    if (!open.length) return null;
    if (step < 0) return open.filter((one) => one.ordinal < (after ?? Infinity)).at(-1) ?? open.at(-1);
    return open.find((one) => one.ordinal > (after ?? -Infinity)) ?? open[0];
  }

  /** Words that stand near a candidate, the nearest first. */
  words(one, most = 2) {
    const away = (text) => Math.hypot(Math.max(text.box[0] - one.box[2], one.box[0] - text.box[2], 0), Math.max(text.box[1] - one.box[3], one.box[1] - text.box[3], 0));
    const reach = 0.06 * Math.max(...this.extent);
    return this.all.filter((text) => text.shape === "text" && away(text) < reach).sort((a, b) => away(a) - away(b)).slice(0, most);
  }

  extent = [1, 1];
}
