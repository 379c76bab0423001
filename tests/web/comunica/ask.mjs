// Comunica, told nothing about the endpoint but its address: it must find out by the service description.
import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, query] = process.argv.slice(2);
const stream = await new QueryEngine().queryBindings(query, { sources: [endpoint] });
for (const row of await stream.toArray()) console.log([...row.values()].map((term) => term.value).join("\t"));
