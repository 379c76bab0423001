"""The graph on the web: a SPARQL endpoint, pages, a static site, an explorer, tools for language models.

``http`` has responses, headers and negotiation; ``workers`` runs outside queries where they can be killed;
``endpoint`` is the SPARQL 1.1 Protocol; ``pages`` are the pages, which ``site`` also writes as files; ``mcp``
is for language models; ``server`` is the ASGI application. ``config`` and ``limits`` say what can be set.
"""
