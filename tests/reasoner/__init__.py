"""The ontology, what it borrows and the data before a reasoner of OWL 2 DL."""
