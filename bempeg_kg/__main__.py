"""`python -m bempeg_kg`, the same as `bempeg-kg`."""

import sys

from bempeg_kg.cli import main

if __name__ == "__main__":
    sys.exit(main())
