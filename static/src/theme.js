// Runs before the first paint, so that a dark page never flashes white.
const chosen = localStorage.getItem("theme");
const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.bsTheme = chosen === "dark" || chosen === "light" ? chosen : system;
