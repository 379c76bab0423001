"""Processes that run queries from outside, each of which can be killed.

:mod:`pool` is the server's side: it gives each query to a :mod:`worker` of one of two lanes and sees to the
limits (:mod:`limits`). :mod:`process` is what runs in such a process; the two speak in :mod:`frames`. All
processes are forked by one that has loaded what they need (:mod:`spawner`, asked through :mod:`children`), so
that replacing one takes a few milliseconds and not a sixth of a second.
"""
