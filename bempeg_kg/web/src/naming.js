// Names of things: prefixes, labels, and what is near to a word that was mistyped. It follows bempeg_kg/entities.py and
// bempeg_kg/names.py, so that a value means the same here as on the command line.

/** Something that a person wrote and that cannot be used; `unknown` for a name that stands for nothing. */
export class Mistake extends Error {
  constructor(message, cure = "", unknown = false) {
    super(cure ? `${message}\n${cure}` : message);
    this.unknown = unknown;
  }
}

/** A name that stands for nothing here, with those that look like it. */
export function unknown(kind, name, known = [], cure = "") {
  const near = closeNames(name, known).map((one) => `'${one}'`);
  const meant = near.length ? `Did you mean ${near.join(" or ")}?` : "";
  return new Mistake(`there is no ${kind} '${name}'`, [meant, cure].filter(Boolean).join(" "), true);
}

/** The known names most like `name`, best first. */
export function closeNames(name, known, limit = 3) {
  const byLower = new Map();
  for (const one of known) if (!byLower.has(one.toLowerCase())) byLower.set(one.toLowerCase(), one);
  const wanted = name.toLowerCase();
  const scored = [...byLower.keys()].map((key) => [likeness(wanted, key), key]).filter(([score]) => score >= 0.6);
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
    const known = this.prefixes[prefix] ? prefix : this.byLower.get(prefix.toLowerCase());
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

  /** Every name in the graph: {iri, rank, name, lower}, read once. */
  names() {
    return this.once("read", () => this.readNames());
  }

  async readNames() {
    const found = await this.ask(`SELECT DISTINCT ?s ?p ?name { VALUES ?p { ${this.held.naming} } ?s ?p ?name FILTER(isIRI(?s)) }`);
    const order = new Map(this.held.naming.split(" ").map((curie, at) => [this.expand(curie), at]));
    const made = found.rows.map(({ s, p, name }) => ({ iri: s.value, rank: order.get(p.value), name: name.value, lower: name.value.toLowerCase() }));
    return made.sort((a, b) => a.name.length - b.name.length || compare(a.iri, b.iri) || compare(a.name, b.name));
  }

  /** What a search goes through besides names: CURIEs, outside identifiers of the same thing, citations of sources. */
  others() {
    return this.once("readOthers", () => this.moreNames());
  }

  async moreNames() {
    const found = await this.ask("SELECT ?s ?same { ?s skos:exactMatch ?same } ORDER BY ?s ?same");
    const made = found.rows.map(({ s, same }) => [s.value, this.shorten(same.value)]);
    made.push(...this.held.terms.entities.map(([curie]) => [this.expand(curie), curie]));
    made.push(...Object.entries(this.held.short).map(([curie, name]) => [this.expand(curie), name]));
    return made.map(([iri, name]) => ({ iri, name, lower: name.toLowerCase() }));
  }

  /** Things of whose names one holds all the words, the shortest name first: [{iri, name}]. */
  async find(text, limit = 20, names = null) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = new Map();
    for (const { iri, name, lower } of words.length ? (names ?? (await this.names())) : []) {
      if (found.size === limit) break;
      if (!found.has(iri) && words.every((word) => lower.includes(word))) found.set(iri, { iri, name });
    }
    return [...found.values()];
  }

  /** What a search finds: by name, else by identifier. */
  async search(text, limit) {
    return this.find(text, limit, [...(await this.names()), ...(await this.others())]);
  }

  /** Things whose names are like a text that is none: [{iri, name}]. */
  async near(text) {
    const found = await this.search(text.replace(/^[\w-]+:/, "").replace(/[-_]/g, " "), 8);
    if (found.length) return found;
    const byName = new Map([...(await this.others()), ...(await this.names())].map(({ iri, name }) => [name, iri]));
    return closeNames(text, byName.keys(), 5).map((name) => ({ iri: byName.get(name), name }));
  }

  /** The IRI of a thing by CURIE, IRI, accession, label or synonym. */
  async resolve(text) {
    if (this.isIri(text) || (text.includes(":") && !text.includes(" "))) {
      const iri = this.expand(text);
      if (await this.exists(iri)) return iri;
      throw unknown("entity", text, await this.slugs(this.kindOf(iri) || text.split(":")[0]));
    }
    const found = await this.named(text);
    if (found.length === 1) return found[0];
    if (found.length) {
      const listed = found.slice(0, 8).map((iri) => this.shorten(iri));
      throw new Mistake(`'${text}' names ${found.length} entities: ${listed.join(", ")}`, "Give the one you mean.");
    }
    const near = await this.find(text, 5);
    if (near.length === 1) return near[0].iri;
    const labels = near.length ? [] : (await this.names()).map((one) => one.name);
    throw unknown("entity", text, labels, near.length ? `Its words occur in ${near.map((one) => this.shorten(one.iri)).join(", ")}.` : "");
  }

  /** IRIs of just this name, those of a thing's first name before synonyms, principal things before parts. */
  async named(text) {
    const rows = (await this.names()).filter((one) => one.lower === text.toLowerCase());
    const own = rows.filter((one) => one.iri.startsWith(this.held.base));
    const wanted = own.length ? own : rows;
    const best = Math.min(...wanted.map((one) => one.rank));
    const found = [...new Set(wanted.filter((one) => one.rank === best).map((one) => one.iri))].sort(compare);
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
