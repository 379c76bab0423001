// An answer on a page, from the moment that it is asked for: a line that says how long it runs and stops it, then a table,
// a chart or a network, or what is wrong.
import { LIMIT, Stopped } from "./engine.js";
import { readable } from "./mistakes.js";
import { element, network } from "./render.js";
import { rowViews, views } from "./views.js";

/** How large an answer is, in words, and the elements that show it with the given tools. */
function showAnswer(found, tools) {
  if ("boolean" in found) return ["", element("p", { class: "big" }, found.boolean ? "yes" : "no")];
  if (found.triples) {
    const turtle = element("pre", { tabindex: "0", "aria-label": "Answer as Turtle" }, element("code", {}, found.turtle));
    return [`${found.triples.length} triples`, ...views([["network", network(found.triples, tools)], ["Turtle", [turtle]]])];
  }
  if (!found.rows.length) return ["0 rows", element("p", { class: "quiet" }, `No rows: ${found.reason || "nothing in the graph matches."}`)];
  const columns = found.columns.filter((name) => found.rows.some((row) => row[name]));
  return [`${found.rows.length} rows`, ...rowViews(columns, found.rows, tools)];
}

/** Fill `out` with what `work` promises to ask of an engine, or with what is wrong; say so while it takes time. How large
 * an answer is goes to `said`, or in front of it. */
export async function attempt(engine, out, work, { tools, editor, prefixes = {}, said = element("p", { class: "formats" }), limit = LIMIT }) {
  const shown = progress(engine, out, limit);
  const put = (size, ...parts) => {
    said.replaceChildren(size);
    out.replaceChildren(...(said.isConnected && !out.contains(said) ? parts : [said, ...parts]));
  };
  try {
    put(...showAnswer(await work(), tools));
  } catch (error) {
    if (error.left) return;
    const message = readable(String(error.message ?? error), editor?.text() ?? "", prefixes);
    put("", element("p", { class: "problem", role: "alert" }, message));
    if (!(error instanceof Stopped)) editor?.mark(message);
  } finally {
    shown.end();
  }
}

/** A line with the seconds that something has run, and a button that stops it; only for what takes a moment. */
function progress(engine, out, limit) {
  const seconds = element("span", { role: "timer" });
  const button = element("button", { type: "button" }, "Stop");
  button.addEventListener("click", () => engine.stop());
  const line = element("p", { class: "row running" }, seconds, button);
  const began = performance.now();
  const tick = setInterval(() => {
    seconds.textContent = `Running for ${Math.floor((performance.now() - began) / 1000)} s; it is stopped after ${limit} s.`;
    if (!line.isConnected) out.replaceChildren(line);
  }, 250);
  return {
    end() {
      clearInterval(tick);
      line.remove();
    },
  };
}

