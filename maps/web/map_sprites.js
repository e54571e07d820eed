// Signs and hatches as pictures, for a map that is painted on a canvas.
(function (ayilmap) {
  "use strict";

  const LOOKS_OF_LINES = "fill:none;stroke:currentColor;stroke-linecap:round;stroke-linejoin:round";

  function picture(svg) {
    const image = new Image();
    image.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(svg));
    return image.decode().then(() => image);
  }

  // A symbol of the page is copied into the sign that refers to it: a picture sees nothing outside itself.
  function whole(markup) {
    const holder = document.createElement("div");
    holder.innerHTML = markup; // from the style tables
    const svg = holder.firstElementChild;
    for (const use of [...svg.querySelectorAll("use")]) {
      const symbol = document.querySelector(use.getAttribute("href"));
      const inner = document.createElementNS(svg.namespaceURI, "svg");
      for (const name of ["x", "y", "width", "height", "color"]) if (use.hasAttribute(name)) inner.setAttribute(name, use.getAttribute(name));
      inner.setAttribute("viewBox", symbol.getAttribute("viewBox"));
      inner.setAttribute("style", LOOKS_OF_LINES + ";stroke-width:2");
      inner.innerHTML = symbol.innerHTML;
      use.replaceWith(inner);
    }
    return svg;
  }

  function drawn(image, width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").drawImage(image, 0, 0, width, height);
    return canvas;
  }

  // The sign of a look in a number of device pixels; null until its picture is ready, which `ready` tells.
  ayilmap.Sprites = class {
    constructor(looks, ready) {
      this.images = new Map();
      this.sprites = new Map();
      this.hatches = new Map();
      const loading = [];
      looks.forEach((look, number) => {
        if (look.sign) loading.push(this.load(number, whole(look.sign)));
        if (look.fill && !this.images.has(look.fill)) {
          this.images.set(look.fill, null);
          loading.push(this.loadHatch(look.fill));
        }
      });
      Promise.all(loading).then(ready, ready);
    }

    load(key, svg) {
      svg.setAttribute("width", 76);
      svg.setAttribute("height", 76);
      return picture(svg).then((image) => this.images.set(key, image));
    }

    loadHatch(id) {
      const pattern = document.getElementById(id);
      if (!pattern) return Promise.resolve();
      const tile = Number(pattern.getAttribute("width"));
      const svg = document.createElementNS(pattern.namespaceURI, "svg");
      svg.setAttribute("viewBox", `0 0 ${tile} ${tile}`);
      svg.setAttribute("width", tile * 4);
      svg.setAttribute("height", tile * 4);
      svg.innerHTML = pattern.innerHTML;
      return picture(svg).then((image) => this.images.set(id, { image, tile }));
    }

    sign(number, pixels) {
      const key = number + "@" + pixels;
      if (!this.sprites.has(key)) {
        const image = this.images.get(number);
        if (!image) return null;
        this.sprites.set(key, drawn(image, pixels, pixels));
      }
      return this.sprites.get(key);
    }

    hatch(id, context, ratio) {
      const key = id + "@" + ratio;
      if (!this.hatches.has(key)) {
        const known = this.images.get(id);
        if (!known) return null;
        const pixels = Math.round(known.tile * ratio);
        const pattern = context.createPattern(drawn(known.image, pixels, pixels), "repeat");
        pattern.setTransform(new DOMMatrix().scale(known.tile / pixels));
        this.hatches.set(key, pattern);
      }
      return this.hatches.get(key);
    }
  };
})(window.ayilmap);
