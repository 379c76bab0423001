// The offline explorer: everything in one file. The graph is an Oxigraph store in the browser; nothing is fetched.
import init, * as oxigraph from "oxigraph/web.js";
import { edit } from "./code.js";
import { readable } from "./mistakes.js";
import { element, network, rowsAndChart, shortener, table } from "./render.js";

const held = JSON.parse(document.getElementById("content").textContent);
const main = document.getElementById("main");
const shorten = shortener(held.terms.prefixes);
const labels = new Map([...held.terms.classes, ...held.terms.properties, ...held.terms.entities]);
const questions = new Map(held.questions.map((question) => [question.name, question]));
const entities = new Set(held.terms.entities.map(([curie]) => curie));
const label = (iri) => labels.get(shorten(iri)) ?? "";
const place = (iri) => (entities.has(shorten(iri)) ? `#/e/${encodeURIComponent(iri)}` : /^https?:/.test(iri) ? iri : "");
const tools = { shorten, label, place };
let store = null;

async function unpack(id) {
  const packed = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function open() {
  const [code, quads] = await Promise.all([unpack("wasm"), unpack("quads")]);
  await init({ module_or_path: code });
  store = new oxigraph.Store();
  store.load(new TextDecoder().decode(quads), { format: "application/n-quads", lenient: true });
  for (const id of ["wasm", "quads"]) document.getElementById(id).remove();
}

/** Any query: {columns, rows} of SPARQL JSON, {boolean}, or {triples}. Declared prefixes need no PREFIX line. */
function run(query) {
  const bare = query.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#.*/g, (found) => (found[0] === "<" ? "<>" : " "));
  const options = { use_default_graph_as_union: !/(?<![?$\w:.-])FROM\s*(?:NAMED\b|<|[\w-]*:)/i.test(bare) };
  const ask = (text) => store.query(text, options);
  let found;
  try {
    found = ask(query);
  } catch (error) {
    if (!/prefix/i.test(String(error))) throw error;
    const lines = Object.entries(held.terms.prefixes).map(([prefix, space]) => `PREFIX ${prefix}: <${space}> `);
    found = ask(lines.join("") + query);
  }
  if (typeof found === "boolean") return { boolean: found };
  if (found.length === 0 || found[0] instanceof Map) return solutions(query, found, ask);
  return { triples: found.map(({ subject, predicate, object }) => ({ subject: term(subject), predicate: term(predicate), object: term(object) })) };
}

function solutions(query, found) {
  const rows = found.map((row) => Object.fromEntries([...row].map(([name, value]) => [name, term(value)])));
  const named = /\bSELECT\s+(?:DISTINCT\s+|REDUCED\s+)?((?:[?$]\w+\s*)+)/i.exec(query);
  const columns = named ? named[1].trim().split(/\s+/).map((name) => name.slice(1)) : [...new Set(rows.flatMap(Object.keys))];
  const all = [...new Set([...columns, ...rows.flatMap(Object.keys)])];
  return { columns: all, rows };
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

const XSD = "http://www.w3.org/2001/XMLSchema#";

/** The SPARQL of a question with parameters as they were typed; without any, the query as it stands in its file. */
function bound(question, given = {}) {
  const typed = (parameter) => (given[parameter.name] ?? "").trim();
  if (!question.parameters.some(typed)) return question.sparql;
  let text = question.template;
  for (const parameter of question.parameters) {
    const hole = `<urn:parameter:${parameter.name}>`;
    const terms = typed(parameter) ? [written(parameter, typed(parameter))] : parameter.terms;
    text = text.replaceAll(`(${hole})`, () => terms.map((one) => `(${one})`).join(" ")).replaceAll(hole, () => terms[0]);
  }
  return text;
}

function written(parameter, typed) {
  if (parameter.type !== "iri") {
    const escaped = typed.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r");
    return `"${escaped}"^^<${XSD}${parameter.type}>`;
  }
  const [prefix, ...rest] = typed.split(":");
  const space = held.terms.prefixes[prefix];
  const bare = !typed.includes(":") && held.terms.prefixes[parameter.kind];
  const iri = space ? space + rest.join(":") : bare ? bare + typed : typed.replace(/^<|>$/g, "");
  if (!/^[a-z][\w+.-]*:[^\s<>"{}|^`\\]+$/i.test(iri)) throw new Error(`${typed} is no identifier of this graph`);
  return `<${iri}>`;
}

function answer(name, given = {}) {
  const question = questions.get(name);
  return question.answer ?? run(bound(question, given));
}

/** How large an answer is, in words, and the elements that show it. */
function showAnswer(found) {
  if ("boolean" in found) return ["", element("p", { class: "big" }, found.boolean ? "yes" : "no")];
  if (found.triples) {
    const rows = found.triples.map(({ subject, predicate, object }) => ({ subject, predicate, object }));
    return [`${rows.length} triples`, ...network(found.triples, tools), table(["subject", "predicate", "object"], rows.slice(0, 2000), tools)];
  }
  const used = found.columns.filter((name) => found.rows.length === 0 || found.rows.some((row) => row[name]));
  return [`${found.rows.length} rows`, ...rowsAndChart(used, found.rows, tools)];
}

function questionPage(name, given) {
  const question = questions.get(name);
  const out = element("div");
  const parts = [element("p", { class: "kicker" }, element("a", { href: "#/" }, "Questions")), element("h1", {}, question.summary)];
  if (question.description) parts.push(element("p", { class: "lead" }, question.description));
  if (question.caveat) parts.push(element("p", { class: "caveat" }, element("strong", {}, "Mind: "), question.caveat));
  if (question.parameters.length && question.sparql) parts.push(askForm(question, given));
  parts.push(out);
  if (question.answer) parts.push(element("p", { class: "quiet" }, "This answer is computed; it was worked out when this file was written."));
  else parts.push(queryBehind(bound(question, given)));
  main.replaceChildren(...parts);
  attempt(out, () => answer(name, given));
}

function askForm(question, given) {
  const form = element("form", { class: "ask" });
  for (const parameter of question.parameters) {
    const id = `p-${parameter.name}`;
    const value = given[parameter.name] ?? "";
    const field = parameter.allowed.length ? choice(id, parameter, value) : element("input", { id, name: parameter.name, value, list: `l-${id}`, placeholder: parameter.terms.join() === "UNDEF" ? `all, or ${parameter.example}` : parameter.terms.join(" ") });
    const known = parameter.kind ? held.terms.entities.filter(([curie]) => curie.startsWith(`${parameter.kind}:`)) : [];
    const list = element("datalist", { id: `l-${id}` }, ...known.map(([curie, name]) => element("option", { value: curie }, name)));
    form.append(element("p", {}, element("label", { for: id }, parameter.name.replaceAll("_", " ")), field, list, element("span", { class: "quiet" }, parameter.description)));
  }
  form.append(element("p", {}, element("button", {}, "Ask")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = `#/q/${question.name}?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`;
  });
  return form;
}

function choice(id, parameter, chosen) {
  const option = (value) => element("option", { value, ...(value === chosen ? { selected: "" } : {}) }, value || "(default)");
  return element("select", { id, name: parameter.name }, ...["", ...parameter.allowed].map(option));
}

function queryBehind(text) {
  const pre = element("pre", { tabindex: "0", "aria-label": "SPARQL query" }, element("code", {}, text));
  const link = element("a", { href: `#/sparql?${new URLSearchParams({ query: text })}` }, "Open it in the editor");
  return element("details", {}, element("summary", {}, "The query behind it"), pre, element("p", {}, link));
}

/** Fill `out` with an answer or with what is wrong. How large it is goes to `said`, or in front of it. */
function attempt(out, work, editor, said = element("p", { class: "formats" })) {
  try {
    const [size, ...parts] = showAnswer(work());
    said.replaceChildren(size);
    out.replaceChildren(...(said.isConnected ? parts : [said, ...parts]));
  } catch (error) {
    said.replaceChildren();
    const message = readable(String(error.message ?? error), editor?.text() ?? "", held.terms.prefixes);
    out.replaceChildren(element("p", { class: "problem", role: "alert" }, message));
    editor?.mark(message);
  }
}

function home(words = "") {
  const list = element("ul", { class: "list" });
  const fill = (typed) => {
    const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = held.questions.filter((one) => wanted.every((word) => `${one.summary} ${one.name} ${one.tags.join(" ")}`.toLowerCase().includes(word)));
    list.replaceChildren(...fits.map((one) => element("li", {}, element("a", { href: `#/q/${one.name}` }, one.summary), element("span", { class: "quiet" }, one.tags.join(", ")))));
  };
  const box = element("input", { id: "words", type: "search", value: words });
  box.addEventListener("input", () => fill(box.value));
  fill(words);
  main.replaceChildren(
    element("h1", {}, "Evidence graph, offline"),
    element("p", { class: "lead" }, `${store.size} statements and the questions to put to them, all in this file. Nothing is fetched and nothing is sent.`),
    element("p", { class: "row" }, element("label", { for: "words" }, "Find a question"), box),
    list,
  );
}

function sparqlPage(query) {
  const box = element("textarea", { id: "query", rows: "12" });
  box.value = query || held.example;
  const out = element("div");
  const said = element("p", { class: "formats", role: "status" }); // read out by screen readers, which the rows are not
  const button = element("button", { type: "button" }, "Run");
  main.replaceChildren(element("h1", {}, "SPARQL"), box, element("p", { class: "row" }, button, element("span", { class: "quiet" }, "Ctrl-Enter runs it; Ctrl-Space completes.")), out, said);
  const go = () => {
    editor.clear();
    const address = `#/sparql?${new URLSearchParams({ query: editor.text() })}`;
    if (address !== location.hash) history.pushState(null, "", address);
    attempt(out, () => run(editor.text()), editor, said);
    said.append(" ", element("a", { href: address }, "Link to this query"));
  };
  const editor = edit(box, { terms: async () => held.terms, run: go });
  button.addEventListener("click", go);
  if (query) go();
}

function entityPage(iri) {
  const known = /^[^\s<>"{}|^`\\]+$/.test(iri);
  const out = element("div");
  main.replaceChildren(element("p", { class: "kicker" }, shorten(iri)), element("h1", {}, label(iri) || shorten(iri)), out);
  if (!known) return;
  attempt(out, () => run(`SELECT ?property ?value { <${iri}> ?property ?value } ORDER BY ?property ?value`));
  const inward = element("div");
  out.after(element("h2", {}, "Where it is mentioned"), inward);
  attempt(inward, () => run(`SELECT ?statement ?property { ?statement ?property <${iri}> } ORDER BY ?property ?statement`));
}

function picturePage(name) {
  const picture = held.pictures[name];
  const drawing = element("figure", { class: "picture scroll", tabindex: "0", role: "region", "aria-label": picture.title });
  drawing.append(document.getElementById(`picture-${name}`)?.content.cloneNode(true) ?? "");
  const parts = [element("h1", {}, picture.title), element("p", { class: "lead" }, picture.about), drawing];
  main.replaceChildren(...parts, element("p", {}, element("a", { href: `#/q/${picture.question}` }, "The same in rows")));
}

function route() {
  const [path, search = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [kind, ...rest] = path.split("/");
  const name = decodeURIComponent(rest.join("/"));
  const given = Object.fromEntries(new URLSearchParams(search));
  if (kind === "q" && questions.has(name)) questionPage(name, given);
  else if (kind === "sparql") sparqlPage(given.query ?? "");
  else if (kind === "e") entityPage(name);
  else if (kind === "g" && held.pictures[name]) picturePage(name);
  else home();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

open().then(
  () => {
    window.bempeg = { run, answer, names: [...questions.keys()] };
    addEventListener("hashchange", route);
    route();
    document.documentElement.dataset.ready = "yes";
  },
  (error) => main.replaceChildren(element("p", { class: "problem", role: "alert" }, `The graph could not be opened: ${error.message ?? error}`)),
);
