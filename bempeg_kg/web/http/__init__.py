"""HTTP in small parts: responses, headers, negotiation, cache, log, metrics."""
