// Runs before the first paint, so that a dark page never flashes white. A page for a dark room may say what is usual there.
const chosen = localStorage.getItem("theme");
const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const usual = document.documentElement.dataset.usualTheme ?? system;
document.documentElement.dataset.bsTheme = chosen === "dark" || chosen === "light" ? chosen : usual;
