// Names on the map: the important ones first, none over another or over a sign.
(function (ayilmap) {
  "use strict";

  // Within this many pixels the same word is said once: ten lamp posts in a row are one "lamp post".
  ayilmap.SAID_ONCE_PX = 320;
  ayilmap.boxesMeet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  function places(at, size, reach) {
    const across = at.x - size.x / 2, down = at.y - size.y / 2;
    return [
      [across, at.y + reach], [at.x + reach + 1, down], [at.x - reach - 1 - size.x, down], [across, at.y - reach - size.y],
      [at.x + reach * 0.7, at.y + reach * 0.7], [at.x - reach * 0.7 - size.x, at.y + reach * 0.7],
      [at.x + reach * 0.7, at.y - reach * 0.7 - size.y], [at.x - reach * 0.7 - size.x, at.y - reach * 0.7 - size.y],
    ];
  }

  // The line that leads back from a moved sign to its place, as small boxes.
  function alongLine(at, shift) {
    const boxes = [], pieces = Math.ceil(Math.hypot(shift.x, shift.y) / 5);
    for (let piece = 0; piece <= pieces; piece++) {
      const { x, y } = at.subtract(shift.multiplyBy(piece / pieces));
      boxes.push({ left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 });
    }
    return boxes;
  }

  ayilmap.Names = class {
    constructor(map) {
      this.map = map;
      this.shown = true;
      this.names = [];
      map.createPane("names").style.zIndex = 610;
      map.getPane("names").style.pointerEvents = "none";
      map.on("moveend zoomend resize", () => this.place());
    }

    add(feature, look) {
      if (!feature.name || feature.quiet || !ayilmap.isPlaced(feature)) return;
      const at = ayilmap.anchorOf(feature);
      const words = document.createElement("span");
      words.textContent = feature.name;
      words.dir = "auto";
      const icon = L.divIcon({ className: "place-name", html: words, iconSize: [0, 0] });
      const marker = L.marker(at, { icon, pane: "names", interactive: false, keyboard: false });
      this.names.push({ feature, look, marker, words, at, isPoint: feature.points.length > 0 });
    }

    place(visible) {
      if (visible) this.visible = visible;
      const frame = this.map.getSize();
      const far = this.map.getZoom() < ayilmap.FAR;
      const reachOf = (look) => ayilmap.reachOf(look, far);
      const shifted = (feature, at) => (feature.shift ? at.add(feature.shift) : at);
      const on = new Set((this.visible || []).map((one) => one.feature));
      const taken = ayilmap.controlBoxes(this.map);
      for (const { feature, look } of this.visible || []) {
        for (const point of feature.points) {
          const at = shifted(feature, this.map.latLngToContainerPoint(point)), reach = reachOf(look) - 2;
          taken.push({ left: at.x - reach, right: at.x + reach, top: at.y - reach, bottom: at.y + reach });
          if (feature.led) taken.push(...alongLine(at, L.point(feature.shift)));
        }
      }
      const wanted = this.names.filter((name) => {
        const wants = this.shown && on.has(name.feature);
        if (wants) name.marker.addTo(this.map); else name.marker.remove();
        return wants;
      });
      wanted.forEach((name) => { name.size = L.point(name.words.offsetWidth, name.words.offsetHeight); });
      wanted.sort((a, b) => a.look.rank - b.look.rank);
      const said = [];
      for (const name of wanted) {
        const ground = this.map.latLngToContainerPoint(name.at), at = shifted(name.feature, ground);
        const again = said.some((one) => one.words === name.feature.name && one.at.distanceTo(at) < ayilmap.SAID_ONCE_PX);
        const options = name.isPoint ? places(at, name.size, reachOf(name.look)) : name.feature.areas.length ? [[at.x - name.size.x / 2, at.y - name.size.y / 2], ...places(at, name.size, 4)] : places(at, name.size, 5);
        const spot = !again && options.map(([left, top]) => ({ left, top, right: left + name.size.x, bottom: top + name.size.y }))
          .find((box) => box.left > 4 && box.top > 4 && box.right < frame.x - 4 && box.bottom < frame.y - 4 && !taken.some((other) => ayilmap.boxesMeet(box, other)));
        if (spot) {
          taken.push(spot);
          said.push({ words: name.feature.name, at });
          name.words.style.left = spot.left - ground.x + "px";
          name.words.style.top = spot.top - ground.y + "px";
          name.marker.getElement().style.setProperty("--name", name.look.nameColour);
        }
        name.words.style.visibility = spot ? "visible" : "hidden";
      }
    }
  };
})(window.ayilmap);
