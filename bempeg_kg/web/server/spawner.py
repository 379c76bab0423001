"""The process that forks workers: it has loaded the engine, and never opens the graph itself.

It reads messages from the socket that it inherits. START (kind and settings, and the files that the worker is
to have) is answered with the number of the new process, or with an error's number below 0; CODE (the number
of a process) with its exit code, or with RUNNING. A process that has ended keeps its number until its code is
asked for, so a number always means the process that bore it.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import sys
import traceback

from bempeg_kg.web.pages import computing
from bempeg_kg.web.workers import process
from bempeg_kg.web.workers.messages import LONGEST, NUMBER, RUNNING, START, UNKNOWN
from bempeg_kg.web.workers.network import leave_network


def _compute(files: list[int], settings: str) -> int:
    return computing.run(files, settings)


KINDS = {b"query": process.run, b"compute": _compute}


def main() -> int:
    """Serve the link whose number is the first argument until the server closes it."""
    link = socket.socket(fileno=int(sys.argv[1]))
    if not leave_network() and "--verbose" in sys.argv:
        print("[no network namespace here; workers have no free file to open a socket with]", file=sys.stderr)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # what is loaded by now is shared with the workers as long as nobody writes to it
    while True:
        message, files, _, _ = socket.recv_fds(link, LONGEST, 4)
        if not message:
            return 0
        if message[:1] == START:
            kind, _, settings = message[1:].partition(b"\0")
            number = _forked(link, kind, settings.decode(), files)
        else:
            number = _code(*NUMBER.unpack(message[1:]))
        link.send(NUMBER.pack(number))


def _forked(link: socket.socket, kind: bytes, settings: str, files: list[int]) -> int:
    try:
        pid = os.fork()
    except OSError as error:
        pid = -(error.errno or errno.EAGAIN)
    if pid == 0:
        link.close()
        code = 1
        try:
            os.setpgid(0, 0)  # not reached by Ctrl-C, yet in our session: priorities apply within one
            code = KINDS[kind](files, settings)
        except Exception:  # noqa: BLE001 - whatever it is, the fork must not go on as the spawner
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    for file in files:
        os.close(file)
    return pid


def _code(pid: int) -> int:
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return UNKNOWN
    return os.waitstatus_to_exitcode(status) if ended else RUNNING


if __name__ == "__main__":
    sys.exit(main())
