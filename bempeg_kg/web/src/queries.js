// Queries of a reader's own in the explorer, and answers as files.
import { attempt } from "./answers.js";
import { edit } from "./code.js";
import { LIMIT } from "./engine.js";
import { remembered } from "./history.js";
import { sentences, strangers, unbound } from "./mistakes.js";
import { element, link } from "./render.js";
import { FORMATS } from "./views.js";

/** The SPARQL page, as the server has it. */
export function queryPage({ main, held, engine, tools }, query) {
  const box = element("textarea", { id: "query", rows: "12" });
  box.value = query || held.example;
  const out = element("div");
  const said = element("p", { class: "formats", role: "status" }); // read out by screen readers, which the rows are not
  const button = element("button", { type: "button" }, "Run");
  const earlier = element("details", {}, element("summary", {}, "Your earlier queries"));
  const start = held.questions.filter((one) => one.sparql).map((one) => element("li", {}, link(`#/sparql?${new URLSearchParams({ query: one.sparql })}`, one.summary)));
  const examples = element("details", query ? {} : { open: "" }, element("summary", {}, "Queries to start from"), element("ul", { class: "list" }, ...start));
  const limit = element("input", { id: "limit", type: "number", min: "1", max: "3600", value: String(LIMIT) });
  const allowed = element("span", { class: "quiet" }, element("label", { for: "limit" }, "Stop after "), limit, " seconds");
  main.replaceChildren(element("h1", {}, "SPARQL"), box, element("p", { class: "row" }, button, allowed, element("span", { class: "quiet" }, "Ctrl-Enter runs it; Ctrl-Space completes.")), said, out, earlier, examples);
  const go = async () => {
    editor.clear();
    engine.leave();
    const address = `#/sparql?${new URLSearchParams({ query: editor.text() })}`;
    if (address !== location.hash) history.pushState(null, "", address);
    const most = Math.max(Number(limit.value) || LIMIT, 1);
    const text = editor.text();
    let formats = null;
    await attempt(engine, out, async () => {
      const found = await engine.ask(text, most);
      if (!("boolean" in found)) formats = FORMATS[found.triples ? "graph" : "rows"];
      past.keep(text);
      examples.open = false;
      return found;
    }, { tools, editor, said, limit: most, prefixes: held.terms.prefixes });
    const strange = [...strangers(text, held.terms), ...unbound(text)].map((one) => one.said);
    if (strange.length && !out.querySelector(".problem")) out.prepend(element("p", { class: "caveat" }, element("strong", {}, "Note: "), sentences(strange)));
    said.append(said.textContent ? " · " : "", link(address, "Link to this query"), ...(formats ? [" · ", ...downloads(engine, text, formats, most)] : []));
  };
  const editor = edit(box, { terms: async () => held.terms, run: go });
  const past = remembered(earlier, (text) => {
    editor.put(text);
    go();
  });
  button.addEventListener("click", go);
  if (query) go();
}

/** Links that give the answer to a query as a file. */
export function downloads(engine, query, formats, limit = LIMIT) {
  return formats.flatMap(([name, suffix, type], at) => {
    const link = element("a", { href: location.hash, download: "" }, name);
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      const address = URL.createObjectURL(new Blob([await engine.ask(query, limit, type)], { type }));
      element("a", { href: address, download: `answer.${suffix}` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    });
    return at ? [", ", link] : [link];
  });
}
