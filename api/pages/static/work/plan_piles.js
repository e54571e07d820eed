// Signs of the plan that would lie over each other: they stand beside their place, and too many become a pile to open.
import { LngLatBounds, Marker, Popup } from "maplibre-gl";
import { make } from "./elements.js";
import { number, say } from "./words.js";

const HEIGHT = 30;
const GAP = 4;
const PILE = 60; // pixels kept free for a pile
const FARTHEST = 80; // pixels that a sign may stand away from its place; wide ones and piles may farther

/** Lay pins ({ key, marker, width, lonlat, spoken, pick }) out so that none covers another. */
export class Piles {
  #piles = [];
  #popup = null;

  constructor(map) {
    this.map = map;
  }

  /** Lay all of them out for the map as it is seen now. */
  lay(pins) {
    const open = this.#popup?.isOpen() ? this.#popup.keys : null;
    const focused = this.#piles.find(({ marker }) => marker.getElement() === document.activeElement)?.keys;
    for (const { marker } of this.#piles) marker.remove();
    this.#piles = [];
    const { clientWidth, clientHeight } = this.map.getContainer();
    const boxes = pins.map((pin) => ({ pin, width: pin.width, ...this.map.project(pin.lonlat) }));
    const { placed, piles } = laidOut(boxes, { width: clientWidth, height: clientHeight });
    for (const { pile } of piles) for (const { pin } of pile) pin.marker.getElement().hidden = true;
    for (const { box, offset } of placed) show(box.pin.marker, offset);
    for (const { pile, offset } of piles) this.#pile(pile.map(({ pin }) => pin), offset);
    if (open && !this.#piles.some(({ keys }) => keys === open)) this.close();
    this.#piles.find(({ keys }) => keys === focused)?.marker.getElement().focus();
  }

  /** The signs of the piles, and which activities are in each. */
  get signs() { return this.#piles.map(({ marker, pins }) => ({ element: marker.getElement(), ids: pins.map((pin) => pin.id) })); }

  close() {
    this.#popup?.remove();
    this.#popup = null;
  }

  #pile(pins, offset) {
    const bounds = new LngLatBounds();
    for (const pin of pins) bounds.extend(pin.lonlat);
    const spoken = say("plan_page.pile", { count: number(pins.length) });
    const element = make("button", { type: "button", className: "pin pile", text: number(pins.length), title: pins.map((pin) => pin.spoken).join("\n") });
    const marker = new Marker({ element }).setLngLat(pins[0].lonlat).addTo(this.map);
    show(marker, offset);
    element.setAttribute("aria-label", spoken);
    element.setAttribute("aria-haspopup", "true");
    const keys = pins.map((pin) => pin.key).join();
    element.addEventListener("click", (event) => { event.stopPropagation(); this.#open(keys, pins, bounds, spoken); });
    this.#piles.push({ keys, marker, pins });
  }

  /** Tell what is in a pile; each can be gone to by keys, too. */
  #open(keys, pins, bounds, spoken) {
    this.close();
    const list = make("ul", { className: "pile-list" }, ...pins.map((pin) => make("li", {}, make("button", { type: "button", className: "plain", text: pin.spoken, on: { click: () => { this.close(); pin.pick(); } } }))));
    const content = make("div", {}, make("h3", { text: spoken }), list);
    if (bounds.getNorthEast().distanceTo(bounds.getSouthWest()) > 1) {
      content.append(make("button", { type: "button", className: "secondary", text: say("plan_page.pile.closer"), on: { click: () => { this.close(); this.map.fitBounds(bounds, { padding: 80, maxZoom: 19, animate: false }); } } }));
    }
    content.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
      this.#piles.find((one) => one.keys === keys)?.marker.getElement().focus();
    });
    this.#popup = new Popup({ className: "pile-popup", maxWidth: "340px", closeButton: false, offset: HEIGHT / 2 }).setLngLat(bounds.getCenter()).setDOMContent(content).addTo(this.map);
    this.#popup.keys = keys;
    content.querySelector("button").focus();
  }
}

/** Show a sign beside its place, with a line to it. */
function show(marker, [right, down]) {
  const element = marker.getElement();
  element.hidden = false;
  marker.setOffset([right, down]);
  element.style.setProperty("--far", `${Math.hypot(right, down)}px`);
  element.style.setProperty("--turn", `${Math.atan2(-down, -right)}rad`);
}

/**
 * Find a place for each box ({ x, y, width }, middles in pixels): its own, else the nearest free one beside it, within
 * the frame ({ width, height }) where its own is. What finds none goes onto a pile with what is near.
 */
export function laidOut(boxes, frame) {
  const taken = [];
  const placed = [];
  const piles = [];
  const isFree = (x, y, width) => taken.every((other) => Math.abs(x - other.x) >= (width + other.width) / 2 + GAP || Math.abs(y - other.y) >= HEIGHT + GAP);
  const free = (box, width) => {
    const ways = around(width).filter(([right, down]) => isFree(box.x + right, box.y + down, width));
    const offset = (isWithin(frame, box.x, box.y) && ways.find(([right, down]) => isWithin(frame, box.x + right, box.y + down, width, HEIGHT))) || ways[0];
    if (offset) taken.push({ box, x: box.x + offset[0], y: box.y + offset[1], width });
    return offset;
  };
  const lastAround = ({ x, y }) => placed.findLastIndex(({ box }) => Math.hypot(box.x - x, box.y - y) < 2 * FARTHEST);
  // Wide signs come last: of a short one more is found under a wide one than the other way round.
  for (const box of [...boxes].sort((one, other) => one.width - other.width)) {
    const offset = free(box, box.width);
    if (offset) {
      placed.push({ box, offset });
      continue;
    }
    const near = piles.find(([first]) => Math.hypot(first.x - box.x, first.y - box.y) < FARTHEST);
    if (near) near.push(box);
    else piles.push([box]);
  }
  const found = piles.map((pile) => {
    let offset = free(pile[0], PILE);
    // Where no place is left, the signs around that came last give theirs up and go onto the pile.
    for (let last = lastAround(pile[0]); !offset && last >= 0; last = lastAround(pile[0])) {
      const [{ box }] = placed.splice(last, 1);
      taken.splice(taken.findIndex((one) => one.box === box), 1);
      pile.push(box);
      offset = free(pile[0], PILE);
    }
    return { pile, offset: offset ?? [0, 0] };
  });
  for (const { pile, offset } of found) if (pile.length === 1) placed.push({ box: pile[0], offset });
  return { placed, piles: found.filter(({ pile }) => pile.length > 1) };
}

/** Whether a box (middle and size) is within a frame. */
const isWithin = (frame, x, y, width = 0, height = 0) => x >= width / 2 && x <= frame.width - width / 2 && y >= height / 2 && y <= frame.height - height / 2;

/** Offsets from nearest to farthest at which a box of a width may stand. */
function around(width) {
  const [across, up] = [Math.min(width, 60) / 2 + GAP, HEIGHT + GAP];
  const found = [];
  for (let row = -5; row <= 5; row += 1) for (let column = -5; column <= 5; column += 1) found.push([column * across, row * up]);
  const farthest = width >= PILE ? 2 * FARTHEST : FARTHEST;
  return found.filter(([right, down]) => Math.hypot(right, down) <= farthest).sort((one, other) => Math.hypot(...one) - Math.hypot(...other));
}
