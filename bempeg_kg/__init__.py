"""An evidence graph of a drug programme: its mechanism, trials, results, claims, and what they are worth."""

__version__ = "0.1.0"
