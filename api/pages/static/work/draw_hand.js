// Drawing by hand in the pixels of the sheet: what was missed, a cut through a shape, the corners of a shape.
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { toFake, toPixel, turned } from "./sheet_space.js";

const SNAP_PX = 12; // how near on the screen a corner jumps to what is drawn there
const FINISH_PX = matchMedia("(pointer: coarse)").matches ? 30 : SNAP_PX; // a click as near to the first or the last corner ends the shape
const MODE_OF = { point: "point", line: "linestring", area: "polygon", cut: "linestring" };
const SNAPPING = (snap) => ({ toCustom: snap });

/** Whether a shape's corners can be moved here: one line, one point, or one area without holes. */
export const canBeEdited = ({ geometry }) => geometry.type === "Point" || geometry.type === "LineString" || (geometry.type === "Polygon" && geometry.coordinates.length === 1);

export class Hand {
  tool = "";
  #draw = null;
  #edited = null;
  /** Told when a shape is finished: `finished(tool, geometry in pixels)`. */
  finished = () => {};
  /** Told when a tool begins or ends. */
  changed = () => {};

  constructor(view, colours) {
    Object.assign(this, { view, colours });
  }

  get isOn() { return this.tool !== ""; }

  /** Begin to draw: "point", "line", "area", or "cut". */
  begin(tool) {
    this.end();
    this.#start();
    this.#draw.setMode(MODE_OF[tool]);
    this.tool = tool;
    this.view.map.getCanvas().focus();
    this.changed();
  }

  /** Let the corners of a shape be moved; a click between two corners makes a new one. */
  edit(one) {
    this.end();
    this.#start();
    const mode = { Point: "point", LineString: "linestring", Polygon: "polygon" }[one.geometry.type];
    const rounded = turned(turned(one.geometry, toFake), (position) => position.map((value) => Number(value.toFixed(9))));
    const [added] = this.#draw.addFeatures([{ type: "Feature", geometry: rounded, properties: { mode } }]);
    if (added && added.valid === false) {
      this.end();
      return false;
    }
    this.#edited = added?.id ?? this.#draw.getSnapshot()[0].id;
    this.#draw.setMode("select");
    this.#draw.selectFeature(this.#edited);
    this.tool = "edit";
    this.changed();
    return true;
  }

  /** Finish what is being drawn or edited, as Enter does. */
  finish() {
    if (this.tool === "edit") {
      const shape = this.#draw.getSnapshotFeature(this.#edited);
      const geometry = this.#inPixels(shape.geometry);
      this.end();
      this.finished("edit", geometry);
      return;
    }
    this.#press("Enter");
  }

  /** Stop; what is not finished is dropped. */
  end() {
    if (!this.tool) return;
    this.#draw.stop();
    this.#draw = null;
    this.#edited = null;
    this.tool = "";
    this.view.map.getCanvas().style.cursor = "";
    this.changed();
  }

  /** Set a corner in the middle of the picture: with the arrow keys, which move it, that draws without a mouse. */
  clickInTheMiddle() {
    const canvas = this.view.map.getCanvas();
    const frame = canvas.getBoundingClientRect();
    const at = { clientX: frame.left + frame.width / 2, clientY: frame.top + frame.height / 2, bubbles: true, isPrimary: true, pointerId: 1, pointerType: "mouse", button: 0 };
    for (const kind of ["pointermove", "pointerdown", "pointerup"]) canvas.dispatchEvent(new PointerEvent(kind, { ...at, buttons: kind === "pointerdown" ? 1 : 0 }));
  }

  #press(key) {
    const canvas = this.view.map.getCanvas();
    for (const kind of ["keydown", "keyup"]) canvas.dispatchEvent(new KeyboardEvent(kind, { key, bubbles: false }));
  }

  #inPixels(geometry) {
    const { width, height } = this.view.sheetSize;
    const within = ([x, y]) => [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)].map((value) => Math.round(value * 10) / 10);
    return turned(geometry, (position) => within(toPixel(position)));
  }

  #start() {
    const { picked: colour, paper: paper } = this.colours;
    const snap = (event) => this.#snapped(event);
    const lines = { lineStringColor: colour, lineStringWidth: 4, closingPointColor: colour, closingPointOutlineColor: paper, closingPointWidth: 6, snappingPointColor: paper, snappingPointOutlineColor: colour, snappingPointOutlineWidth: 3, snappingPointWidth: 6 };
    const corners = { coordinates: { midpoints: true, draggable: true, deletable: true, snappable: SNAPPING(snap) } };
    this.#draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map: this.view.map, coordinatePrecision: 9 }),
      modes: [
        new TerraDrawPointMode({ styles: { pointColor: colour, pointOutlineColor: paper, pointOutlineWidth: 2, pointWidth: 7 } }),
        new TerraDrawLineStringMode({ pointerDistance: FINISH_PX, snapping: SNAPPING(snap), styles: lines }),
        new TerraDrawPolygonMode({ pointerDistance: FINISH_PX, snapping: SNAPPING(snap), styles: { ...lines, fillColor: colour, fillOpacity: 0.15, outlineColor: colour, outlineWidth: 4 } }),
        new TerraDrawSelectMode({
          flags: { point: { feature: { draggable: true } }, linestring: { feature: corners }, polygon: { feature: corners } },
          // Escape and Delete are the page's own.
          keyEvents: { deselect: null, delete: "Delete", rotate: null, scale: null },
          allowManualDeselection: false,
          dragEventThrottle: Infinity, // it leaves out every so-manieth move: none, so that a corner ends where it is let go
          styles: { selectedPolygonColor: colour, selectedPolygonOutlineColor: colour, selectedPolygonOutlineWidth: 3, selectedLineStringColor: colour, selectedLineStringWidth: 4, selectedPointColor: colour, selectedPointOutlineColor: paper, selectionPointColor: paper, selectionPointOutlineColor: colour, selectionPointOutlineWidth: 3, selectionPointWidth: 7, midPointColor: colour, midPointOutlineColor: paper, midPointWidth: 4 },
        }),
      ],
    });
    this.#draw.start();
    this.#draw.on("finish", (id, context) => {
      if (context.action !== "draw") return;
      const shape = this.#draw.getSnapshotFeature(id);
      const tool = this.tool, geometry = this.#inPixels(shape.geometry);
      // Terra Draw is still inside its own click: it is stopped after that.
      setTimeout(() => {
        if (this.tool !== tool) return;
        this.end();
        this.finished(tool, geometry);
      });
    });
  }

  /** Where a corner jumps to: a corner of something traced, or else the nearest place on its stroke. */
  #snapped(event) {
    if (this.tool === "cut") return undefined; // a cut has to go through, and not to end on the stroke
    const { map, drawings } = this.view;
    const { containerX: x, containerY: y } = event;
    const near = map.queryRenderedFeatures([[x - SNAP_PX, y - SNAP_PX], [x + SNAP_PX, y + SNAP_PX]], { layers: ["candidate-points", "candidate-lines"] });
    let corner = null, place = null, toCorner = SNAP_PX, toPlace = SNAP_PX;
    for (const ordinal of new Set(near.map((feature) => feature.properties.ordinal))) {
      const one = drawings.get(ordinal);
      if (!one || one.shape === "text" || one.state === "merged" || one.state === "rejected") continue;
      for (const ring of ringsOf(one.geometry)) {
        const onScreen = ring.map((position) => { const at = map.project(toFake(position)); return [at.x, at.y]; });
        onScreen.forEach(([cornerX, cornerY], at) => {
          const away = Math.hypot(cornerX - x, cornerY - y);
          if (away < toCorner) [toCorner, corner] = [away, toFake(ring[at])];
          if (!at) return;
          const [fromX, fromY] = onScreen[at - 1], alongX = cornerX - fromX, alongY = cornerY - fromY;
          const part = Math.min(1, Math.max(0, ((x - fromX) * alongX + (y - fromY) * alongY) / (alongX ** 2 + alongY ** 2 || 1)));
          const foot = [fromX + part * alongX, fromY + part * alongY], off = Math.hypot(foot[0] - x, foot[1] - y);
          if (off < toPlace) [toPlace, place] = [off, foot];
        });
      }
    }
    const found = corner ?? (place ? map.unproject(place).toArray() : undefined);
    return found?.map((value) => Number(value.toFixed(9)));
  }
}

const ringsOf = (geometry) => (geometry.type === "Point" ? [[geometry.coordinates]] : geometry.type === "LineString" ? [geometry.coordinates] : geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat(geometry.type === "MultiPolygon" ? 1 : 0));
