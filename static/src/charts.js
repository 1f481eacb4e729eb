// Draws every <div data-chart="id of a JSON script">. The figure comes from kpis/charts.py without
// colours of its own: it names tokens ("--chart-accent"), which are read from the stylesheet, so that one figure
// serves the light and the dark page.
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import heatmap from "plotly.js/lib/heatmap";
import chinese from "plotly.js/lib/locales/zh-cn";

Plotly.register([bar, heatmap, chinese]);

const CONFIG = {
  responsive: true,
  displaylogo: false,
  displayModeBar: false,
  scrollZoom: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  locale: document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-US",
};

// A probe element turns a token, whatever its notation, into a colour that Plotly can read.
// It stands beside the chart: there the theme may differ from the page's.
function colourReader(beside) {
  const probe = beside.parentElement.appendChild(document.createElement("span"));
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  canvas.canvas.width = canvas.canvas.height = 1;
  const read = (token) => {
    probe.style.color = `var(${token})`;
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
  };
  return { read, done: () => probe.remove() };
}

const TOKEN = /^--chart-[a-z0-9-]+$/;

function coloured(part, read) {
  if (typeof part === "string") return TOKEN.test(part) ? read(part) : part;
  if (Array.isArray(part)) return part.map((item) => coloured(item, read));
  if (part && typeof part === "object") {
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, coloured(item, read)]));
  }
  return part;
}

// The figure names every tick; as many stay as there is room for.
const ROOM = 58;

function thin(axis, width) {
  if (!axis?.tickvals) return;
  const every = Math.ceil((axis.tickvals.length * ROOM) / width) || 1;
  const stays = (_, place) => place % every === 0;
  axis.tickvals = axis.tickvals.filter(stays);
  axis.ticktext = axis.ticktext.filter(stays);
}

async function draw(element) {
  const source = document.getElementById(element.dataset.chart);
  if (!source) return;
  const reader = colourReader(element);
  const figure = coloured(JSON.parse(source.textContent), reader.read);
  reader.done();
  const { l: left, r: right } = figure.layout.margin;
  thin(figure.layout.xaxis, element.clientWidth - left - right);
  figure.layout.font = { ...figure.layout.font, family: getComputedStyle(element).fontFamily };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) figure.layout.transition = { duration: 0 };
  await Plotly.react(element, figure.data, figure.layout, CONFIG);
  followPoints(element);
}

// A point that stands for something with a page of its own carries its address.
function followPoints(element) {
  element.removeAllListeners("plotly_click");
  element.on("plotly_click", ({ points }) => {
    const address = [points[0]?.customdata].flat().find((item) => String(item).startsWith("/"));
    if (address) location.assign(address);
  });
}

function drawAll(within = document) {
  return Promise.all([...within.querySelectorAll("[data-chart]")].map(draw));
}

// A chart as a picture: on the ground of the page, under its title.
async function savePicture(button) {
  const chart = document.querySelector(`[data-chart="${button.dataset.pictureOf}"]`);
  const reader = colourReader(chart);
  const layout = { ...chart.layout, paper_bgcolor: reader.read("--surface") };
  layout.title = { text: chart.getAttribute("aria-label").replace(/[<>&]/g, " "), x: 0.02, font: { size: 15 } };
  layout.margin = { ...layout.margin, t: layout.margin.t + 36 };
  reader.done();
  const { clientWidth: width, clientHeight } = chart;
  const picture = { format: "png", width, height: clientHeight + 36, scale: 2 };
  const address = await Plotly.toImage({ data: chart.data, layout, config: CONFIG }, picture);
  const name = button.dataset.picture.replace(/[<>:"/\\|?*\s]+/g, "-");
  Object.assign(document.createElement("a"), { href: address, download: `${name}.png` }).click();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-picture]");
  if (button) savePicture(button);
});

drawAll();
document.addEventListener("theme:changed", (event) => event.detail.until.push(drawAll()));
document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target));
