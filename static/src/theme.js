// Runs before the first paint, so that a dark page never flashes white. Who is signed in keeps the choice with their
// login ("" follows the device), everybody else with the browser. A page for a dark room may say what is usual there.
const html = document.documentElement;
const chosen = html.dataset.keptTheme ?? localStorage.getItem("theme");
const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const usual = html.dataset.usualTheme ?? system;
html.dataset.bsTheme = chosen === "dark" || chosen === "light" ? chosen : usual;
