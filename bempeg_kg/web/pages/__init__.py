"""The pages: plain functions from a graph to HTML, used by the server and by the static site alike."""

from bempeg_kg.web.pages.pages import Page, Pages
from bempeg_kg.web.pages.problems import NotRunHere

__all__ = ["NotRunHere", "Page", "Pages"]
