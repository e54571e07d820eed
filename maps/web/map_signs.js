// Draws features: signs for points, piles of strokes for lines, hatched outlines for areas, a halo for the error.
(function (ayilmap) {
  "use strict";

  // Areas lie under lines, lines under signs. All bottom strokes lie under all upper ones, so that two roads that are
  // drawn as double lines open into each other where they meet.
  const PANES = [["areas", 405], ["strokes-0", 410], ["strokes-1", 411], ["strokes-2", 412], ["halo", 420], ["hits", 425]];
  const FINGER = 24;

  ayilmap.preparePanes = function (map) {
    for (const [name, z] of PANES) {
      const pane = map.createPane(name);
      pane.style.zIndex = z;
      if (name !== "hits") pane.style.pointerEvents = "none";
    }
  };

  const paper = () => getComputedStyle(document.documentElement).getPropertyValue("--card").trim();

  function strokeOptions(stroke, look, place) {
    return {
      pane: "strokes-" + Math.min(place, 2),
      color: stroke.paper ? paper() : look.colour,
      weight: stroke.width,
      dashArray: stroke.dash.length ? stroke.dash.join(" ") : null,
      lineCap: stroke.round ? "round" : "butt",
      lineJoin: "round",
      interactive: false,
    };
  }

  function answerKeys(element, act) {
    element.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        act();
      }
    };
  }

  function hit(shape, feature, choose) {
    shape.on("click", (event) => choose(feature, event.latlng));
    shape.on("add", () => {
      const path = shape.getElement();
      path.setAttribute("tabindex", "0");
      path.setAttribute("role", "button");
      path.setAttribute("aria-label", ayilmap.spoken(feature));
      path.dataset.mark = feature.number;
      answerKeys(path, () => choose(feature, shape.getCenter()));
    });
    return shape;
  }

  // A size of its own, and a shift where several signs stand at one place.
  ayilmap.dressSign = function (element, feature, look) {
    element.dataset.mark = feature.number;
    if (look.size) {
      element.classList.add("sized");
      element.style.setProperty("--own-size", look.size + "px");
    }
    if (feature.shift) {
      element.style.setProperty("--right", feature.shift[0] + "px");
      element.style.setProperty("--down", feature.shift[1] + "px");
    }
  };

  // Half the width of a sign in pixels; as in map_page.css.
  ayilmap.reachOf = (look, far) => (look.size ? look.size * (far ? 0.375 : 0.5) : far ? (look.rank === 3 ? 9 : 12) : [0, 17, 15, 13][look.rank]);

  ayilmap.drawFeature = function (feature, look, choose) {
    const drawn = L.layerGroup();
    for (const rings of feature.areas) {
      drawn.addLayer(L.polygon(rings, {
        pane: "areas", fillColor: look.fill ? "url(#" + look.fill + ")" : "none", fillOpacity: 1, color: look.colour, weight: look.outline.width,
        dashArray: look.outline.dash.length ? look.outline.dash.join(" ") : null, interactive: false,
      }));
      drawn.addLayer(hit(L.polygon(rings, { pane: "hits", stroke: true, weight: 8, opacity: 0, fillOpacity: 0, color: look.colour }), feature, choose));
    }
    for (const line of feature.lines) {
      look.strokes.forEach((stroke, place) => drawn.addLayer(L.polyline(line, strokeOptions(stroke, look, place))));
      drawn.addLayer(hit(L.polyline(line, { pane: "hits", weight: FINGER, opacity: 0, color: look.colour }), feature, choose));
    }
    for (const point of feature.points) {
      const icon = L.divIcon({ className: "sign-marker rank-" + look.rank, html: look.sign, iconSize: [0, 0] });
      const marker = L.marker(point, { icon, riseOnHover: true, zIndexOffset: (3 - look.rank) * 100 });
      marker.on("click", () => choose(feature, marker.getLatLng()));
      marker.on("add", () => {
        marker.getElement().setAttribute("aria-label", ayilmap.spoken(feature));
        ayilmap.dressSign(marker.getElement(), feature, look);
        answerKeys(marker.getElement(), () => choose(feature, marker.getLatLng()));
      });
      drawn.addLayer(marker);
    }
    return drawn;
  };

  // How many pixels of the map a metre on the ground is, where the map is centred.
  ayilmap.pixelsPerMetre = function (map) {
    const middle = map.getSize().divideBy(2);
    const a = map.containerPointToLatLng(middle.subtract([50, 0]));
    const b = map.containerPointToLatLng(middle.add([50, 0]));
    return 100 / map.distance(a, b);
  };

  // The ground on which the chosen feature may lie: everything within its expected error.
  ayilmap.drawHalo = function (map, feature, look) {
    const halo = L.layerGroup();
    if (!(feature.error > 0)) return halo;
    const style = { pane: "halo", className: "error-halo", color: look.colour, interactive: false };
    for (const point of feature.points) {
      halo.addLayer(L.circle(point, { ...style, radius: feature.error, weight: 1.5, dashArray: "4 4", fillOpacity: 0.13 }));
    }
    const bands = [
      ...feature.lines.map((line) => L.polyline(line, { ...style, opacity: 0.2, lineCap: "round", lineJoin: "round" })),
      ...feature.areas.map((rings) => L.polygon(rings, { ...style, opacity: 0.2, fill: false, lineJoin: "round" })),
    ];
    const widen = () => bands.forEach((band) => band.setStyle({ weight: 2 * feature.error * ayilmap.pixelsPerMetre(map) }));
    bands.forEach((band) => halo.addLayer(band));
    halo.on("add", () => { widen(); map.on("zoomend", widen); });
    halo.on("remove", () => map.off("zoomend", widen));
    return halo;
  };
})(window.ayilmap);
