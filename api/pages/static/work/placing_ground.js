// What the ground shows under the points: other sheets, what is on the map already, the warped sheet, residual arrows.
import { data, metres, number, say } from "./words.js";

const LONGEST_ARROW = 0.14; // of the view's shorter side
const FACTORS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const NOTHING = { type: "FeatureCollection", features: [] };
const corners = ([west, south, east, north]) => [[west, north], [east, north], [east, south], [west, south]];

export class Ground {
  #lines = [];
  #shown = null;

  /** `layers` draw what is on the map already. */
  constructor(map, note, layers) {
    Object.assign(this, { map, note, features: layers });
    map.on("moveend", () => this.#drawArrows());
    map.addSource("arrows", { type: "geojson", data: NOTHING });
    map.addImage("arrow-head", arrowHead(colour("--felt")), { pixelRatio: 2 });
    map.addLayer({ id: "arrows-halo", type: "line", source: "arrows", filter: ["==", "$type", "LineString"], paint: { "line-color": colour("--paper"), "line-width": 6 }, layout: { "line-cap": "round" } });
    map.addLayer({ id: "arrows", type: "line", source: "arrows", filter: ["==", "$type", "LineString"], paint: { "line-color": colour("--felt"), "line-width": 2.5 } });
    map.addLayer({ id: "arrow-heads", type: "symbol", source: "arrows", filter: ["==", "$type", "Point"], layout: { "icon-image": "arrow-head", "icon-rotate": ["get", "bearing"], "icon-rotation-alignment": "map", "icon-allow-overlap": true, "icon-ignore-placement": true } });
    const tiles = `${location.origin}/ogc/collections/features/tiles/WebMercatorQuad/{z}/{y}/{x}`;
    map.addSource("features", { type: "vector", tiles: [tiles], maxzoom: 16 });
    for (const layer of this.features) map.addLayer(layer, "arrows-halo");
  }

  /** Show what is on the map already, or not. */
  showFeatures(shown) {
    for (const layer of this.features) this.map.setLayoutProperty(layer.id, "visibility", shown ? "visible" : "none");
  }

  /** Lay another sheet of the village under everything, or take it away. */
  showOther(other, shown) {
    const id = `other-${other.id}`;
    if (!this.map.getSource(id) && shown) {
      this.map.addSource(id, { type: "image", url: `/api/v1/sheets/${other.id}/overlay`, coordinates: corners(other.bounds) });
      this.map.addLayer({ id, type: "raster", source: id, paint: { "raster-opacity": 0.8, "raster-fade-duration": 0 } }, this.features[0].id);
    } else if (this.map.getLayer(id)) {
      this.map.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
    }
  }

  /** Show the sheet as it would lie, a picture in bounds [west, south, east, north]; null takes it away. */
  async showPreview(overlay) {
    const { map } = this;
    this.#shown = overlay;
    if (!overlay) return void (map.getLayer("preview") && map.setLayoutProperty("preview", "visibility", "none"));
    const picture = new Image();
    picture.src = overlay.png;
    await picture.decode();
    if (overlay !== this.#shown) return; // a newer one came meanwhile
    if (!map.getSource("preview")) {
      map.addSource("preview", { type: "image", coordinates: corners(overlay.bounds) });
      map.addLayer({ id: "preview", type: "raster", source: "preview", paint: { "raster-opacity": this.opacity ?? 0.7, "raster-fade-duration": 0 } }, "arrows-halo");
    }
    map.getSource("preview").updateImage({ image: picture, coordinates: corners(overlay.bounds) });
    map.setLayoutProperty("preview", "visibility", "visible");
    map.getContainer().dataset.preview = String(Number(map.getContainer().dataset.preview ?? 0) + 1);
  }

  setOpacity(part) {
    this.opacity = part;
    if (this.map.getLayer("preview")) this.map.setPaintProperty("preview", "raster-opacity", part);
  }

  /** Show where each point falls: [{ from: [lon, lat], to: [lon, lat], metres }]. */
  showArrows(lines) {
    this.#lines = lines;
    this.#drawArrows();
  }

  get bounds() { return this.#shown?.bounds ?? null; }

  #drawArrows() {
    const lines = this.#lines.filter((one) => one.metres > 0.005);
    const factor = this.#factor(lines);
    this.note.hidden = lines.length === 0;
    if (lines.length) {
      const longest = Math.max(...lines.map((one) => one.metres));
      this.note.textContent = say(factor === 1 ? "georef.arrows_true" : "georef.arrows", { factor: number(factor), longest: metres(longest) });
    }
    const features = lines.flatMap(({ from, to }) => {
      const end = [from[0] + (to[0] - from[0]) * factor, from[1] + (to[1] - from[1]) * factor];
      const bearing = (Math.atan2((to[0] - from[0]) * Math.cos((from[1] * Math.PI) / 180), to[1] - from[1]) * 180) / Math.PI;
      return [
        { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [from, end] } },
        { type: "Feature", properties: { bearing }, geometry: { type: "Point", coordinates: end } },
      ];
    });
    this.map.getSource("arrows")?.setData({ type: "FeatureCollection", features });
  }

  /** How many times longer arrows are drawn than they are, so that one sees them: 1, 2, 5, 10 … */
  #factor(lines) {
    if (!lines.length) return 1;
    const { clientWidth, clientHeight } = this.map.getContainer();
    const most = LONGEST_ARROW * Math.min(clientWidth, clientHeight);
    const longest = Math.max(...lines.map(({ from, to }) => {
      const [one, other] = [this.map.project(from), this.map.project(to)];
      return Math.hypot(one.x - other.x, one.y - other.y);
    }));
    return FACTORS.findLast((factor) => longest * factor <= most) ?? 1;
  }
}

/** Bounds [west, south, east, north] of places [lon, lat]; null of none. */
export function boundsOf(places) {
  if (!places.length) return null;
  const [lons, lats] = [0, 1].map((axis) => places.map((one) => one[axis]));
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** What the ground opens on: the points, else the other sheets, else the village. */
export function firstView(points) {
  const known = boundsOf([...points.map((one) => one.lonlat), ...(points.length > 1 ? [] : data.others.flatMap(({ bounds: [w, s, e, n] }) => [[w, s], [e, n]]))].filter(Boolean));
  const isSmall = !known || (known[2] - known[0] < 1e-5 && known[3] - known[1] < 1e-5);
  return isSmall ? { centre: points[0]?.lonlat ?? data.lonlat, zoom: 14.5 } : { bounds: known };
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function arrowHead(fill) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 28;
  const context = canvas.getContext("2d");
  context.fillStyle = fill;
  context.beginPath();
  context.moveTo(14, 1);
  context.lineTo(25, 24);
  context.lineTo(14, 18);
  context.lineTo(3, 24);
  context.fill();
  return context.getImageData(0, 0, 28, 28);
}
