// The photo with what was traced over it. What changes from key press to key press is the state of a shape in the map
// (MapLibre's feature state), never its data: so ten thousand shapes stay quick.
import { openSheet, sheetBounds, toFake, toPixel, turned, zoomOfPixel } from "./sheet_space.js";

const REACH_PX = 7; // how far from a shape a pointer may be, on the screen

const state = (name, otherwise) => ["coalesce", ["feature-state", name], otherwise];
const isOn = (name) => ["==", state(name, 0), 1];
const shown = (opacity) => ["*", state("shown", ["get", "shown"]), opacity];
const tone = ["to-color", state("tone", ["get", "tone"])];
const isDecided = ["==", state("decided", ["get", "decided"]), 1];
const glow = ["case", isOn("picked"), 0.95, isOn("hover"), 0.75, isOn("like"), 0.5, 0];

const layersIn = ({ picked, like, paper }) => [
  { id: "candidate-areas", type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: {
    "fill-color": ["case", isOn("picked"), picked, tone],
    "fill-opacity": shown(["case", isOn("picked"), 0.22, isOn("hover"), 0.2, isDecided, 0.2, 0.03]) } },
  { id: "candidate-glow", type: "line", filter: ["!=", ["geometry-type"], "Point"], paint: {
    "line-color": ["case", isOn("picked"), picked, isOn("like"), like, tone], "line-width": 13, "line-blur": 7, "line-opacity": shown(glow) } },
  { id: "candidate-casing", type: "line", filter: ["!=", ["geometry-type"], "Point"], paint: {
    "line-color": paper, "line-width": ["case", isOn("picked"), 7, isDecided, 6.5, 4], "line-opacity": shown(["*", ["case", isOn("picked"), 0.9, isDecided, 0.9, 0.4], state("strength", ["get", "strength"])]) } },
  { id: "candidate-lines", type: "line", filter: ["!=", ["geometry-type"], "Point"], layout: { "line-join": "round", "line-cap": "round" }, paint: {
    "line-color": ["case", isOn("picked"), picked, tone], "line-width": ["case", isOn("picked"), 4, isDecided, 3.5, isOn("hover"), 3, 1.25], "line-opacity": shown(state("strength", ["get", "strength"])) } },
  { id: "candidate-points", type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: {
    "circle-color": paper, "circle-radius": ["case", isOn("picked"), 9, isOn("hover"), 8, 4.5], "circle-opacity": shown(["case", isOn("picked"), 0.5, isDecided, 0.8, 0.35]),
    "circle-stroke-color": ["case", isOn("picked"), picked, isOn("like"), like, tone], "circle-stroke-width": ["case", isOn("picked"), 4, isDecided, 3.5, 1.5], "circle-stroke-opacity": shown(state("strength", ["get", "strength"])) } },
];

/** How a candidate is drawn: its colour, whether it is decided, how strong, and whether at all. */
function lookOf(one, { tones, colours, isShown }) {
  const decided = one.state === "accepted" ? 1 : 0;
  const colour = decided ? tones[one.kind] ?? colours.open : one.shape === "text" ? colours.words : one.state === "rejected" ? colours.rejected : tones[one.proposed] ?? colours.open;
  const strength = one.shape === "text" ? 0.35 : one.state === "rejected" ? 0.6 : 1;
  return { tone: colour, decided, strength, shown: isShown(one) ? 1 : 0 };
}

export class SheetView {
  hover = null;
  #picked = new Set();
  #like = new Set();
  #waiting = new Set();
  #signed = new Set(); // those with a sign on the map

  /** Open the sheet's picture with its candidates; `tones` are colours by kind, `isShown(one)` says what the filter lets through. */
  static async open(element, sheet, drawings, { tones, colours, isShown, signOf }) {
    const view = new SheetView();
    view.map = await openSheet(element, sheet);
    Object.assign(view, { drawings, tones, colours, isShown, element });
    view.map.boxZoom.disable(); // Shift and a drag are the lasso's
    view.map.doubleClickZoom.disable(); // a second click goes to the shape beneath
    view.map.addSource("candidates", { type: "geojson", data: view.#collection(), promoteId: "ordinal", buffer: 32 });
    for (const layer of layersIn(colours)) view.map.addLayer({ ...layer, source: "candidates" });
    view.map.setMissingStyleImageResolver(async (id) => {
      const image = await signOf(id);
      if (image && !view.map.hasImage(id)) view.map.addImage(id, image, { pixelRatio: 2 });
    });
    view.map.addSource("signs", { type: "geojson", data: view.#signs(), promoteId: "ordinal" });
    view.map.addLayer({ id: "signs", type: "symbol", source: "signs", layout: { "icon-image": ["get", "kind"], "icon-size": ["interpolate", ["linear"], ["zoom"], zoomOfPixel(0.1), 0.5, zoomOfPixel(0.6), 0.9], "icon-allow-overlap": false, "icon-padding": 0 } });
    drawings.hear((ordinals, shapes) => {
      if (shapes.length) view.#redraw(shapes);
      view.#changed(ordinals);
    });
    element.dataset.hover = "";
    // Where a pixel of the photo stands in the window: who points at things from outside, tours and tests, needs it.
    element.placeOf = (pixel) => {
      const { x, y } = view.map.project(toFake(pixel)), frame = element.getBoundingClientRect();
      return [frame.left + x, frame.top + y];
    };
    await view.map.once("idle");
    return view;
  }

  #collection() {
    return { type: "FeatureCollection", features: this.drawings.all.filter((one) => one.state !== "merged").map((one) => this.#shape(one)) };
  }

  #shape(one) { return { type: "Feature", geometry: turned(one.geometry, toFake), properties: { ordinal: one.ordinal, ...lookOf(one, this) } }; }

  #signs() {
    const signed = this.drawings.all.filter((one) => one.state === "accepted" && this.isShown(one));
    this.#signed = new Set(signed.map((one) => one.ordinal));
    return { type: "FeatureCollection", features: signed.map((one) => this.#signOf(one)) };
  }

  #signOf({ ordinal, anchor, kind }) { return { type: "Feature", geometry: { type: "Point", coordinates: toFake(anchor) }, properties: { ordinal, kind } }; }

  /** Draw shapes that are new or other, and take away those that are gone. */
  #redraw(ordinals) {
    const standing = ordinals.map((ordinal) => this.drawings.get(ordinal)).filter((one) => one && one.state !== "merged");
    this.map.getSource("candidates").updateData({ remove: ordinals, add: standing.map((one) => this.#shape(one)) });
    for (const ordinal of ordinals) if (!this.drawings.get(ordinal)) this.#waiting.add(ordinal);
    for (const ordinal of this.#picked) this.#set(ordinal, { picked: 1 });
  }

  #changed(ordinals) {
    for (const ordinal of ordinals) {
      const one = this.drawings.get(ordinal);
      if (one) this.#set(ordinal, { ...lookOf(one, this), ...(one.state === "merged" ? { shown: 0 } : {}) });
      this.#waiting.add(ordinal);
    }
    this.#frame ||= requestAnimationFrame(() => this.#sign());
  }
  #frame = 0;

  /** Bring the signs up to date: only those that changed. */
  #sign() {
    const add = [], remove = [];
    for (const ordinal of this.#waiting) {
      const one = this.drawings.get(ordinal);
      if (this.#signed.delete(ordinal)) remove.push(ordinal);
      if (one?.state === "accepted" && this.isShown(one)) {
        this.#signed.add(ordinal);
        add.push(this.#signOf(one));
      }
    }
    this.#waiting.clear();
    this.#frame = 0;
    if (add.length || remove.length) this.map.getSource("signs").updateData({ remove, add });
  }

  #set(ordinal, look) { this.map.setFeatureState({ source: "candidates", id: ordinal }, look); }

  /** Draw everything by the filter as it is now. */
  refilter() { this.#changed(this.drawings.all.map((one) => one.ordinal)); }

  setHover(ordinal) {
    if (ordinal === this.hover) return false;
    if (this.hover !== null) this.#set(this.hover, { hover: 0 });
    this.hover = ordinal;
    this.element.dataset.hover = ordinal ?? "";
    if (ordinal !== null) this.#set(ordinal, { hover: 1 });
    this.map.getCanvas().style.cursor = ordinal === null ? "" : "pointer";
    return true;
  }

  setPicked(ordinals) {
    for (const ordinal of this.#picked) if (!ordinals.has(ordinal)) this.#set(ordinal, { picked: 0 });
    for (const ordinal of ordinals) if (!this.#picked.has(ordinal)) this.#set(ordinal, { picked: 1 });
    this.#picked = new Set(ordinals);
    this.element.dataset.picked = ordinals.size > 9 ? "" : [...ordinals].join(" ");
  }

  /** Mark what an offer is about. */
  setLike(ordinals) {
    const next = new Set(ordinals);
    for (const ordinal of this.#like) if (!next.has(ordinal)) this.#set(ordinal, { like: 0 });
    for (const ordinal of next) if (!this.#like.has(ordinal)) this.#set(ordinal, { like: 1 });
    this.#like = next;
  }

  /** Candidates under a place of the screen, the most likely meant first: marks, strokes, then the smallest area. */
  under({ x, y }) {
    const box = [[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]];
    const found = this.map.queryRenderedFeatures(box, { layers: ["candidate-points", "candidate-lines", "candidate-areas"] });
    const here = toPixel(this.map.unproject([x, y]));
    const rank = new Map();
    for (const feature of found) {
      const one = this.drawings.get(feature.properties.ordinal);
      if (!one || one.state === "merged" || one.shape === "text" || !this.isShown(one)) continue;
      const [left, top, right, bottom] = one.box;
      const middle = Math.hypot(here[0] - (left + right) / 2, here[1] - (top + bottom) / 2);
      // A small closed shape is meant wherever it is touched; a large one only by its outline, or where nothing else is.
      const isEdge = feature.layer.id !== "candidate-areas";
      const size = one.shape === "polygon" ? Math.sqrt(one.area) : one.shape === "point" ? 0 : 1;
      const value = (isEdge ? 0 : 1e6 * (one.shape === "polygon" ? 1 : 0) * (size > 400 ? 1 : 0)) + (one.state === "rejected" ? 1e8 : 0) + size * 100 + middle * 0.01;
      if (!rank.has(one.ordinal) || rank.get(one.ordinal) > value) rank.set(one.ordinal, value);
    }
    return [...rank.entries()].sort((a, b) => a[1] - b[1]).map(([ordinal]) => ordinal);
  }

  /** Show the whole sheet again. */
  whole() { this.map.fitBounds(sheetBounds({ width_px: this.sheetSize.width, height_px: this.sheetSize.height }), { padding: 16, animate: false }); }

  /** Bring a candidate into the middle, close enough to be seen, without more movement than is needed. */
  flyTo(one) {
    const [left, top, right, bottom] = one.box;
    const { clientWidth, clientHeight } = this.element;
    const wanted = Math.min(clientWidth / Math.max(right - left, 1), clientHeight / Math.max(bottom - top, 1)) * 0.5;
    const zoom = Math.min(Math.max(this.map.getZoom(), zoomOfPixel(0.3)), zoomOfPixel(wanted), zoomOfPixel(1.5));
    const centre = toFake([(left + right) / 2, (top + bottom) / 2]);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still) this.map.jumpTo({ center: centre, zoom });
    else this.map.easeTo({ center: centre, zoom, duration: 220 });
  }
}
