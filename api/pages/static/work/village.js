import { featureLayers, openGround } from "./ground.js";
import { data } from "./words.js";

const map = await openGround(document.getElementById("map"), { centre: data.lonlat });
map.addSource("features", { type: "vector", tiles: [`${location.origin}/ogc/collections/features/tiles/WebMercatorQuad/{z}/{y}/{x}`], maxzoom: 16 });
for (const layer of await featureLayers("features", { sourceLayer: "features" })) map.addLayer(layer);
document.documentElement.dataset.ready = "1";
