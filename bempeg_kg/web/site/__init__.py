"""The static site and the explorer: the same pages as files."""
