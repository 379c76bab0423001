"""Plain queries answered by the very process that runs them, on the client's own connection.

Most of what a small query costs is the way between processes. So the public port belongs to the acceptor
(:mod:`acceptor`), which looks at the first bytes of a connection: a plain query (:mod:`plain`) goes,
connection and all, to a direct worker (:mod:`process`, whose server's end is :mod:`worker`), and everything
else is passed on to the HTTP server behind, byte by byte (:mod:`client`). The server keeps every connection
open as well, and a worker writes into shared memory what it is at (:mod:`state`), so a worker can be killed
at any moment: its query begins again the general way, which has the limits, the queue and the errors, and its
other connections are decided on anew. Both ends speak in the messages of :mod:`messages`.

Connections are handed over as only Linux can do it; elsewhere the HTTP server has the port itself.
"""
