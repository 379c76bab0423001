"""The pages: plain functions from a graph to HTML, used by the server and by the static site alike."""

from bempeg_kg.web.pages.pages import Page, Pages, problem_status

__all__ = ["Page", "Pages", "problem_status"]
