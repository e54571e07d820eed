// Finds the view that shows everything with no sign under a button, the north arrow, the scale or a heading.
(function (ayilmap) {
  "use strict";

  // Pixels: air about a control, and how finely and how far the sides of the view are moved in.
  const GAP = 4, STEP = 16, STEPS = 9;
  // A painted map has too many signs for all of them to stay clear; its view is sought more coarsely.
  const PAINTED_STEP = 48, PAINTED_STEPS = 3;
  // Zoom levels that are given up at most; the scale bar may become this long.
  const LEAST_ZOOM = 1.5, SCALE_WIDTH = 158;
  // A covered sign is as bad as this many covered areas, for whose sake so much zoom is given up.
  const SIGN = 1000, AREA_ZOOM = 0.75;
  const CLOSEST = 18;

  // Where the controls lie in a map, in pixels of its container.
  ayilmap.controlBoxes = function (map) {
    const container = map.getContainer(), own = container.getBoundingClientRect(), size = map.getSize();
    const controls = [...container.parentElement.querySelectorAll(".leaflet-bar, .north, .scale, .side-heading"), ...document.querySelectorAll(".search input")];
    return controls.map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width > 0).map(([one, box]) => {
      const width = one.classList.contains("scale") ? Math.max(box.width, SCALE_WIDTH) : box.width;
      const left = box.left - own.left, top = box.top - own.top;
      return { left: left - GAP, top: top - GAP, right: left + width + GAP, bottom: top + box.height + GAP };
    }).filter((box) => box.right > 0 && box.bottom > 0 && box.left < size.x && box.top < size.y);
  };

  // Signs as they will stand at a zoom, in pixels from the middle of the bounds.
  function standing(side, zoom, middle) {
    const far = zoom < ayilmap.FAR;
    const toPoint = (at) => side.map.project(at, zoom).subtract(middle);
    const moved = new Map();
    if (!side.data.painted) {
      const shown = side.visible.map((feature) => ({ feature, look: side.data.looks[feature.look] }));
      for (const sign of ayilmap.spreadSigns(shown, toPoint, far)) moved.set(sign.feature, sign);
    }
    // What lies too far away to be in the first view is nowhere near a control.
    const ground = L.latLngBounds(side.bounds).pad(0.02);
    return side.visible.flatMap((feature) => {
      const reach = ayilmap.reachOf(side.data.looks[feature.look], far), sign = moved.get(feature);
      if (sign) return ground.contains(feature.points[0]) ? [{ x: sign.x, y: sign.y, across: reach, down: reach, weight: SIGN }] : [];
      const signs = feature.points.filter((point) => ground.contains(point)).map((point) => {
        const at = toPoint(point), [right, down] = feature.shift || [0, 0];
        return { x: at.x + right, y: at.y + down, across: reach, down: reach, weight: SIGN };
      });
      return signs.concat(feature.areas.map((rings) => {
        const box = L.bounds(rings[0].map(toPoint)), half = box.getSize().divideBy(2), at = box.getCenter();
        return { x: at.x, y: at.y, across: half.x, down: half.y, weight: 1 };
      }));
    });
  }

  function hidden(signs, boxes, size, at, most) {
    let count = 0;
    for (const { x, y, across, down, weight } of signs) {
      const left = at.x + x - across, right = at.x + x + across, top = at.y + y - down, bottom = at.y + y + down;
      const isOut = left < GAP || top < GAP || right > size.x - GAP || bottom > size.y - GAP;
      if (isOut || boxes.some((box) => left < box.right && right > box.left && top < box.bottom && bottom > box.top)) count += weight;
      if (count >= most) break;
    }
    return count;
  }

  // Linked maps show one ground: one view that suits both.
  ayilmap.showWhole = function (sides) {
    const { map, data } = sides[0], size = map.getSize(), bounds = L.latLngBounds(sides[0].bounds);
    const a = map.project(bounds.getSouthWest(), 0), b = map.project(bounds.getNorthEast(), 0);
    const [step, steps] = data.painted ? [PAINTED_STEP, PAINTED_STEPS] : [STEP, STEPS];
    const snap = map.options.zoomSnap, least = size.x < 500 ? 18 : 34;
    const zoomFor = (width, height) => {
      const raw = Math.log2(Math.min(Math.max(width, 1) / Math.abs(b.x - a.x), Math.max(height, 1) / Math.abs(a.y - b.y)));
      return Math.max(map.getMinZoom(), Math.min(CLOSEST, Math.floor(raw / snap + 0.01) * snap));
    };
    const views = [];
    for (let left = 0; left < steps; left++) for (let right = 0; right < steps; right++) {
      for (let top = 0; top < steps; top++) for (let bottom = 0; bottom < steps; bottom++) {
        const pads = { left: least + left * step, right: least + right * step, top: least + top * step, bottom: least + bottom * step };
        const width = size.x - pads.left - pads.right, height = size.y - pads.top - pads.bottom;
        if (width < size.x * 0.25 || height < size.y * 0.25) continue;
        const at = L.point(pads.left + width / 2, pads.top + height / 2);
        views.push({ at, zoom: zoomFor(width, height), off: at.distanceTo(size.divideBy(2)) + (left + right + top + bottom) * 0.01 });
      }
    }
    // The closest view first, and of equally close ones the one whose middle is nearest the middle.
    views.sort((one, other) => other.zoom - one.zoom || one.off - other.off);
    const boxes = sides.map((side) => ayilmap.controlBoxes(side.map));
    const signs = new Map();
    let best = null, fewest = Infinity, clear = Infinity;
    for (const view of views) {
      if (view.zoom < views[0].zoom - LEAST_ZOOM || (fewest < SIGN && view.zoom < clear - AREA_ZOOM)) break;
      const scale = 2 ** view.zoom;
      view.middle = a.add(b).multiplyBy(scale / 2);
      if (!signs.has(view.zoom)) signs.set(view.zoom, sides.map((side) => standing(side, view.zoom, view.middle)));
      let count = 0;
      sides.forEach((side, place) => { count += hidden(signs.get(view.zoom)[place], boxes[place], side.map.getSize(), view.at, fewest); });
      if (count < SIGN && fewest >= SIGN) clear = view.zoom;
      if (count < fewest) { best = view; fewest = count; }
      if (!fewest) break;
    }
    if (!best) {
      sides.forEach((side) => side.map.fitBounds(side.bounds, { animate: false, maxZoom: CLOSEST }));
      return;
    }
    const centre = map.unproject(best.middle.subtract(best.at.subtract(size.divideBy(2))), best.zoom);
    sides.forEach((side) => side.map.setView(centre, best.zoom, { animate: false }));
  };
})(window.ayilmap);
