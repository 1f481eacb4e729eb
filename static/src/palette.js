// The search palette (templates/components/palette.html). The field keeps the focus while the arrow keys move
// through the options, as the ARIA pattern of a combobox with a list wants it; htmx fetches the options.
const palette = document.getElementById("palette");
const field = palette?.querySelector("[role=combobox]");
const list = document.getElementById("palette-options");
const isMac = /mac|iphone|ipad/i.test(navigator.platform);

function open() {
  if (palette.open) return;
  palette.showModal();
  field.select();
}

const options = () => [...list.querySelectorAll("[role=option]")];
const active = () => list.querySelector("[role=option][aria-selected=true]");

function choose(option) {
  active()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

// From the last on to the first, and back.
function move(by) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(active()) + by + all.length) % all.length]);
}

// What is listed answers what was typed last, not what was typed before it.
function isCurrent() {
  return list.querySelector("[data-found-for]")?.dataset.foundFor.trim() === field.value.trim();
}

function steer(event) {
  if (event.isComposing) return; // Enter and arrows belong to the input method of Chinese and others
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  // Otherwise Enter sends the form, to the search page.
  else if (event.key === "Enter" && active() && isCurrent()) active().click();
  else return;
  event.preventDefault();
}

function isTyping(target) {
  return target.closest("input, select, textarea, [contenteditable]");
}

function openByKey(event) {
  const isPaletteKey = event.key.toLowerCase() === "k" && (isMac ? event.metaKey : event.ctrlKey) && !event.altKey;
  const isSlash = event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey;
  if (!isPaletteKey && !isSlash) return;
  event.preventDefault();
  open();
}

if (palette) {
  document.addEventListener("keydown", openByKey);
  field.addEventListener("keydown", steer);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-palette]")) {
      event.preventDefault();
      open();
    }
    // The dialog itself is clicked only beside its content.
    if (event.target === palette || event.target.closest("[data-close-palette]")) palette.close();
  });
  list.addEventListener("htmx:afterSwap", () => {
    field.setAttribute("aria-expanded", String(options().length > 0));
    choose(options()[0]);
  });
  if (isMac) for (const key of document.querySelectorAll("[data-open-palette] kbd")) key.textContent = "⌘ K";
}
