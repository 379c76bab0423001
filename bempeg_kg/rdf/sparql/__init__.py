"""SPARQL as text: one lexer, and what can be told from its tokens without running a query."""
