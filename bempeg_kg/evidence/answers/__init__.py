"""Questions that compute, registered beside the SPARQL ones; each module holds those of one topic."""
