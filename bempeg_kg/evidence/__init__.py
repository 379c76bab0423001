"""The domain model, read once from the graph, and the statistics, forensics, answers and reports on it."""
