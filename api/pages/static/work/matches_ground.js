// Both drawings of every match on the map, in two line styles; what is under the finger finds its card.
import { openGround } from "./ground.js";
import { data } from "./words.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const STYLES = [["first", "--felt", [1]], ["other", "--lake", [2, 1.6]]];

export class Drawn {
  /** Called with a match's id when the pointer comes to its drawings, null when it leaves. */
  near = () => {};
  picked = () => {};

  async open(element, matches) {
    this.map = await openGround(element, matches.length ? { bounds: boundsOf(matches) } : { centre: data.lonlat, zoom: 14 });
    this.map.addSource("drawn", { type: "geojson", data: collection(matches), promoteId: "key" });
    this.#layers();
    document.addEventListener("themechange", () => this.#colours());
    for (const layer of this.#shown()) {
      this.map.on("mousemove", layer, ({ features }) => { this.map.getCanvas().style.cursor = "pointer"; this.near(features[0].properties.match); });
      this.map.on("mouseleave", layer, () => { this.map.getCanvas().style.cursor = ""; this.near(null); });
      this.map.on("click", layer, ({ features }) => this.picked(features[0].properties.match));
    }
  }

  #shown() { return STYLES.flatMap(([which]) => [`${which}-areas`, `${which}-lines`, `${which}-points`]); }

  #layers() {
    const lit = ["any", ["boolean", ["feature-state", "near"], false], ["boolean", ["feature-state", "picked"], false]];
    for (const [which, , dash] of [...STYLES].reverse()) {
      const of = ["==", ["get", "which"], which];
      const line = { "line-width": ["case", lit, 7, 3.5], "line-dasharray": dash, "line-opacity": ["case", lit, 1, 0.7] };
      const add = (name, layer) => this.map.addLayer({ id: `${which}-${name}`, source: "drawn", ...layer });
      add("areas", { type: "fill", filter: ["all", of, ["==", ["geometry-type"], "Polygon"]], paint: { "fill-opacity": ["case", lit, 0.28, 0.08] } });
      add("lines", { type: "line", filter: ["all", of, ["!=", ["geometry-type"], "Point"]], layout: { "line-join": "round" }, paint: line });
      add("points", { type: "circle", filter: ["all", of, ["==", ["geometry-type"], "Point"]], paint: { "circle-radius": ["case", lit, 13, which === "first" ? 9 : 6], "circle-stroke-width": which === "first" ? 4 : 2, "circle-stroke-opacity": ["case", lit, 1, 0.75] } });
    }
    this.#colours();
  }

  #colours() {
    for (const [which, role] of STYLES) {
      const tone = colour(role);
      this.map.setPaintProperty(`${which}-areas`, "fill-color", tone);
      this.map.setPaintProperty(`${which}-lines`, "line-color", tone);
      this.map.setPaintProperty(`${which}-points`, "circle-color", which === "first" ? colour("--card") : tone);
      this.map.setPaintProperty(`${which}-points`, "circle-stroke-color", tone);
    }
  }

  /** Show other matches. */
  show(matches) {
    this.matches = matches;
    this.map.getSource("drawn").setData(collection(matches));
  }

  /** Light up the drawings of a match, in one way (near or picked) at a time. */
  light(match, state) {
    if (this.lit?.[state] === match?.id) return;
    this.map.removeFeatureState({ source: "drawn" });
    this.lit = { ...this.lit, [state]: match?.id };
    for (const [name, id] of Object.entries(this.lit)) if (id) for (let at = 0; at < 60; at += 1) this.map.setFeatureState({ source: "drawn", id: `${id} ${at}` }, { [name]: true });
  }

  /** Bring the drawings of a match into view. */
  look(match) {
    const bounds = boundsOf([match]);
    if (bounds) this.map.fitBounds(bounds, { padding: 70, maxZoom: 17, duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 500 });
  }
}

const collection = (matches) => ({
  type: "FeatureCollection",
  features: matches.flatMap((match) => match.drawings.map((one, at) => ({ type: "Feature", geometry: one.geometry, properties: { key: `${match.id} ${at}`, match: match.id, which: at ? "other" : "first" } })).filter((feature) => feature.geometry)),
});

function boundsOf(matches) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const each = (part) => {
    if (typeof part[0] === "number") {
      box[0] = Math.min(box[0], part[0]); box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]); box[3] = Math.max(box[3], part[1]);
    } else part.forEach(each);
  };
  const shapes = (geometry) => (geometry.geometries ? geometry.geometries.forEach(shapes) : each(geometry.coordinates));
  for (const match of matches) for (const one of match.drawings) if (one.geometry) shapes(one.geometry);
  return box[0] === Infinity ? null : box;
}
