"""`python -m bempeg_kg`, the same as `bempeg-kg`."""

from bempeg_kg.cli import script

if __name__ == "__main__":
    script()
