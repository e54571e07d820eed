// A page on which there is nothing to set up.
document.documentElement.dataset.ready = "1";
