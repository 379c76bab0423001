"""A programme's files: find, read, parse, map, scaffold, and write them safely."""
