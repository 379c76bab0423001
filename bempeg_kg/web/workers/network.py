"""An empty network namespace: whoever is in it reaches no address, not even this machine's own."""

from __future__ import annotations

import ctypes
import sys

_CLONE_NEWUSER = 0x1000_0000
_CLONE_NEWNET = 0x4000_0000


def leave_network() -> bool:
    """Put this process and its later children into an empty network namespace; False where that is refused.

    A privileged process needs the network namespace alone; another one needs a user namespace of its own
    with it (unshare(2)), in which it keeps access to its own files. Sockets that are open stay as they are.
    Containers often refuse both.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    return any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))
