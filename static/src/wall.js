// Keeps a wall up to date: asks again and again while it is seen, and says so loudly when no answer comes.
const between = Number(document.body.dataset.secondsBetween) * 1000;
const WHEN_LOST = Math.min(between, 10_000);
let timer;

function plan(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(ask, milliseconds);
}

function ask() {
  if (document.hidden) return; // asked again as soon as it is seen
  plan(between); // should neither an answer nor an error come
  window.htmx.trigger("#wall", "refresh");
}

// "" for none, "lost" or "signed-out".
function tell(trouble) {
  document.body.classList.toggle("is-in-trouble", trouble !== "");
  for (const sentence of document.querySelectorAll("[data-trouble]")) {
    const clock = sentence.querySelector("[data-last-clock]");
    if (clock) clock.textContent = document.getElementById("wall").dataset.clock;
    sentence.hidden = sentence.dataset.trouble !== trouble;
  }
  plan(trouble ? WHEN_LOST : between);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.isError || event.detail.xhr.responseText.includes('id="wall"')) return;
  event.detail.shouldSwap = false; // the page to sign in at
  tell("signed-out");
});
document.addEventListener("htmx:afterSwap", () => tell(""));
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout", "htmx:sendAbort"]) {
  document.addEventListener(failure, () => tell("lost"));
}
window.addEventListener("offline", () => tell("lost"));
window.addEventListener("online", ask);
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));

const fullScreen = document.querySelector("[data-full-screen]");
fullScreen.hidden = !document.fullscreenEnabled;
fullScreen.addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});

plan(between);
