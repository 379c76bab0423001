"""SHACL, rules and forensics in one list of findings."""
