// Names of things: prefixes, labels, and what is near to a word that was mistyped. It follows bempeg_kg/graph/entities.py and
// bempeg_kg/rdf/names.py, so that a value means the same here as on the command line.

/** Something that a person wrote and that cannot be used; `unknown` for a name that stands for nothing. */
export class Mistake extends Error {
  constructor(message, cure = "", unknown = false) {
    const sentence = message.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase());
    super(cure ? `${sentence}\n${cure}` : sentence);
    this.unknown = unknown;
  }
}

/** A name that stands for nothing here, with those that look like it. */
export function unknown(kind, name, known = [], cure = "") {
  const near = closeNames(name, known).map((one) => `'${one}'`);
  const meant = near.length ? `Did you mean ${near.join(" or ")}?` : "";
  return new Mistake(`there is no ${kind} '${name}'`, [meant, cure].filter(Boolean).join(" "), true);
}

/** The key of a name whatever its spelling, as `key_of` in bempeg_kg/graph/keys.py makes it. */
function keyOf(text) {
  return tokens(text).map(fold).join("");
}

/** The words and numbers of a text, as `tokens` in bempeg_kg/graph/spoken.py. */
export const tokens = (text) =>
  text
    .toLowerCase()
    .replaceAll("'s ", " ")
    .match(/\d+(?:\.\d+)+|\d{4}-\d\d-\d\d|[\p{L}\p{N}]+/gu) ?? [];

/** A word without its plural, in British spelling, as `fold` in bempeg_kg/graph/keys.py. */
export function fold(word) {
  let stem = word;
  if (word.length > 5 && word.endsWith("ies")) stem = `${word.slice(0, -3)}y`;
  else if (word.length > 3 && word.endsWith("s") && !/(?:ss|us|is|as)$/.test(word)) stem = word.slice(0, -1);
  return stem.replaceAll("tumor", "tumour").replaceAll("signaling", "signalling");
}

/** The known names most like `name`, best first. */
export function closeNames(name, known, limit = 3) {
  const byLower = new Map();
  for (const one of known) if (!byLower.has(one.toLowerCase())) byLower.set(one.toLowerCase(), one);
  const wanted = name.toLowerCase();
  const scored = [...byLower.keys()].map((key) => [likeness(key, wanted), key]).filter(([score]) => score >= 0.6);
  scored.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1));
  const found = scored.slice(0, limit).map(([, key]) => key);
  for (const key of byLower.keys()) if (wanted.length > 2 && key.includes(wanted) && !found.includes(key)) found.push(key);
  return found.slice(0, limit).map((key) => byLower.get(key));
}

/** Twice the letters that two words share in order, over the letters of both. */
function likeness(a, b) {
  const total = a.length + b.length;
  if (!total || (2 * Math.min(a.length, b.length)) / total < 0.6) return 0;
  return (2 * shared(a, b)) / total;
}

/** Letters in the longest run that two words share, and on either side of it. */
function shared(a, b) {
  let [start, from, most] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      let run = 0;
      while (i + run < a.length && j + run < b.length && a[i + run] === b[j + run]) run++;
      if (run > most) [start, from, most] = [i, j, run];
    }
  }
  if (!most) return 0;
  return most + shared(a.slice(0, start), b.slice(0, from)) + shared(a.slice(start + most), b.slice(from + most));
}

export class Naming {
  /** `held` is the content of the file, `ask` promises the answer to a query, `shorten` makes a CURIE of an IRI. */
  constructor(held, ask, shorten) {
    Object.assign(this, { held, ask, shorten, prefixes: held.terms.prefixes });
    this.byLower = new Map(Object.keys(this.prefixes).map((prefix) => [prefix.toLowerCase(), prefix]));
    for (const [other, prefix] of Object.entries(held.synonyms)) this.byLower.set(other, prefix);
  }

  isIri(text) {
    return (text.startsWith("<") && text.endsWith(">")) || text.includes("://") || text.startsWith("urn:");
  }

  /** The IRI of a CURIE; a full IRI comes back as it is. */
  expand(text) {
    if (this.isIri(text)) return text.startsWith("<") ? text.slice(1, -1) : text;
    const [prefix, ...rest] = text.split(":");
    if (!rest.length) throw unknown("prefix", text, [], "Write a CURIE such as trial:pivot-02, or a full IRI.");
    const known = Object.hasOwn(this.prefixes, prefix) ? prefix : this.byLower.get(prefix.toLowerCase());
    if (!known) throw unknown("prefix", prefix, [...this.byLower.keys()]);
    return this.prefixes[known] + rest.join(":");
  }

  /** The kind of an entity of this programme, or "". */
  kindOf(iri) {
    if (!iri.startsWith(this.held.base)) return "";
    const [kind, ...rest] = iri.slice(this.held.base.length).split("/");
    return rest.join("/") && this.held.kinds.includes(kind) ? kind : "";
  }

  /** Whether anything is stated about an IRI, or by it. */
  async exists(iri) {
    if (!isWritable(iri)) return false;
    return (await this.ask(`ASK { { <${iri}> ?p ?o } UNION { ?s ?q <${iri}> } }`)).boolean;
  }

  /** CURIEs of the entities of a kind that have statements of their own. */
  async slugs(kind) {
    const space = this.prefixes[kind] ?? kind;
    if (!isWritable(space)) return [];
    const found = await this.ask(`SELECT DISTINCT ?s { ?s a ?c FILTER(STRSTARTS(STR(?s), "${space}")) } ORDER BY ?s`);
    return found.rows.map((row) => this.shorten(row.s.value));
  }

  /** What `work` promises, kept under a name; asked for anew where it was stopped. */
  once(name, work) {
    this[name] ??= work().catch((error) => {
      this[name] = null;
      throw error;
    });
    return this[name];
  }

  /** Every name in the graph: {iri, rank, name, lower}, and slugs and outside identifiers without a rank. */
  names() {
    return this.once("read", () => this.readNames());
  }

  async readNames() {
    const named = await this.ask(`SELECT DISTINCT ?s ?p ?name { VALUES ?p { ${this.held.naming} } ?s ?p ?name FILTER(isIRI(?s)) }`);
    const own = await this.ask(`SELECT DISTINCT ?s { ?s a ?c FILTER(STRSTARTS(STR(?s), "${this.held.base}")) }`);
    const mapped = await this.ask(`SELECT DISTINCT ?s ?id { ?m a sssom:Mapping ; owl:annotatedSource ?s ; owl:annotatedTarget ?id
      FILTER NOT EXISTS { ?m sssom:predicate_modifier ?not } }`);
    const order = new Map(this.held.naming.split(" ").map((curie, at) => [this.expand(curie), at]));
    const entry = (iri, name, more) => ({ iri, name, lower: name.toLowerCase(), ...more });
    const made = [
      ...named.rows.map(({ s, p, name }) => entry(s.value, name.value, { rank: order.get(p.value) })),
      ...own.rows.map(({ s }) => entry(s.value, s.value.replace(/^.*\//, ""), { slug: true })),
      ...mapped.rows.map(({ s, id }) => entry(s.value, id.value.replace(/^.*[/=#]/, "").replaceAll("_", ":"))),
    ];
    return made.sort((a, b) => a.name.length - b.name.length || compare(a.iri, b.iri) || compare(a.name, b.name));
  }

  /** Things by parts of a name or identifier, or by the beginning of a slug, the shortest first: [{iri, name}]. */
  async find(text, limit = 20) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ slug, lower, name }) => (slug ? name.startsWith(words.join("-")) : words.every((word) => lower.includes(word)));
    const found = new Map();
    for (const one of words.length ? await this.names() : []) {
      if (found.size === limit) break;
      if (!found.has(one.iri) && fits(one)) found.set(one.iri, one);
    }
    return [...found.values()];
  }

  /** What a search finds: sources whose citation has the words, and what has them in another name. */
  async search(text, limit) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const cited = Object.entries(this.held.short).filter(([curie, name]) => words.length && curie.startsWith("source:") && words.every((word) => name.toLowerCase().includes(word)));
    const found = [...cited.map(([curie, name]) => ({ iri: this.expand(curie), name })), ...(await this.find(text, limit))];
    return [...new Map(found.reverse().map((one) => [one.iri, one])).values()].reverse();
  }

  /** Things whose names are like a text that is none: [{iri, name}]. */
  async near(text) {
    const found = await this.search(text.replace(/^[\w-]+:/, "").replace(/[-_]/g, " "), 8);
    if (found.length) return found;
    const alike = closeNames(text, (await this.own()).map((one) => one.name));
    const meant = await Promise.all(alike.map(async (name) => (await this.named(name)).map((iri) => ({ iri, name }))));
    return [...new Map(meant.flat().reverse().map((one) => [one.iri, one])).values()].reverse();
  }

  /** Labels and synonyms of the things of this programme. */
  async own() {
    const ranks = ["rdfs:label", "skos:altLabel"].map((curie) => this.held.naming.split(" ").indexOf(curie));
    const found = (await this.names()).filter(({ iri, rank }) => ranks.includes(rank) && iri.startsWith(this.held.base));
    return found.sort((a, b) => compare(a.name, b.name));
  }

  /** The IRI of a thing by CURIE, IRI, accession, label or synonym. */
  async resolve(text) {
    if (this.isIri(text) || (text.includes(":") && !text.includes(" "))) {
      const iri = this.expand(text);
      if (await this.exists(iri)) return iri;
      throw unknown("entity", text, await this.slugs(this.kindOf(iri) || text.split(":")[0]));
    }
    const exact = await this.named(text);
    const part = (iri) => !this.kindOf(iri) || this.held.parts.includes(this.kindOf(iri));
    const key = keyOf(text);
    const found = exact.every(part) && Object.hasOwn(this.held.spelled, key) ? [this.expand(this.held.spelled[key])] : exact;
    if (found.length === 1) return found[0];
    if (found.length) {
      const listed = found.slice(0, 8).map((iri) => this.shorten(iri));
      throw new Mistake(`'${text}' names ${found.length} entities: ${listed.join(", ")}`, "Give the one you mean.");
    }
    const near = await this.find(text, 5);
    if (near.length === 1) return near[0].iri;
    const labels = near.length ? [] : (await this.own()).map((one) => one.name);
    throw unknown("entity", text, labels, near.length ? `Its words occur in ${near.map((one) => this.shorten(one.iri)).join(", ")}.` : "");
  }

  /** IRIs of just this name, those of a thing's first name before synonyms; else those with this slug. */
  async named(text) {
    const lower = text.toLowerCase();
    const rows = (await this.names()).filter((one) => one.rank !== undefined && one.lower === lower);
    const own = rows.filter((one) => one.iri.startsWith(this.held.base));
    const wanted = own.length ? own : rows;
    const best = Math.min(...wanted.map((one) => one.rank));
    const found = wanted.filter((one) => one.rank === best).map((one) => one.iri);
    if (found.length) return this.principal(found);
    const slug = lower.replaceAll(" ", "-");
    return this.principal((await this.names()).filter((one) => one.slug && one.name === slug).map((one) => one.iri));
  }

  /** Without those that are parts of something or statements, where there are others. */
  principal(iris) {
    const found = [...new Set(iris)].sort(compare);
    const principal = found.filter((iri) => !this.held.parts.includes(this.kindOf(iri)));
    return principal.length ? principal : found;
  }
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a text can stand between angle brackets in a query. */
export function isWritable(iri) {
  return /^[a-z][\w+.-]*:[^\s<>"{}|^`\\]*$/i.test(iri);
}
