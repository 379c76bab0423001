"""Messages between the server and its spawner."""

from __future__ import annotations

import struct

START = b"S"
CODE = b"C"
NUMBER = struct.Struct("!q")
RUNNING = 1 << 32
UNKNOWN = RUNNING + 1
LONGEST = 1 << 17
