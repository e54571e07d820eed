// A magnifying glass in the corner of a view: what lies exactly under a point while it is moved.

const MAGNIFIES = 4;

export class Loupe {
  #place = null;
  #at = null;

  /** `magnify(context, place, size)` draws the surroundings itself; without it the map's own picture is enlarged. */
  constructor(canvas, map, magnify) {
    Object.assign(this, { canvas, map, magnify });
    map.on("render", () => { if (!canvas.hidden) this.#draw(); });
  }

  /** Look at a place; `at` is the same for the map. */
  look(place, at) {
    this.#place = place;
    this.#at = at;
    const spot = this.map.project(at);
    const size = this.canvas.width;
    // Never under the finger: in the other corner where the point comes near.
    this.canvas.classList.toggle("right", spot.x < size + 60 && spot.y < size + 60);
    this.canvas.hidden = false;
    this.map.triggerRepaint();
  }

  rest() { this.canvas.hidden = true; }

  /** Drawn while the map is: afterwards its canvas is empty for others. */
  #draw() {
    const { width: size } = this.canvas;
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, size, size);
    context.imageSmoothingEnabled = false;
    if (!this.magnify?.(context, this.#place, size)) {
      const source = this.map.getCanvas();
      const scale = source.width / source.clientWidth;
      const spot = this.map.project(this.#at);
      const seen = (size / MAGNIFIES) * scale;
      context.drawImage(source, spot.x * scale - seen / 2, spot.y * scale - seen / 2, seen, seen, 0, 0, size, size);
    }
    for (const [colour, width] of [["#fff", 3], ["#000", 1]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(size / 2, 0); context.lineTo(size / 2, size * 0.42);
      context.moveTo(size / 2, size * 0.58); context.lineTo(size / 2, size);
      context.moveTo(0, size / 2); context.lineTo(size * 0.42, size / 2);
      context.moveTo(size * 0.58, size / 2); context.lineTo(size, size / 2);
      context.stroke();
    }
    context.fillStyle = "#e00";
    context.fillRect(size / 2 - 1, size / 2 - 1, 2, 2);
  }
}

/** A `magnify` that shows the pixels of a picture, each `enlarged` pixels of the screen wide; fetched when first wanted. */
export function pictureGlass(address, width, enlarged = 8) {
  let picture = null;
  return (context, [x, y], size) => {
    if (!picture) {
      picture = new Image();
      picture.src = address;
    }
    if (!picture.complete || !picture.naturalWidth) return false;
    const scale = picture.naturalWidth / width; // the picture may have come smaller than the sheet's pixels
    const seen = (size / enlarged) * scale;
    context.drawImage(picture, x * scale - seen / 2, y * scale - seen / 2, seen, seen, 0, 0, size, size);
    return true;
  };
}
