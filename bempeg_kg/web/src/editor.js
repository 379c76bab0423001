// The query page of the server: the editor, and answers below it without a reload.
import { edit } from "./code.js";
import { chart, element, network, shortener, table } from "./render.js";

const form = document.getElementById("sparql");
const answer = document.getElementById("answer");
const hint = document.getElementById("hint");
let loaded = null;
const terms = () => (loaded ??= fetch(form.dataset.terms).then((reply) => reply.json()));
const editor = edit(document.getElementById("query"), { terms, run: () => form.requestSubmit() });
document.querySelector('label[for="query"]').addEventListener("click", () => editor.view.focus());
hint.textContent = "Ctrl-Enter runs it; Ctrl-Space completes.";

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = editor.text();
  document.getElementById("problem")?.remove();
  editor.clear();
  answer.setAttribute("aria-busy", "true");
  const began = performance.now();
  try {
    const reply = await fetch("/sparql", {
      method: "POST",
      headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json, application/n-triples;q=0.9" },
      body: query,
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(text.trim());
    await show(reply.headers.get("Content-Type") ?? "", text, Math.round(performance.now() - began));
    history.replaceState(null, "", `/sparql?query=${encodeURIComponent(query)}`);
  } catch (error) {
    answer.replaceChildren();
    answer.before(element("p", { class: "problem", role: "alert", id: "problem" }, error.message));
    editor.mark(error.message);
  }
  answer.removeAttribute("aria-busy");
});

async function show(type, text, milliseconds) {
  const { prefixes, entities } = await terms();
  const labels = new Map(entities);
  const shorten = shortener(prefixes);
  const base = prefixes.trial.replace(/trial\/$/, "");
  const tools = {
    shorten,
    label: (iri) => labels.get(shorten(iri)) ?? "",
    place: (iri) => (labels.has(shorten(iri)) && iri.startsWith(base) ? `/${iri.slice(base.length)}` : /^https?:/.test(iri) ? iri : ""),
  };
  const link = element("a", { href: `/sparql?query=${encodeURIComponent(editor.text())}` }, "Link to this query");
  if (type.startsWith("application/n-triples")) {
    const triples = parse(text);
    const drawing = network(triples, tools);
    const note = element("p", { class: "formats" }, `${triples.length} triples, ${milliseconds} ms · `, link);
    const pre = element("pre", { tabindex: "0", "aria-label": "Answer as N-Triples" }, element("code", {}, text));
    answer.replaceChildren(note, ...(drawing ? [drawing] : []), pre);
    return;
  }
  const found = JSON.parse(text);
  if ("boolean" in found) {
    answer.replaceChildren(element("p", { class: "big" }, found.boolean ? "yes" : "no"), element("p", { class: "formats" }, link));
    return;
  }
  const rows = found.results.bindings;
  const columns = found.head.vars;
  const drawing = chart(columns, rows, tools);
  const note = element("p", { class: "formats" }, `${rows.length} rows, ${milliseconds} ms · `, link);
  const limit = 2000;
  const more = rows.length > limit ? [element("p", { class: "quiet" }, `The first ${limit} rows are shown.`)] : [];
  answer.replaceChildren(note, table(columns, rows.slice(0, limit), tools), ...more, ...(drawing ? [drawing] : []));
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
