// Builds static/src into static/dist: `npm run build`, or `npm run watch` while working on it.
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "dist");

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
// Plotly writes its rules into a <style> unless a stylesheet with its id is already linked; a strict
// content security policy wants the file.
copyFileSync(join(here, "../node_modules/plotly.js/dist/plotly.css"), join(target, "plotly.css"));
copyFileSync(join(source, "icon.svg"), join(target, "icon.svg"));

// Tabler dresses far more than this product has: what no template or script names stays out of the stylesheet.
const product = join(here, "..");
const namedIn = ["templates/**/*.html", "static/src/*.js"];
// The fields of forms get their classes from crispy-bootstrap5.
const FORMS = [/^form-/, /^(is|was)-(in)?valid/, /^(in)?valid-/, /^input-group/, /^col-form-label/, /^alert/, "m-0"];
const onlyWhatIsUsed = {
  name: "only what is used",
  setup(build) {
    build.onLoad({ filter: /tabler\.css$/ }, async ({ path }) => {
      const content = namedIn.map((pattern) => join(product, pattern));
      const safelist = { standard: FORMS, greedy: [/data-bs-theme/] };
      const [{ css }] = await new PurgeCSS().purge({ content, css: [path], safelist, keyframes: true });
      return { contents: css, loader: "css" };
    });
  },
};

const options = {
  entryPoints: ["app.css", "app.js", "theme.js", "charts.js", "wall.js"].map((name) => join(source, name)),
  outdir: target,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  define: { global: "window", "process.env.NODE_ENV": '"production"' },
  // Plotly asks for a map library's stylesheet that no chart of ours uses.
  external: ["maplibre-gl/*"],
  legalComments: "linked",
  plugins: [onlyWhatIsUsed],
  logLevel: "info",
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
