// The ground beside the sheet: what was accepted lies there at once, at its place.
import { featureLayers, openGround } from "./ground.js";

export class Ground {
  #features = new Map();
  #hover = null;

  /** Open the ground where a placed sheet lies, with the sheet under its objects. */
  static async open(element, sheet, features, colours) {
    const ground = new Ground();
    const [west, south, east, north] = sheet.overlay_bounds;
    ground.map = await openGround(element, { bounds: [[west, south], [east, north]], controls: false });
    ground.map.fitBounds([[west, south], [east, north]], { padding: 8, animate: false }); // the little room there is
    ground.map.addSource("sheet", { type: "image", url: `/api/v1/sheets/${sheet.id}/overlay`, coordinates: [[west, north], [east, north], [east, south], [west, south]] });
    ground.map.addLayer({ id: "sheet", type: "raster", source: "sheet", paint: { "raster-opacity": 0.35, "raster-fade-duration": 0 } });
    ground.map.addSource("features", { type: "geojson", data: ground.#collection(), promoteId: "id" });
    for (const layer of await featureLayers("features")) ground.map.addLayer(layer);
    ground.map.addLayer({ id: "hovered", type: "line", source: "features", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colours.picked, "line-width": 7, "line-blur": 3, "line-opacity": ["case", ["==", ["feature-state", "hover"], 1], 0.8, 0] } });
    ground.map.addLayer({ id: "hovered-points", type: "circle", source: "features", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 15, "circle-color": colours.picked, "circle-blur": 0.5, "circle-opacity": ["case", ["==", ["feature-state", "hover"], 1], 0.6, 0] } });
    ground.take(features, []);
    return ground;
  }

  #keep(id, geometry, kind) { this.#features.set(id, { type: "Feature", geometry, properties: { id, kind } }); }
  #collection() { return { type: "FeatureCollection", features: [...this.#features.values()] }; }
  #redraw() { this.map.getSource("features").setData(this.#collection()); }

  /** Take what the service tells of objects, and take away what is withdrawn. */
  take(features, withdrawn) {
    for (const { id, geometry, properties } of features) this.#keep(id ?? properties.id, geometry, properties.kind);
    for (const id of withdrawn) this.#features.delete(id);
    this.#redraw();
    return { size: this.#features.size };
  }

  setHover(id) {
    if (id === this.#hover) return;
    if (this.#hover) this.map.setFeatureState({ source: "features", id: this.#hover }, { hover: 0 });
    this.#hover = id;
    if (id) this.map.setFeatureState({ source: "features", id }, { hover: 1 });
  }
}
