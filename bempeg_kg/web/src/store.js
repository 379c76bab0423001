// The graph of the offline explorer, in a worker of its own, so that a query that runs away can be ended with it. It
// answers one message at a time: first what to open, then queries.
import init, * as oxigraph from "oxigraph/web.js";

let store = null;
let prefixes = {};

self.onmessage = async ({ data }) => {
  try {
    self.postMessage(data.quads ? { size: await open(data) } : { found: run(data.query, data.type) });
  } catch (error) {
    const broken = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    self.postMessage({ problem: String(error.message ?? error), broken: broken || !store });
  }
};

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function open(given) {
  prefixes = given.prefixes;
  const [code, quads] = await Promise.all([unpacked(given.wasm), unpacked(given.quads)]);
  await init({ module_or_path: code });
  store = new oxigraph.Store();
  store.load(new TextDecoder().decode(quads), { format: "application/n-quads", lenient: true });
  return store.size;
}

/** Any query: {columns, rows} of SPARQL JSON, {boolean}, or {triples, turtle}; a text of the media type where one is
 * given. Declared prefixes need no PREFIX line. */
function run(query, type) {
  const bare = query.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#.*/g, (found) => (found[0] === "<" ? "<>" : " "));
  const options = { use_default_graph_as_union: !/(?<![?$\w:.-])FROM\s*(?:NAMED\b|<|[\w-]*:)/i.test(bare), ...(type ? { results_format: type } : {}) };
  const ask = (text) => store.query(text, options);
  let found;
  try {
    found = ask(query);
  } catch (error) {
    if (!/prefix/i.test(String(error))) throw error;
    const lines = Object.entries(prefixes).map(([prefix, space]) => `PREFIX ${prefix}: <${space}> `);
    found = ask(lines.join("") + query);
  }
  if (type) return found;
  if (typeof found === "boolean") return { boolean: found };
  if (found.length === 0 || found[0] instanceof Map) return solutions(query, found);
  return { triples: found.map(({ subject, predicate, object }) => ({ subject: term(subject), predicate: term(predicate), object: term(object) })), turtle: run(query, "text/turtle") };
}

function solutions(query, found) {
  const rows = found.map((row) => Object.fromEntries([...row].map(([name, value]) => [name, term(value)])));
  const named = /\bSELECT\s+(?:DISTINCT\s+|REDUCED\s+)?((?:[?$]\w+\s*)+)/i.exec(query);
  const columns = named ? named[1].trim().split(/\s+/).map((name) => name.slice(1)) : [];
  return { columns: [...new Set([...columns, ...rows.flatMap(Object.keys)])], rows };
}

function term(found) {
  if (found.termType === "NamedNode") return { type: "uri", value: found.value };
  if (found.termType === "BlankNode") return { type: "bnode", value: found.value };
  if (found.termType !== "Literal") return { type: "literal", value: String(found) };
  const made = { type: "literal", value: found.value };
  if (found.language) made["xml:lang"] = found.language;
  else if (found.datatype.value !== "http://www.w3.org/2001/XMLSchema#string") made.datatype = found.datatype.value;
  return made;
}
