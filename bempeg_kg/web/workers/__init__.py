"""Processes that run queries from outside, each of which can be killed.

:mod:`pool` is the server's side: it gives each query to a free :mod:`worker` and enforces the limits
(:mod:`limits`). :mod:`process` is what runs in such a process; the two exchange :mod:`frames`. All processes
are forked by one that has loaded what they need (:mod:`spawner`, reached through :mod:`children`) and left
the network (:mod:`network`), so replacing one takes a few milliseconds and not a sixth of a second.
"""
