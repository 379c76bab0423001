// The query page of the server: the editor, and answers below it without a reload.
import { edit } from "./code.js";
import { remembered } from "./history.js";
import { sentences, strangers, unbound } from "./mistakes.js";
import { element, network, shortener } from "./render.js";
import { FORMATS, rowViews, views } from "./views.js";

const form = document.getElementById("sparql");
const answer = document.getElementById("answer");
const said = document.getElementById("said"); // read out by screen readers, which the rows are not
const hint = document.getElementById("hint");
let loaded = null;
const terms = () => (loaded ??= fetch(form.dataset.terms).then((reply) => reply.json()));
const editor = edit(document.getElementById("query"), { terms, run: () => form.requestSubmit() });
document.querySelector('label[for="query"]').addEventListener("click", () => editor.view.focus());
hint.textContent = "Ctrl-Enter runs it; Ctrl-Space completes.";

const past = remembered(document.getElementById("earlier"), (query) => {
  editor.put(query);
  form.requestSubmit();
});

const address = (query) => `/sparql?${new URLSearchParams({ query })}`;
const asked = () => new URLSearchParams(location.search).get("query") ?? "";

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (editor.text() !== asked()) history.pushState(null, "", address(editor.text()));
  run();
});
addEventListener("popstate", () => {
  editor.put(asked());
  if (asked()) run();
  else clear();
});

// A link that was followed: the server has answered already, and the same answer is drawn here with its picture.
const problem = document.getElementById("problem");
if (problem) editor.mark(problem.textContent);
else if (asked()) run();

function clear() {
  document.getElementById("problem")?.remove();
  editor.clear();
  answer.replaceChildren();
  said.replaceChildren();
}

async function run() {
  const query = editor.text();
  document.getElementById("problem")?.remove();
  editor.clear();
  answer.setAttribute("aria-busy", "true");
  said.replaceChildren("Running …");
  const began = performance.now();
  const link = element("a", { href: address(query) }, "Link to this query");
  try {
    const reply = await fetch("/sparql", {
      method: "POST",
      headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json, application/n-triples;q=0.9" },
      body: query,
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(text.trim());
    const spent = Math.round(performance.now() - began);
    const [size, ...parts] = await shown(reply.headers.get("Content-Type") ?? "", text, query);
    const unknown = [...strangers(query, await terms()), ...unbound(query)].map(({ said: words }) => words);
    past.keep(query);
    document.getElementById("examples").open = false;
    answer.replaceChildren(...(unknown.length ? [element("p", { class: "caveat" }, element("strong", {}, "Note: "), sentences(unknown))] : []), ...parts);
    said.replaceChildren(`${size}${spent} ms · `, link, ...downloads(query, reply.headers.get("Content-Type") ?? ""));
  } catch (error) {
    clear();
    const { message } = error; // the server has told it in words
    said.before(element("p", { class: "problem", role: "alert", id: "problem" }, message));
    said.replaceChildren(link);
    editor.mark(message);
  }
  answer.removeAttribute("aria-busy");
}

/** How large an answer is, in words, and the elements that show it. */
async function shown(type, text, query) {
  const { prefixes, classes, properties, entities, values } = await terms();
  const labels = new Map([...classes, ...properties, ...values, ...entities].map(([curie, label]) => [curie, label]));
  const shorten = shortener(prefixes);
  const base = prefixes.trial.replace(/trial\/$/, "");
  const tools = {
    shorten,
    label: (iri) => labels.get(shorten(iri)) ?? "",
    place: (iri) => (labels.has(shorten(iri)) && iri.startsWith(base) ? `/${iri.slice(base.length)}` : /^https?:/.test(iri) ? iri : ""),
  };
  if (type.startsWith("application/n-triples")) {
    const triples = parse(text);
    const turtle = await written(query, "text/turtle", text);
    const pre = element("pre", { tabindex: "0", "aria-label": "Answer as Turtle" }, element("code", {}, turtle));
    return [`${triples.length} triples, `, ...views([["network", network(triples, tools)], ["Turtle", [pre]]])];
  }
  const found = JSON.parse(text);
  if ("boolean" in found) return ["", element("p", { class: "big" }, found.boolean ? "yes" : "no")];
  const rows = found.results.bindings;
  return [`${rows.length} rows, `, ...rowViews(found.head.vars, rows, tools)];
}

/** Links that give the answer as a file. */
function downloads(query, type) {
  const formats = FORMATS[type.startsWith("application/n-triples") ? "graph" : "rows"];
  return formats.flatMap(([name, format]) => [
    " · ",
    element("a", { href: `/sparql?${new URLSearchParams({ query, format })}`, download: `answer.${format}` }, name),
  ]);
}

/** The same answer in another format; `instead` where the server does not give it. */
async function written(query, type, instead) {
  const reply = await fetch("/sparql", { method: "POST", headers: { "Content-Type": "application/sparql-query", Accept: type }, body: query });
  return reply.ok ? reply.text() : instead;
}

/** N-Triples, which come one to a line. */
function parse(text) {
  const term = (written) =>
    written.startsWith("<")
      ? { type: "uri", value: written.slice(1, -1) }
      : { type: written.startsWith("_:") ? "bnode" : "literal", value: written };
  const made = [];
  for (const line of text.split("\n")) {
    const found = /^(\S+) (\S+) (.*) \.$/.exec(line);
    if (found) made.push({ subject: term(found[1]), predicate: term(found[2]), object: term(found[3]) });
  }
  return made;
}
