// Puts the page together once folium has made its maps and the sheet pictures.
(function (ayilmap) {
  "use strict";

  // Below this zoom the village is so small that signs shrink.
  ayilmap.FAR = 14.5;
  const taken = [];
  ayilmap.takeMap = (map, { bounds, sheets }) => taken.push({ map, bounds, sheets });

  // One map with its marks: how they are drawn, chosen and shown again.
  class MapSide {
    constructor({ map, bounds, sheets }, marks, data) {
      this.map = map;
      this.bounds = bounds;
      this.sheets = sheets;
      this.marks = marks;
      this.data = data;
      this.visible = marks;
      this.chosen = null;
      map.on("zoomend", () => this.markFar());
    }

    // Drawn when the map has its view: ten thousand marks are to be painted once.
    start() {
      const { map, marks, data } = this;
      this.markFar();
      ayilmap.preparePanes(map);
      if (data.painted) this.painter = new ayilmap.CanvasPainter(map, marks, data.looks, (mark, at) => this.choose(mark, at));
      else this.build();
      map.on("popupclose", () => { this.chosen = null; });
    }

    build() {
      this.spreading = new ayilmap.Spreading(this.map);
      this.shown = [];
      // Before the names, which keep out of the signs' way.
      this.map.on("zoomend resize", () => this.spreading.place(this.shown));
      this.names = new ayilmap.Names(this.map);
      this.drawn = this.marks.map((feature) => {
        const look = this.data.looks[feature.look];
        this.names.add(feature, look);
        return { feature, look, layer: ayilmap.drawFeature(feature, look, (one, at) => this.choose(one, at)) };
      });
      if (document.fonts) document.fonts.ready.then(() => this.names.place());
    }

    draw(visible) {
      const on = new Set(visible.map((mark) => mark.number));
      if (this.painter) {
        this.painter.show(on);
        return;
      }
      const shown = [];
      for (const one of this.drawn) {
        if (on.has(one.feature.number)) {
          one.layer.addTo(this.map);
          shown.push(one);
        } else one.layer.remove();
      }
      this.shown = shown;
      this.spreading.place(shown);
      this.names.place(shown);
    }

    showNames(shown) {
      if (this.painter) {
        this.painter.namesShown = shown;
        this.painter.paint();
      } else {
        this.names.shown = shown;
        this.names.place();
      }
    }

    choose(mark, at) {
      const look = this.data.looks[mark.look];
      const partners = mark.same < 0 ? [] : ayilmap.marks.filter((one) => one.same === mark.same && one.side !== mark.side);
      ayilmap.openCard(this.map, mark, look, at, this.data, partners);
      this.chosen = mark;
    }

    markFar() {
      this.map.getContainer().classList.toggle("far", this.map.getZoom() < ayilmap.FAR);
    }
  }

  // Two maps of one ground move together; each says so to the other without an echo.
  function link(first, second) {
    let leading = null;
    const follow = (leader, other) => {
      if (leading && leading !== leader) return;
      leading = leader;
      other.setView(leader.getCenter(), leader.getZoom(), { animate: false });
      leading = null;
    };
    first.on("move", () => follow(first, second));
    second.on("move", () => follow(second, first));
  }

  ayilmap.openPage = function () {
    const data = JSON.parse(document.getElementById("map-data").textContent);
    ayilmap.marks = ayilmap.readMarks(data);
    const placed = ayilmap.marks.filter(ayilmap.isPlaced);
    const sides = taken.map((one, side) => new MapSide(one, placed.filter((mark) => mark.side === side), data));
    const showAll = () => ayilmap.showWhole(sides);
    ayilmap.sides = sides;
    // The controls first: no sign is to lie under one.
    ayilmap.wireScale(sides[0].map, data.words);
    ayilmap.addButtons(sides[sides.length - 1].map, data.words, showAll);
    showAll();
    sides.forEach((side) => side.start());

    // Search, lists and partners lead here: the map moves to a mark and opens its card.
    ayilmap.goTo = function (mark) {
      const side = sides[mark.side];
      if (ayilmap.isPlaced(mark)) {
        const bounds = L.latLngBounds([...mark.points, ...mark.lines.flat(), ...mark.areas.flat(2)]);
        const zoom = Math.min(17, side.map.getBoundsZoom(bounds.pad(0.3)));
        side.map.setView(mark.points.length === 1 ? mark.points[0] : bounds.getCenter(), Math.max(Math.min(zoom, 17), Math.min(side.map.getZoom(), zoom)), { animate: false });
        side.choose(mark, ayilmap.anchorOf(mark));
      } else side.choose(mark, side.map.getCenter());
      if (ayilmap.closeTabs) ayilmap.closeTabs();
      const popup = side.map.getContainer().querySelector(".leaflet-popup-content");
      if (popup) {
        popup.tabIndex = -1;
        popup.focus({ preventScroll: true });
      }
    };

    if (sides.length > 1) link(sides[0].map, sides[1].map);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") sides.forEach(({ map }) => map.closePopup()); });
    document.querySelectorAll("button[data-mark]").forEach((button) => { button.onclick = () => ayilmap.goTo(ayilmap.marks[button.dataset.mark]); });
    ayilmap.wireSwitches(sides, data);
    // What is off at first leaves more room to the rest.
    if (!data.painted && sides.some((side) => side.visible.length < side.marks.length)) showAll();
    ayilmap.wireSearch(data);
    ayilmap.wireInView(sides, data);
    ayilmap.wireTabs();
    ayilmap.wirePrinting(sides, showAll);
    document.documentElement.dataset.ready = "true";
  };
})(window.ayilmap);
