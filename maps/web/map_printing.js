// Before a page is printed the map takes the size of its frame on paper and shows the whole village again.
(function (ayilmap) {
  "use strict";

  const MM = 96 / 25.4;
  const FRAME = [205, 164]; // as in session_map.print.css

  ayilmap.wirePrinting = function (map, showAll) {
    const frame = document.querySelector(".map-frame");
    let before = null;
    const prepare = () => {
      if (before) return;
      before = [map.getCenter(), map.getZoom()];
      frame.style.width = FRAME[0] * MM + "px";
      frame.style.height = FRAME[1] * MM + "px";
      const legend = document.querySelector(".legend");
      legend.classList.toggle("crowded", legend.querySelectorAll("li:not([hidden]), .legend-section:not([hidden])").length > 23);
      map.invalidateSize({ animate: false, pan: false });
      showAll();
    };
    const restore = () => {
      if (!before) return;
      frame.style.width = frame.style.height = "";
      map.invalidateSize({ animate: false, pan: false });
      map.setView(before[0], before[1], { animate: false });
      before = null;
    };
    window.addEventListener("beforeprint", prepare);
    window.addEventListener("afterprint", restore);
    window.matchMedia("print").addEventListener("change", (query) => (query.matches ? prepare() : restore()));
    document.querySelector(".print-button").addEventListener("click", () => window.print());
  };
})(window.ayilmap);
