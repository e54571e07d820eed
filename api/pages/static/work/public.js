// The public page works without scripts; with them it prints itself.
const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
document.documentElement.dataset.ready = "1";
