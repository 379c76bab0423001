"""The graph on the web: a SPARQL endpoint, pages, a static site, a one-file explorer, tools for language
models.

:mod:`config` says what may be set; :mod:`app` is the ASGI application; :mod:`protocol` is the endpoint;
:mod:`direct` answers plain queries on the public port itself, and :mod:`workers` runs all others where they
can be killed; :mod:`pages` are the pages, which :mod:`site` also writes as files; :mod:`explorer` packs
everything into one file; :mod:`tools` and :mod:`mcp` are for language models.
"""
