"""The Model Context Protocol server and its tools."""
