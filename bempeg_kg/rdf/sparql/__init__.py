"""SPARQL as text: one lexer, and what its tokens show without running a query."""
