// One side of the work: the sheet or the ground, with the points on it that are clicked, dragged and nudged.
import { Marker } from "maplibre-gl";
import { metresPerDegree } from "./coordinates.js";
import { Loupe } from "./placing_loupe.js";
import { toFake, toPixel } from "./sheet_space.js";
import { data, say } from "./words.js";

const { width_px: WIDTH, height_px: HEIGHT } = data.sheet;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FINE = 0.1; // with Shift: a tenth of a pixel, or of a metre
const kept = (value, digits) => Number(value.toFixed(digits));

/** What differs between the sides: which field of a point they show, and how it is turned into the map's own places. */
const SIDES = {
  sheet: {
    field: "pixel",
    toMap: toFake,
    fromMap: (place) => {
      const [x, y] = toPixel(place);
      return [kept(Math.min(Math.max(x, 0), WIDTH), 2), kept(Math.min(Math.max(y, 0), HEIGHT), 2)];
    },
    holds: (place) => {
      const [x, y] = toPixel(place);
      return x >= 0 && y >= 0 && x <= WIDTH && y <= HEIGHT;
    },
    nudged: ([x, y], [right, down], step) => [kept(Math.min(Math.max(x + right * step, 0), WIDTH), 2), kept(Math.min(Math.max(y + down * step, 0), HEIGHT), 2)],
  },
  ground: {
    field: "lonlat",
    toMap: (place) => place,
    fromMap: ({ lng, lat }) => [kept(lng, 8), kept(lat, 8)],
    holds: () => true,
    nudged: ([lon, lat], [right, down], step) => {
      const [east, north] = metresPerDegree(lat);
      return [kept(lon + (right * step) / east, 8), kept(lat - (down * step) / north, 8)];
    },
  },
};

export class Pane {
  #markers = new Map();
  #before = null;

  /** `pick(side, place)` hears where somebody clicked beside the points. */
  constructor(name, map, points, { pick, loupe, magnify }) {
    Object.assign(this, { name, map, points, side: SIDES[name] });
    this.loupe = new Loupe(loupe, map, magnify);
    map.on("click", (event) => {
      if (event.originalEvent.target.closest(".pin") || !this.side.holds(event.lngLat)) return;
      pick(name, this.side.fromMap(event.lngLat));
    });
    const canvas = map.getCanvas();
    canvas.setAttribute("aria-label", say(`georef.view.${name}`));
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !this.side.holds(map.getCenter())) return;
      event.preventDefault();
      pick(name, this.side.fromMap(map.getCenter()));
    });
  }

  /** Show the points as they are now; what is being dragged or has the focus stays the element that it is. */
  show() {
    const { all, selected } = this.points;
    const there = all.filter((one) => one[this.side.field]);
    for (const [id, marker] of this.#markers) {
      if (there.some((one) => one.id === id)) continue;
      marker.remove();
      this.#markers.delete(id);
    }
    for (const one of there) {
      const marker = this.#markers.get(one.id) ?? this.#add(one.id, this.side.toMap(one[this.side.field]));
      if (marker !== this.dragged) marker.setLngLat(this.side.toMap(one[this.side.field]));
      const pin = marker.getElement();
      const number = this.points.numberOf(one.id);
      pin.querySelector("span").textContent = number;
      pin.setAttribute("aria-label", say("georef.pin", { number, label: one.label, side: say(`georef.${this.name}`) }).trim());
      pin.setAttribute("aria-pressed", String(one.id === selected));
      pin.classList.toggle("off", !one.enabled);
      pin.classList.toggle("half", !(one.pixel && one.lonlat));
      pin.classList.toggle("suspect", one.enabled && this.points.suspects?.has(one.id) === true);
    }
  }

  /** Bring a point into the middle, closer where one sees too much to place it exactly. */
  fly(id, { zoom } = {}) {
    const place = this.points.find(id)?.[this.side.field];
    if (!place) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.easeTo({ center: this.side.toMap(place), zoom: Math.max(this.map.getZoom(), zoom ?? 0), duration: still ? 0 : 300 });
  }

  focus(id) { this.#markers.get(id)?.getElement().focus({ preventScroll: true }); }

  #add(id, place) {
    const pin = document.createElement("button");
    pin.type = "button";
    pin.className = "pin";
    pin.append(document.createElement("span"));
    const marker = new Marker({ element: pin, draggable: true, subpixelPositioning: true, clickTolerance: 3 }).setLngLat(place).addTo(this.map);
    this.#markers.set(id, marker);
    marker.on("dragstart", () => {
      this.dragged = marker;
      this.#before = this.points.snapshot();
      this.points.select(id);
      pin.focus({ preventScroll: true });
    });
    marker.on("drag", () => {
      this.points.find(id)[this.side.field] = this.side.fromMap(marker.getLngLat());
      this.loupe.look(this.points.find(id)[this.side.field], marker.getLngLat());
      this.points.told({ moving: true });
    });
    marker.on("dragend", () => {
      this.dragged = null;
      this.points.noteFrom(this.#before, say("georef.step.changed", { number: this.points.numberOf(id) }));
      this.points.told();
      this.loupe.rest();
    });
    pin.addEventListener("click", () => this.points.select(id));
    pin.addEventListener("focus", () => this.points.select(id));
    pin.addEventListener("blur", () => this.loupe.rest());
    pin.addEventListener("keydown", (event) => this.#pressed(event, id, marker));
    return marker;
  }

  #pressed(event, id, marker) {
    const direction = ARROWS[event.key];
    if (direction && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation(); // else the map moves under the point
      const place = this.side.nudged(this.points.find(id)[this.side.field], direction, event.shiftKey ? FINE : 1);
      this.points.alter(id, { [this.side.field]: place }, { key: `nudge ${this.name}` });
      this.loupe.look(place, marker.getLngLat());
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.points.remove(id);
      this.map.getCanvas().focus({ preventScroll: true });
    } else if (event.key === "Enter") {
      event.stopPropagation();
    }
  }
}
