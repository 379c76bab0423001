"""The library of questions: headers, parameters, VALUES blocks, and search."""
