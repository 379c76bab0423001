// What is wrong with a query, in words of people, where no server can be asked. The patterns are the table of the
// Python package; the rest follows bempeg_kg/rdf/sparql/mistakes.py, and a test holds the two to the same words.
import table from "../../rdf/sparql/common_mistakes.json" with { type: "json" };

const LONGEST = 5000; // characters; a longer query was not typed
const OPAQUE = /"""(?:[^"\\]|\\[^]|"(?!""))*"""|'''(?:[^'\\]|\\[^]|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|#[^\n]*/g;
const blank = (text) => " ".repeat(text.length);

/** The message for a parser's `message` about `query`, with "line L, column C" where the place is known. */
export function readable(message, query, prefixes) {
  const place = /\bat (\d+):(\d+)/.exec(message);
  if (!place) return message;
  if (/^\s*(?:PREFIX\s+[\w.-]*:\s*_*\s*|BASE\s*_*\s*)*(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b/i.test(shadow(query))) {
    return "this is an update, and the graph is read-only\nAsk with SELECT, ASK, CONSTRUCT or DESCRIBE.";
  }
  const mistake = findMistake(query, prefixes, message);
  if (mistake) return told(query, mistake);
  const at = wordStart(query, offset(query, place, prefixes));
  const vague = /[^ \n\t})]/.test(query.slice(at)) ? "" : ", here or somewhere before";
  return told(query, { said: (expected(message) || "this is not SPARQL") + vague, offset: at, cure: "" });
}

/** Names in a query with a prefix of this graph that nothing in it has: [{offset, name, said}]. */
export function strangers(query, { prefixes, classes, properties, entities, values = [] }) {
  const known = [...classes, ...properties, ...entities, ...values].map(([curie]) => curie);
  const own = new Set(known.map((curie) => curie.split(":")[0]).filter((prefix) => prefixes[prefix]?.startsWith(prefixes.trial.replace(/trial\/$/, ""))));
  const bare = shadow(query);
  for (const found of bare.matchAll(/(?<![\w?$:.<-])PREFIX\s+([\w.-]*)\s*:\s*(_*)/gi)) {
    const declared = query.substr(found.index + found[0].length - found[2].length, found[2].length).slice(1, -1);
    if (declared !== prefixes[found[1]]) own.delete(found[1]);
  }
  const names = new Set(known);
  const made = [];
  for (const found of bare.matchAll(/(?<![\w?$:.<-])([A-Za-z][\w-]*):([\w-]*\w)/g)) {
    const [name, prefix] = found;
    if (!own.has(prefix) || names.has(name)) continue;
    const near = nearest(name, known.filter((one) => one.startsWith(`${prefix}:`)));
    made.push({ offset: found.index, name, said: `nothing in the graph is called ${name}${near ? `; did you mean ${near}?` : ""}` });
  }
  return made;
}

/** Variables that a query selects, groups or orders by and that nothing in its pattern binds: [{offset, name, said}]. */
export function unbound(query) {
  const bare = shadow(query);
  const [open, close] = [bare.indexOf("{"), bare.lastIndexOf("}")];
  const start = bare.search(/(?<![\w?$])SELECT(?!\w)/i);
  if (start < 0 || open < start || close < open) return [];
  const outside = bare.slice(0, open).replace(/^[^]*?(?=SELECT)/i, blank) + blank(bare.slice(open, close + 1)) + bare.slice(close + 1);
  const bound = new Set([...bare.slice(open, close + 1).matchAll(/[?$](\w+)/g)].map(([, name]) => name));
  for (const [, name] of outside.matchAll(/(?<!\w)AS\s+[?$](\w+)/gi)) bound.add(name);
  if (/(?<!\w)VALUES(?!\w)/i.test(bare.slice(close + 1))) return [];
  return [...outside.matchAll(/[?$](\w+)/g)]
    .filter(([, name]) => !bound.has(name))
    .map((found) => ({ offset: found.index, name: found[0], said: `nothing in the pattern binds ${found[0]}` }));
}

function findMistake(query, prefixes, message) {
  if (query.length > LONGEST) return null;
  const bare = shadow(query);
  return (
    listed("characters", bare) ||
    verb(bare) ||
    listed("grammar", bare) ||
    bracket(bare) ||
    word(bare) ||
    unknownPrefix(bare, prefixes) ||
    listed("patterns", bare.replace(new RegExp(table.without, "gi"), blank)) ||
    (message.includes("unbound") ? ungrouped(bare) : null)
  );
}

/** The query with strings, IRIs and comments blanked. */
function shadow(query) {
  return query.replace(OPAQUE, (found) => found.replace(/[^\n]/g, found[0] === "#" ? " " : "_"));
}

const patterns = new Map();
function pattern(text) {
  if (!patterns.has(text)) {
    const filled = Object.entries(table.fragments).reduce((made, [name, fragment]) => made.replaceAll(name, () => `(?:${fragment})`), text);
    patterns.set(text, new RegExp(filled, "di"));
  }
  return patterns.get(text);
}

function listed(part, bare) {
  for (const entry of table[part]) {
    const found = pattern(entry.pattern).exec(bare);
    const filled = (text) => text.replaceAll("{here}", () => found[1]);
    if (found) return { said: filled(entry.said), offset: found.indices[1][0], cure: filled(entry.cure) };
  }
  return null;
}

function unknownPrefix(bare, prefixes) {
  const declared = [...bare.matchAll(/\bPREFIX\s+([\w.-]*)\s*:/gi)].map((found) => found[1]);
  for (const found of bare.matchAll(/(?<![\w?$:.<-])([A-Za-z][\w.-]*)?:/g)) {
    const prefix = found[1] ?? "";
    if (declared.includes(prefix) || Object.hasOwn(prefixes, prefix)) continue;
    const near = nearest(prefix, [...declared, ...Object.keys(prefixes)]);
    const cure = near ? `Did you mean ${near}:? Or declare it: PREFIX ${prefix}: <...>` : `Declare it: PREFIX ${prefix}: <...>`;
    return { said: `the prefix ${prefix}: is not declared`, offset: found.index, cure };
  }
  return null;
}

/** The known word that a slip or two of the keyboard turn into this one; empty if there is none. */
function nearest(word, known) {
  const allowed = word.length < 3 ? 0 : word.length < 6 ? 1 : 2;
  let best = "";
  let least = allowed + 1;
  for (const one of known) {
    const count = slips(word.toLowerCase(), one.toLowerCase());
    if (count < least || (count === least && best && one < best)) [least, best] = [count, one];
  }
  return best;
}

function slips(one, other) {
  if (Math.abs(one.length - other.length) > 2) return 3;
  const rows = [[...Array(other.length + 1).keys()]];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      let cost = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (one[i - 1] !== other[j - 1]));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) cost = Math.min(cost, rows[i - 2][j - 2] + 1);
      row.push(cost);
    }
    rows.push(row);
  }
  return rows.at(-1).at(-1);
}

/** A query that begins with none of the four words, a typing mistake more often than not. */
function verb(bare) {
  const verbs = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];
  const found = /[A-Za-z]+/.exec(bare.replace(/\b(?:PREFIX\s+[\w.-]*\s*:|BASE)\s*/gi, blank));
  if (!found || verbs.includes(found[0].toUpperCase())) return null;
  const near = nearest(found[0], verbs);
  return { said: "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE", offset: found.index, cure: near ? `Did you mean ${near}?` : "" };
}

/** A brace, parenthesis or bracket without its partner, which a parser notices too late. */
function bracket(bare) {
  const names = { "{": "brace", "(": "parenthesis", "[": "bracket" };
  const opening = { "}": "{", ")": "(", "]": "[" };
  const closing = { "{": "}", "(": ")", "[": "]" };
  const open = [];
  for (const { 0: sign, index } of bare.matchAll(/[{}()[\]]/g)) {
    if (names[sign]) open.push(index);
    else if (open.length && bare[open.at(-1)] === opening[sign]) open.pop();
    else if (open.some((one) => bare[one] === opening[sign])) break;
    else return { said: `this ${names[opening[sign]]} closes nothing`, offset: index, cure: "Leave it out, or open it before." };
  }
  if (!open.length) return null;
  const sign = bare[open.at(-1)];
  return { said: `this ${names[sign]} is never closed`, offset: open.at(-1), cure: `Write its ${closing[sign]}.` };
}

/** A word that is neither of SPARQL nor has a prefix. */
function word(bare) {
  const words = table.words.split(" ");
  const known = new Set(words.map((one) => one.toUpperCase()));
  for (const found of bare.matchAll(/(?<![\w?$:@^%\\.-])[A-Za-z]\w*(?![\w.-]*:|\w)/g)) {
    const [here] = found;
    if (known.has(here.toUpperCase())) continue;
    const near = nearest(here, words.filter((one) => one.length > 2));
    const cure = table.instead[here.toUpperCase()] ?? (near ? `Did you mean ${near}?` : table.otherwise);
    return { said: `${here} is not a SPARQL keyword`, offset: found.index, cure };
  }
  return null;
}

/** A variable of a SELECT that is neither grouped nor inside of an aggregate. */
function ungrouped(bare) {
  const called = new RegExp(`\\b(?:${table.aggregates.replaceAll(" ", "|")})\\s*\\(`, "i");
  for (const select of bare.matchAll(/(?<![\w?$:.-])select\b([^{}]*)\{/gi)) {
    let shown = select[1];
    let aggregates = false;
    for (let call = called.exec(shown); call; call = called.exec(shown)) {
      aggregates = true;
      const end = closingOf(shown, call.index + call[0].length - 1);
      shown = shown.slice(0, call.index) + blank(shown.slice(call.index, end)) + shown.slice(end);
    }
    const tail = bare.slice(closingOf(bare, select.index + select[0].length - 1)).split("}")[0];
    const group = /\bgroup\s+by\b([^]*?)(?=\b(?:having|order|limit|offset|values)\b|$)/i.exec(tail);
    if (!aggregates && !group) continue;
    const grouped = new Set([...(group?.[1].match(/[?$]\w+/g) ?? []), ...[...shown.matchAll(/\bas\s+([?$]\w+)/gi)].map((found) => found[1])]);
    for (const { 0: name, index } of shown.matchAll(/[?$]\w+/g)) {
      if (grouped.has(name)) continue;
      const cure = `Add ${name} to GROUP BY, or show it aggregated, as in (SAMPLE(${name}) AS ?one).`;
      return { said: `${name} is neither grouped nor aggregated`, offset: select.index + "select".length + index, cure };
    }
  }
  return null;
}

/** The offset behind the bracket that closes the one at `start`; the end if there is none. */
function closingOf(text, start) {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    depth += "({".includes(text[at]) - ")}".includes(text[at]);
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The readable part of a list of what would have fitted. */
function expected(message) {
  const parts = (/expected (?:one of )?([^]*)/.exec(message)?.[1] ?? "").split(/, (?![^[]*\])/).map((part) => part.trim());
  const sentence = parts.find((part) => /^[A-Z][\w\s]{6,}$/.test(part) && part !== part.toUpperCase());
  if (sentence) return sentence[0].toLowerCase() + sentence.slice(1);
  const signs = parts.filter((part) => /^"[^\w\s]{1,2}"$/.test(part)).map((part) => part.replaceAll('"', ""));
  return signs.length > 0 && signs.length === parts.length && signs.length < 4 ? `expected ${signs.join(" or ")}` : "";
}

/** Where a parser stopped; a column beyond the first line counts the declarations that were put before it. */
function offset(query, [, line, column], prefixes) {
  const lines = query.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const put = Object.entries(prefixes).reduce((sum, [prefix, space]) => sum + `PREFIX ${prefix}: <${space}> `.length, 0);
  const isShifted = Number(line) === 1 && column - 1 > lines[0].length && column - 1 >= put;
  return Math.min(query.length, before + Number(column) - 1 - (isShifted ? put : 0));
}

function wordStart(query, at) {
  const inWord = (index) => /[\w:?$.-]/.test(query[index] ?? "");
  let start = at;
  while (start > 0 && inWord(start) && inWord(start - 1)) start--;
  return start;
}

function told(query, { said, offset: at, cure }) {
  const before = query.slice(0, at).split("\n");
  const there = query.slice(at).split("\n")[0].trim() || (query.slice(at).trim() ? "" : "the end of the query");
  const place = `line ${before.length}, column ${before.at(-1).length + 1}: ${said}`;
  return `${place}${there ? `: ${there.slice(0, 60)}` : ""}${cure ? `\n${cure}` : ""}`;
}

/** Several remarks as sentences. */
export function sentences(remarks) {
  return remarks.map((one) => `${one[0].toUpperCase()}${one.slice(1)}${one.endsWith("?") ? "" : "."}`).join(" ");
}
