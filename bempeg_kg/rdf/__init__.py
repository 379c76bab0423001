"""Names, terms, SPARQL text, result tables and RDF writing: what every other package builds on."""
