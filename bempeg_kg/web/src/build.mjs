// Bundles the sources of this folder into ../dist, which the package ships and git ignores.
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";

const folder = new URL(".", import.meta.url).pathname;
const dist = `${folder}../dist`;

const options = {
  absWorkingDir: folder,
  outdir: dist,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "inline",
  logLevel: "warning",
};

await mkdir(dist, { recursive: true });
// a page from disk can load no second file, so the explorer holds the script of its worker as text
const worker = await build({ ...options, entryPoints: ["store.js"], define: { "import.meta.url": '""' }, write: false });
await build({ ...options, entryPoints: ["editor.js", "explorer.js"], define: { WORKER: JSON.stringify(worker.outputFiles[0].text) } });
await copyFile(`${folder}node_modules/oxigraph/web_bg.wasm`, `${dist}/oxigraph.wasm`);
