// What every page needs: the search palette, the theme switch, the folding sidebar, menus, forms that send themselves.
import "./palette.js";

const root = document.documentElement;

// Charts are drawn anew; whoever draws says by a promise until when.
function showTheme(theme) {
  root.dataset.bsTheme = theme;
  const until = [];
  document.dispatchEvent(new CustomEvent("theme:changed", { detail: { until } }));
  return Promise.all(until);
}

// At once, without leaving the page; the switch's form keeps the choice with the login.
function switchTheme(button) {
  const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", theme);
  showTheme(theme);
  if (!button.form) return;
  button.value = theme;
  const body = new FormData(button.form, button);
  fetch(button.form.action, { method: "POST", body, keepalive: true, redirect: "manual" });
}

// Paper is white and as wide as a sheet.
let themeOnScreen = "";

async function layOutForPaper() {
  if (root.classList.contains("is-on-paper")) return;
  themeOnScreen = root.dataset.bsTheme;
  root.classList.add("is-on-paper");
  await showTheme("light");
}

// The button waits for the charts; the browser's own menu gives them only as long as they draw at once.
async function print() {
  await layOutForPaper();
  window.print();
}

window.addEventListener("beforeprint", layOutForPaper);
window.addEventListener("afterprint", () => {
  root.classList.remove("is-on-paper");
  showTheme(themeOnScreen);
});

function foldSidebar(isOpen) {
  root.classList.toggle("sidebar-is-open", isOpen);
  document.querySelector("[data-sidebar-toggle]")?.setAttribute("aria-expanded", String(isOpen));
}

function toggleSidebar() {
  const isOpen = !root.classList.contains("sidebar-is-open");
  foldSidebar(isOpen);
  const links = document.getElementById("sidebar");
  if (isOpen) (links.querySelector("[aria-current]") ?? links.querySelector("a"))?.focus();
}

// Said politely and shown for a moment.
const notice = document.querySelector("[data-notice]");
let noticeEnds;

function tell(text) {
  notice.textContent = text;
  clearTimeout(noticeEnds);
  noticeEnds = setTimeout(() => (notice.textContent = ""), 4000);
}

// The address with its period and filters written out, so that whoever opens it sees the same.
async function copyLink(button) {
  await navigator.clipboard.writeText(new URL(button.dataset.copyLink, location.href).href);
  tell(button.dataset.copied);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  const target = event.target;
  const themeSwitch = target.closest("[data-theme-switch]");
  if (themeSwitch) {
    event.preventDefault();
    switchTheme(themeSwitch);
  }
  const copier = target.closest("[data-copy-link]");
  if (copier) copyLink(copier);
  if (target.closest("[data-print]")) print();
  if (target.closest("[data-sidebar-toggle]")) toggleSidebar();
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
  if (document.activeElement?.closest(".sidebar")) document.querySelector("[data-sidebar-toggle]").focus();
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

// Back shows the page as it was left, with a choice that led elsewhere still made; what is shown stands in the address.
// A page that the browser builds anew keeps no choices, for its forms say autocomplete="off".
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-auto-submit], form.own-dates")) form.reset();
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
// Browsers let a page write to the clipboard over HTTPS and on the own machine only.
root.classList.toggle("has-clipboard", Boolean(navigator.clipboard));
