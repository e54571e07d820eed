// Puts the page together once folium has made the map and the sheet pictures.
(function (ayilmap) {
  "use strict";

  // Below this zoom the village is so small that signs shrink.
  ayilmap.FAR = 14.5;

  ayilmap.openSessionMap = function (map, { bounds, sheets }) {
    const data = JSON.parse(document.getElementById("map-data").textContent);
    const words = data.words;
    const showAll = () => map.fitBounds(bounds, { padding: map.getSize().x < 500 ? [18, 18] : [34, 34], animate: false, maxZoom: 18 });
    const markFar = () => map.getContainer().classList.toggle("far", map.getZoom() < ayilmap.FAR);
    map.on("zoomend", markFar);
    showAll();
    markFar();
    ayilmap.preparePanes(map);
    const names = new ayilmap.Names(map);
    const drawn = data.features.map((feature) => {
      const look = data.styles[feature.look];
      const choose = (one, at) => {
        ayilmap.openCard(map, one, look, at, words);
        ayilmap.chosenFeature = one;
      };
      names.add(feature, look);
      return { feature, look, layer: ayilmap.drawFeature(feature, look, choose) };
    });
    map.on("popupclose", () => { ayilmap.chosenFeature = null; });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
    ayilmap.wireScale(map, words);
    ayilmap.addButtons(map, words, showAll);
    ayilmap.wireSwitches(map, drawn, sheets, names, words);
    ayilmap.wireTabs();
    ayilmap.wirePrinting(map, showAll);
    if (document.fonts) document.fonts.ready.then(() => names.place());
    document.documentElement.dataset.ready = "true";
  };
})(window.ayilmap);
