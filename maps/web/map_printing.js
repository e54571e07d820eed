// Before a page is printed its maps take the size of their frames on paper and show everything again.
(function (ayilmap) {
  "use strict";

  const MM = 96 / 25.4;
  const FRAME = [205, 164], PAIR_FRAME = [101, 158]; // as in map_page.print.css
  const LESS_WIDE = 40; // a map beside a wide panel, and two of them together
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
      paintFiner(FINER);
      const legend = document.querySelector(".legend");
      const lists = document.querySelector(".lists");
      const listed = lists.querySelectorAll(".panel-list:not(.in-view) li").length;
      const panel = document.querySelector(".panel");
      // By what stands in it: the panel itself is stretched to the height of the screen.
      const foot = () => Math.max(...[...panel.children].map((one) => one.getBoundingClientRect().bottom));
      const fits = () => asPrinted(() => foot() - panel.getBoundingClientRect().top <= PANEL_HEIGHT * MM);
      const set = ([keys, list, wide]) => {
        legend.classList.toggle("crowded", keys);
        lists.classList.toggle("crowded", list);
        document.body.classList.toggle("wide-panel", wide);
        return fits();
      };
      // As large as there is room for: the legend is set closer first, then the lists, then the map gives way to both;
      // what has no room even so goes on elsewhere.
      const closer = [[false, false, false], [true, false, false], [true, true, false], [true, true, true]];
      if (!closer.some(set) && listed) {
        document.body.classList.add("long-lists");
        document.body.append(lists);
        [[false, false, false], [true, false, false], [true, false, true]].some(set);
      }
      const [width, height] = sides.length > 1 ? PAIR_FRAME : FRAME;
      const less = document.body.classList.contains("wide-panel") ? LESS_WIDE / sides.length : 0;
      resize((width - less) * MM + "px", height * MM + "px");
      showAll();
    };
    const restore = () => {
      if (!before) return;
      const [centre, zoom] = before;
      before = null;
      paintFiner(0);
      document.body.classList.remove("long-lists", "wide-panel");
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
