"""The opened graph: snapshot, entities, parameters bound to terms, links, as-of, and diff."""
