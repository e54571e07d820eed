// Moves signs apart that would cover one another, and ties each to its place with a thin line.
(function (ayilmap) {
  "use strict";

  const ROUNDS = 40;
  // Pixels: no sign moves farther from its place; a shorter way needs no line.
  const FARTHEST = 96, LINE_FROM = 12;
  const GAP = 2;

  // Positions are pushed apart pair by pair, the smaller sign giving way, until none meets another or the rounds are over.
  ayilmap.spread = function (signs) {
    for (let round = 0; round < ROUNDS; round++) {
      let met = false;
      for (let a = 0; a < signs.length; a++) {
        for (let b = a + 1; b < signs.length; b++) {
          const one = signs[a], other = signs[b];
          let right = other.x - one.x, down = other.y - one.y;
          const reach = one.reach + other.reach + GAP, apart = Math.hypot(right, down);
          if (apart >= reach) continue;
          met = true;
          // Two at one point part in a direction of their own, the same in every run.
          if (apart < 0.5) { right = Math.cos(b * 2.4); down = Math.sin(b * 2.4); }
          const length = Math.hypot(right, down), push = (reach - apart) / 2;
          const share = other.fixed ? 2 : one.fixed ? 0 : (2 * other.reach) / (one.reach + other.reach);
          one.x -= (right / length) * push * share;
          one.y -= (down / length) * push * share;
          other.x += (right / length) * push * (2 - share);
          other.y += (down / length) * push * (2 - share);
        }
      }
      for (const sign of signs) {
        const right = sign.x - sign.homeX, down = sign.y - sign.homeY, far = Math.hypot(right, down);
        if (far > FARTHEST) { sign.x = sign.homeX + (right * FARTHEST) / far; sign.y = sign.homeY + (down * FARTHEST) / far; }
      }
      if (!met) return;
    }
  };

  // Only signs with a size of their own are moved: those of drawn objects stand where they were drawn.
  // Signs of what is drawn apart from its place on purpose stay as they are, such as the badge of an agreement.
  ayilmap.spreadSigns = function (shown, toPoint, far) {
    const signs = [];
    for (const { feature, look } of shown) {
      if (!look.size || look.row === "agreement" || feature.points.length !== 1) continue;
      const at = toPoint(feature.points[0]), [right, down] = feature.home || feature.shift || [0, 0];
      if (!feature.home) feature.home = [right, down];
      signs.push({ feature, look, ground: at, homeX: at.x + right, homeY: at.y + down, x: at.x + right, y: at.y + down, reach: ayilmap.reachOf(look, far), fixed: look.row === "village" });
    }
    ayilmap.spread(signs);
    return signs;
  };

  ayilmap.Spreading = class {
    constructor(map) {
      this.map = map;
      map.createPane("leaders").style.zIndex = 590;
      map.getPane("leaders").style.pointerEvents = "none";
      this.leaders = L.layerGroup().addTo(map);
      this.renderer = L.svg({ pane: "leaders" });
    }

    place(shown) {
      const map = this.map, far = map.getZoom() < ayilmap.FAR;
      this.leaders.clearLayers();
      const signs = ayilmap.spreadSigns(shown, (at) => map.latLngToContainerPoint(at), far);
      for (const sign of signs) {
        const shift = [Math.round(sign.x - sign.ground.x), Math.round(sign.y - sign.ground.y)];
        sign.feature.shift = shift;
        const element = map.getContainer().querySelector('.sign-marker[data-mark="' + sign.feature.number + '"]');
        if (element) {
          element.style.setProperty("--right", shift[0] + "px");
          element.style.setProperty("--down", shift[1] + "px");
        }
        sign.feature.led = Math.hypot(...shift) > sign.reach + LINE_FROM;
        if (sign.feature.led) {
          const end = map.containerPointToLatLng(L.point(sign.x, sign.y));
          this.leaders.addLayer(L.polyline([sign.feature.points[0], end], { pane: "leaders", renderer: this.renderer, color: sign.look.colour, weight: 1.25, opacity: 0.8, interactive: false }));
        }
      }
    }
  };
})(window.ayilmap);
