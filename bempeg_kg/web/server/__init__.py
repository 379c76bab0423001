"""The server process: application, routes, configuration of its workers."""
