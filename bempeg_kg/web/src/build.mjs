// Bundles the sources of this folder into ../dist, which the package ships and git ignores.
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";

const folder = new URL(".", import.meta.url).pathname;
const dist = `${folder}../dist`;

await mkdir(dist, { recursive: true });
await build({
  absWorkingDir: folder,
  entryPoints: ["editor.js", "explorer.js"],
  outdir: dist,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "inline",
  define: { "import.meta.url": '""' },
  logLevel: "warning",
});
await copyFile(`${folder}node_modules/oxigraph/web_bg.wasm`, `${dist}/oxigraph.wasm`);
