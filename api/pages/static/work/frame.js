// Every page: light or dark, and what nobody caught.
import { complain } from "./notices.js";

document.getElementById("theme")?.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  document.dispatchEvent(new CustomEvent("themechange"));
});

document.querySelector(".spine [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
addEventListener("unhandledrejection", (event) => complain(event.reason));
