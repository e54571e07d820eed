// Layers and groups, each on its own: a feature shows when both its layer and its group are on.
(function (ayilmap) {
  "use strict";

  const chosen = (name) => new Set([...document.querySelectorAll('input[name="' + name + '"]:checked')].map((box) => box.value));

  ayilmap.wireSwitches = function (map, drawn, sheets, names, words) {
    function apply() {
      const layers = chosen("layer"), groups = chosen("group");
      const visible = drawn.filter(({ feature }) => layers.has(feature.layer) && groups.has(String(feature.group)));
      const on = new Set(visible);
      for (const one of drawn) {
        if (on.has(one)) one.layer.addTo(map); else one.layer.remove();
      }
      for (const sheet of sheets) {
        if (groups.has(String(sheet.group))) sheet.layer.addTo(map); else sheet.layer.remove();
      }
      const rows = new Set(visible.map(({ look }) => look.row));
      document.querySelectorAll(".legend li").forEach((row) => { row.hidden = !rows.has(row.dataset.row); });
      document.querySelectorAll(".legend-section").forEach((section) => { section.hidden = !section.querySelector("li:not([hidden])"); });
      const shown = document.querySelector(".shown");
      if (shown) shown.textContent = words.shown.replace("{shown}", visible.length).replace("{total}", drawn.length);
      if (ayilmap.chosenFeature && !visible.some(({ feature }) => feature === ayilmap.chosenFeature)) map.closePopup();
      names.place(visible);
    }

    document.querySelectorAll('input[name="layer"], input[name="group"]').forEach((box) => box.addEventListener("change", apply));
    const nameBox = document.querySelector('input[name="names"]');
    nameBox.addEventListener("change", () => { names.shown = nameBox.checked; names.place(); });
    const slider = document.querySelector('input[name="sheet"]');
    if (slider) {
      const fade = () => {
        map.getPane("sheets").style.opacity = slider.value / 100;
        slider.previousElementSibling.textContent = slider.value + " %";
      };
      slider.addEventListener("input", fade);
      fade();
    }
    apply();
  };

  // On phones the switches and the legend are two sheets that come up from below, one at a time.
  ayilmap.wireTabs = function () {
    const tabs = [...document.querySelectorAll(".tabs button")];
    const open = (which) => {
      if (which) document.body.dataset.open = which; else delete document.body.dataset.open;
      tabs.forEach((tab) => tab.setAttribute("aria-expanded", String(tab.dataset.opens === which)));
    };
    tabs.forEach((tab) => tab.addEventListener("click", () => open(document.body.dataset.open === tab.dataset.opens ? "" : tab.dataset.opens)));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && document.body.dataset.open) {
        const tab = tabs.find((one) => one.dataset.opens === document.body.dataset.open);
        open("");
        tab.focus();
      }
    });
    document.querySelector(".map-frame").addEventListener("pointerdown", () => open(""));
  };
})(window.ayilmap);
