// Scale bar and buttons of the map.
(function (ayilmap) {
  "use strict";

  const WIDEST = 150;

  function roundMetres(metres) {
    const power = 10 ** Math.floor(Math.log10(metres));
    return [5, 2, 1].map((step) => step * power).find((round) => round <= metres);
  }

  ayilmap.wireScale = function (map, words) {
    const bar = document.querySelector(".scale-bar"), label = document.querySelector(".scale-words");
    const measure = () => {
      const perMetre = ayilmap.pixelsPerMetre(map);
      const metres = roundMetres(WIDEST / perMetre);
      bar.style.width = metres * perMetre + "px";
      label.textContent = metres < 1000 ? words.metres.replace("{number}", metres) : words.kilometres.replace("{number}", metres / 1000);
      bar.parentElement.dataset.metres = metres;
    };
    map.on("moveend zoomend resize", measure);
    measure();
  };

  ayilmap.addButtons = function (map, words, showAll) {
    L.control.zoom({ position: "bottomright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    const home = L.control({ position: "bottomright" });
    home.onAdd = () => {
      const box = L.DomUtil.create("div", "leaflet-bar");
      const button = L.DomUtil.create("a", "show-all", box);
      button.href = "#";
      button.title = words.whole_map;
      button.setAttribute("role", "button");
      button.setAttribute("aria-label", words.whole_map);
      button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/></svg>';
      L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); showAll(); });
      return box;
    };
    home.addTo(map);
  };
})(window.ayilmap);
