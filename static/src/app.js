// What every page needs: the theme switch, the folding sidebar, menus, forms that send themselves.
const root = document.documentElement;

function showTheme(theme) {
  root.dataset.bsTheme = theme;
  document.dispatchEvent(new CustomEvent("theme:changed"));
}

function switchTheme() {
  localStorage.setItem("theme", root.dataset.bsTheme === "dark" ? "light" : "dark");
  showTheme(localStorage.getItem("theme"));
}

// Paper is white.
let themeOnScreen = root.dataset.bsTheme;
window.addEventListener("beforeprint", () => {
  themeOnScreen = root.dataset.bsTheme;
  showTheme("light");
});
window.addEventListener("afterprint", () => showTheme(themeOnScreen));

function foldSidebar(isOpen) {
  root.classList.toggle("sidebar-is-open", isOpen);
  document.querySelector("[data-sidebar-toggle]")?.setAttribute("aria-expanded", String(isOpen));
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("[data-theme-switch]")) switchTheme();
  if (target.closest("[data-print]")) window.print();
  if (target.closest("[data-sidebar-toggle]")) foldSidebar(!root.classList.contains("sidebar-is-open"));
  else if (!target.closest(".sidebar")) foldSidebar(false);
  closeMenus(target.closest("details.menu"));
  toggleFigures(target.closest("[data-toggle-figures]"));
  followRow(target);
});

// The readings of a chart as a table, beside it.
function toggleFigures(button) {
  if (!button) return;
  const figures = document.getElementById(button.dataset.toggleFigures);
  figures.hidden = !figures.hidden;
  button.setAttribute("aria-expanded", String(!figures.hidden));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  closeMenus(null);
  menu?.querySelector("summary").focus();
  foldSidebar(false);
});

// A whole row leads to its page; the link in it is what the keyboard and screen readers use.
function followRow(target) {
  if (target.closest("a, button, input, select, label, summary") || String(getSelection())) return;
  target.closest("tr[data-href]")?.querySelector("a[href]")?.click();
}

// Without JavaScript these forms have a button; with it a choice acts at once.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto-submit]");
  if (form && !event.target.matches("[data-waits]")) form.requestSubmit();
});

// A filter that was left empty does not belong into the address.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const name of new Set(event.formData.keys())) {
    const given = event.formData.getAll(name).filter((value) => value !== "");
    event.formData.delete(name);
    for (const value of given) event.formData.append(name, value);
  }
});

root.classList.add("has-script");
