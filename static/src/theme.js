// Runs before the first paint, so that a dark page never flashes white. Who is signed in keeps the choice with their
// login ("" follows the device), everybody else with the browser.
const html = document.documentElement;
const chosen = html.dataset.keptTheme ?? localStorage.getItem("theme");
const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
html.dataset.bsTheme = chosen === "dark" || chosen === "light" ? chosen : system;
