// What a parser says of a query, in words of people. It follows bempeg_kg/engines/problems.py, so that a query with a
// mistake is told the same on the command line, by the server and in the offline explorer.

/** The message for a parser's `message` about `query`, with "line L, column C" where the place is known. */
export function readable(message, query, prefixes) {
  const place = /\bat (\d+):(\d+)/.exec(message);
  if (!place) return message;
  const bare = query.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#.*/g, (found) => " ".repeat(found.length));
  if (/^\s*(?:PREFIX\s+[\w.-]*:\s*|BASE\s*)*(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b/i.test(bare)) {
    return "this is an update, and the graph is read-only; ask with SELECT, ASK, CONSTRUCT or DESCRIBE";
  }
  return (/prefix/i.test(message) && prefixMistake(bare, query, prefixes)) || verbMistake(bare, query) || braceMistake(bare, query) || told(expected(message), query, offset(query, place));
}

function prefixMistake(bare, query, prefixes) {
  const declared = new Set([...bare.matchAll(/\bPREFIX\s+([\w.-]*)\s*:/gi)].map((found) => found[1]));
  for (const found of bare.matchAll(/(?<![\w?$:.<-])([A-Za-z][\w.-]*)?:/g)) {
    const prefix = found[1] ?? "";
    if (!declared.has(prefix) && !(prefix in prefixes)) return told(`the prefix ${prefix}: is not declared`, query, found.index);
  }
  return "";
}

/** A query that begins with none of the four words, a typing mistake more often than not. */
function verbMistake(bare, query) {
  const found = /[A-Za-z]+/.exec(bare.replace(/\b(?:PREFIX\s+[\w.-]*\s*:|BASE)\s*/gi, (line) => " ".repeat(line.length)));
  if (!found || /^(?:SELECT|ASK|CONSTRUCT|DESCRIBE)$/i.test(found[0])) return "";
  return told("a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE", query, found.index);
}

/** A brace without its partner, which a parser notices only at the end. */
function braceMistake(bare, query) {
  const open = [];
  for (const { 0: brace, index } of bare.matchAll(/[{}]/g)) {
    if (brace === "{") open.push(index);
    else if (open.pop() === undefined) return told("this brace closes nothing", query, index);
  }
  return open.length ? told("this brace is never closed", query, open.at(-1)) : "";
}

/** The readable part of a list of what would have fitted. */
function expected(message) {
  const parts = (/expected (?:one of )?([^]*)/.exec(message)?.[1] ?? "").split(/, (?![^[]*\])/).map((part) => part.trim());
  const sentence = parts.find((part) => /^[A-Z][\w\s]{6,}$/.test(part) && part !== part.toUpperCase());
  if (sentence) return sentence[0].toLowerCase() + sentence.slice(1);
  const words = parts.filter((part) => /^[A-Za-z?()*.{}]+$/.test(part));
  return words.length > 0 && words.length < 5 ? `expected ${words.join(" or ")}` : "this is not SPARQL";
}

function offset(query, [, line, column]) {
  const before = query.split("\n").slice(0, line - 1);
  return before.join("\n").length + (before.length ? 1 : 0) + Number(column) - 1;
}

function told(words, query, at) {
  const before = query.slice(0, at).split("\n");
  const there = query.slice(at).split("\n")[0].trim() || "the end of the query";
  return `line ${before.length}, column ${before.at(-1).length + 1}: ${words}: ${there.slice(0, 60)}`;
}
