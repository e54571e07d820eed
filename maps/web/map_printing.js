// Before a page is printed its maps take the size of their frames on paper and show everything again.
(function (ayilmap) {
  "use strict";

  const MM = 96 / 25.4;
  const FRAME = [205, 164], PAIR_FRAME = [101, 158]; // as in map_page.print.css
  const PAGE_WIDTH = 279, PANEL_HEIGHT = 168;
  // A painted map is painted finer for paper: 96 pixels an inch times this.
  const FINER = 3;

  // Measured under the print styles while the page is still on the screen.
  function asPrinted(measure) {
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSMediaRule);
    const written = rules.map((rule) => rule.media.mediaText);
    rules.forEach((rule) => { rule.media.mediaText = /print/.test(rule.media.mediaText) ? "all" : "not all"; });
    document.body.style.width = PAGE_WIDTH * MM + "px";
    const found = measure();
    document.body.style.width = "";
    rules.forEach((rule, place) => { rule.media.mediaText = written[place]; });
    return found;
  }

  ayilmap.wirePrinting = function (sides, showAll) {
    let before = null;
    const resize = (width, height) => {
      for (const { map } of sides) {
        const frame = map.getContainer().parentElement;
        frame.style.width = width;
        frame.style.height = height;
        map.invalidateSize({ animate: false, pan: false });
      }
    };
    const paintFiner = (ratio) => sides.forEach(({ painter }) => { if (painter) painter.ratio = ratio; });
    const prepare = () => {
      if (before) return;
      before = [sides[0].map.getCenter(), sides[0].map.getZoom()];
      const [width, height] = sides.length > 1 ? PAIR_FRAME : FRAME;
      paintFiner(FINER);
      const legend = document.querySelector(".legend");
      const rows = (box, chosen) => box.querySelectorAll(chosen).length;
      const lists = document.querySelector(".lists");
      const listed = [...lists.querySelectorAll(".panel-list:not(.in-view)")].reduce((sum, list) => sum + rows(list, "li, h2"), 0);
      const legendRows = rows(legend, "li:not([hidden]), .legend-section:not([hidden])");
      const panel = document.querySelector(".panel");
      // By what stands in it: the panel itself is stretched to the height of the screen.
      const foot = () => Math.max(...[...panel.children].map((one) => one.getBoundingClientRect().bottom));
      const isLong = () => asPrinted(() => foot() - panel.getBoundingClientRect().top > PANEL_HEIGHT * MM);
      const crowd = (keys, list) => { legend.classList.toggle("crowded", keys); lists.classList.toggle("crowded", list); };
      // As large as there is room for: the legend is set closer first, then the lists, and then these go on elsewhere.
      const closer = [[false, false], [true, false], [true, true]];
      const spills = closer.every((step) => { crowd(...step); return isLong(); }) && listed > 0;
      document.body.classList.toggle("long-lists", spills);
      if (spills) {
        crowd(legendRows > 19, false);
        document.body.append(lists);
      }
      resize(width * MM + "px", height * MM + "px");
      showAll();
    };
    const restore = () => {
      if (!before) return;
      const [centre, zoom] = before;
      before = null;
      paintFiner(0);
      document.body.classList.remove("long-lists");
      document.querySelector(".legend").before(document.querySelector(".lists"));
      resize("", "");
      sides[0].map.setView(centre, zoom, { animate: false });
      if (sides.length > 1) sides[1].map.setView(centre, zoom, { animate: false });
    };
    window.addEventListener("beforeprint", prepare);
    window.addEventListener("afterprint", restore);
    window.matchMedia("print").addEventListener("change", (query) => (query.matches ? prepare() : restore()));
    document.querySelector(".print-button").addEventListener("click", () => window.print());
  };
})(window.ayilmap);
