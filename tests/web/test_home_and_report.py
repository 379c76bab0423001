"""The home page opens with what became of the programme; the report has an address; the search answers."""

from __future__ import annotations

import re

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.web.pages.figures import declared_figure
from bempeg_kg.web.pages.pages import Pages
from bempeg_kg.web.pages.pictures import Charted
from bempeg_kg.web.site.static_site import _addresses
from tests.web.serving import SMALL


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(KnowledgeGraph.open(engine="memory"))


def searched(pages: Pages, words: str) -> str:
    return pages.search(words, pages.finder.find(words)).html


def test_the_home_page_opens_with_the_verdict_and_its_source(pages: Pages) -> None:
    html = pages.home().html
    opening = html[html.index("<h1>") : html.index("A response rate that did not hold")]
    assert "Development of BEMPEG + nivolumab ended after PIVOT-09 and PIVOT-10, on 14 April 2022" in opening
    assert "/source/pr-2022-04-14" in opening
    assert "35.8 to 69.0, exact 95 % interval" in html
    for trial in ("PIVOT IO 001", "PIVOT-09", "PIVOT-10"):
        assert f"<strong>{trial}</strong>" in html
    for door in ("/report/why-phase-3", "/picture/signalling", "/picture/safety", "/question/what-was-known"):
        assert f'href="{door}"' in html


def test_another_programme_has_a_home_page_without_what_it_lacks() -> None:
    html = Pages(KnowledgeGraph.open(SMALL)).home().html
    assert "/report/why-phase-3" not in html
    assert "futility" not in html
    assert "bempeg + nivolumab" not in html.lower()


def test_the_report_has_a_page_that_opens_with_its_answer(pages: Pages) -> None:
    page = pages.report("why-phase-3")
    assert page is not None
    after = page.html[page.html.index("<h1>") :]
    opening = after[: after.index("<nav")]
    assert "20 of 38" in opening
    assert "no single cause can be isolated" in opening
    assert page.html.count("<details>") > 12
    assert pages.report("no-such-report") is None


@pytest.mark.parametrize(
    ("words", "href", "said"),
    [
        ("why did it fail", "/report/why-phase-3", "no single cause can be isolated"),
        ("Why did phase 3 not confirm phase 2?", "/report/why-phase-3", "20 of 38"),
        ("did it work", "/question/treatment-effects", "hazard ratio 1.09"),
        ("safety", "/question/grade-3-or-4-events", ""),
        ("median PFS PIVOT IO 001", "/question/survival-medians", "4.17 months (95 % interval 3.52 to 5.55)"),
        ("hazard ratio for death in PIVOT-09", "/question/treatment-effects", "0.82 (99 % interval"),
    ],
)
def test_the_search_answers_what_is_asked_in_words(pages: Pages, words: str, href: str, said: str) -> None:
    html = searched(pages, words)
    assert f'Taken as: <a href="{href}' in html
    assert said in html


@pytest.mark.parametrize("words", ["safety", "median PFS PIVOT IO 001", "claim A052", "response"])
def test_a_search_never_leads_straight_to_a_claim_or_a_definition(pages: Pages, words: str) -> None:
    assert not pages.finder.find(words).page.startswith(("/claim", "/ontology"))


@pytest.mark.parametrize("words", ["kidney cancer", "bladder cancer", "urothelial cancer", "melanoma"])
def test_diseases_lead_to_the_entities_of_the_programme_first(pages: Pages, words: str) -> None:
    match = pages.finder.find(words)
    first = match.page or pages.terms.href(str(match.table.rows[0][0].value))  # type: ignore[union-attr]
    assert first.startswith("/disease/")


def test_the_static_site_has_the_report(pages: Pages) -> None:
    addresses = {path for path, _ in _addresses(pages.kg, pages)}
    assert "/report/why-phase-3" in addresses


def entity(pages: Pages, curie: str) -> str:
    page = pages.entity(pages.kg.names.expand(curie))
    assert page is not None
    return page.html


def test_a_trial_opens_with_what_it_found_and_why_it_ended(pages: Pages) -> None:
    html = entity(pages, "trial:pivot-io-001")
    opening = html[html.index("<h1>") : html.index('id="comparisons"')]
    assert "27.7 v 36.0" in opening
    for name, value in (
        ("Primary endpoints", "objective response rate, overall survival, progression-free survival"),
        ("Patients", "783"),
        ("Status", "Completed"),
        ("Ended", "14 March 2022: ORR and PFS not met"),
    ):
        assert f"<dt>{name}</dt><dd>{value}" in opening
    assert re.search(r'class="chip sure"[^>]*>Certainty at most moderate: randomised', opening)
    assert re.search(r'class="chip doubt" href="/compare\?[^>]*>12 differences between', opening)


def test_results_of_a_trial_stand_by_the_role_of_their_endpoints(pages: Pages) -> None:
    html = entity(pages, "trial:pivot-io-001")
    headings = re.findall(r"<h2 id=[^>]*>([^<]+)", html)
    assert headings[:4] == ["Comparisons", "Primary endpoints", "Safety", "Other results"]
    primary = html[html.index('<h2 id="primary-endpoints">') : html.index('<h2 id="safety">')]
    assert "27.7" in primary and "adverse event" not in primary
    folded = html[html.index("<summary>Results that rest on the audited guide only") :]
    assert "95.3" in folded and "95.3" not in html[: html.index("<summary>Results that rest")]


def test_a_cell_shows_what_acts_on_it_with_sign_source_and_dispute(pages: Pages) -> None:
    html = entity(pages, "cell:treg")
    table = html[html.index('<h2 id="effects">') : html.index('<h2 id="stated">')]
    assert "does not indirectly reduce" in table
    assert "does not: " not in table
    assert '<a href="/dispute/treg-depletion-in-patients"' in table
    for column in ("effect", "tissue, species", "evidence", "disputed by", "source and basis"):
        assert f">{column}</th>" in table
    assert "/source/" in table


@pytest.mark.parametrize(
    ("curie", "said"),
    [
        (
            "cell:treg",
            "Bempegaldesleukin plus nivolumab does not indirectly increase regulatory T cell (tumour",
        ),
        ("drug:nivolumab", "Nivolumab is an antagonist of programmed cell death protein 1"),
        ("claim:a001", "is contradicted: No pooling"),
        ("trial:pivot-02", "Objective response: first-line renal cohort: 34.7 % (17 of 49)"),
        ("trial:pivot-10", "final ORR did not reach the threshold to continue."),
    ],
)
def test_a_page_opens_with_what_is_known_of_its_subject(pages: Pages, curie: str, said: str) -> None:
    html = entity(pages, curie)
    band = html[html.index("<h1>") : html.index("<h2")]
    assert said in band.partition('<p class="answer">')[2]
    assert curie == "trial:pivot-10" or 'class="chip sure"' in band


def test_an_effect_has_its_sign_and_its_tissue(pages: Pages) -> None:
    html = entity(pages, "cell:treg")
    row = next(row for row in html.split("<tr data-href") if "\N{UPWARDS ARROW} indirectly increases" in row)
    assert ">peripheral blood, human<" in row


def test_patients_of_a_trial_say_how_they_were_counted(pages: Pages) -> None:
    assert "<dd>623 randomised, 616 treated</dd>" in entity(pages, "trial:pivot-09")


def test_claims_are_listed_with_their_verdicts(pages: Pages) -> None:
    listing = pages.listing("claim")
    assert listing is not None
    assert "contradicted" in listing.html
    claims = [iri for iri in pages.terms.entities if pages.kg.names.kind_of(iri) == "claim"]
    table, _, matrix = listing.html.partition('id="matrix"')
    for iri in claims:
        assert f'href="{pages.terms.href(iri)}"' in table, iri
    row = next(line for line in matrix.splitlines() if 'href="/claim/a030"' in line)
    assert row.count("●") + int(re.search(r"<td>(\d*)</td></tr>", row)[1] or 0) == 2, "two sources were read"


def test_a_comparison_opens_with_the_same_endpoint_in_both(pages: Pages) -> None:
    html = pages.compare("pivot-02", "pivot-io-001").html
    first = html[html.index('id="endpoints"') : html.index('id="differences"')]
    rows = re.findall(r'<th scope="row">([^<]+)</th>', first)
    assert rows[:3] == ["objective response rate", "overall survival", "progression-free survival"]
    response = first[first.index("objective response rate") : first.index("overall survival")]
    assert response.index("52.6 % (20 of 38)") < response.index("27.7 %") < response.index("36.0 %")


def test_rates_have_intervals_where_counts_are_there_and_trials_as_headings(pages: Pages) -> None:
    html = pages.question("response-by-disease", {}).html
    figure = html[html.index('class="plot"') :].partition("</svg>")[0]
    for trial in ("CheckMate 067", "KEYNOTE-006", "PIVOT IO 001", "PIVOT-02", "RELATIVITY-047"):
        assert re.search(f'font-weight="bold"[^>]*>{trial}<', figure), trial
    marks = re.findall(r"<title>([^<]*)</title>", figure)
    assert "first-line melanoma cohort, 29.0 months of follow-up, 20/38, 52.6, 35.8 to 69.0" in marks
    assert "BEMPEG + nivolumab, 19.3 months of follow-up, not published, 27.7, no interval" in marks


def test_signal_questions_name_their_pairs_and_show_the_picture(pages: Pages) -> None:
    drawn = Pages(pages.kg, draw=lambda name, as_of: Charted(b"<svg/>", f"words of {name}", None))
    html = drawn.question("signal-changes", {}).html
    assert 'src="/picture/signals.svg" alt="words of signals"' in html
    table = html[html.index("<tbody>") : html.index("</tbody>")]
    assert ">pair:" not in table and ">source:" not in table
    assert '<img src="/picture/signals.svg"' in pages.home().html


def test_the_table_beside_a_graph_names_things_as_its_boxes_do(pages: Pages) -> None:
    drawn = Pages(pages.kg, draw=lambda name, as_of: Charted(b"<svg/>", "", None))
    names = {
        drawn.picture("signalling"): ("programmed cell death 1 ligand 1", "PD-L1"),
        drawn.question("drug-targets", {}): ("IL-2 receptor beta-gamma complex", "CD122/CD132"),
    }
    for page, (name, short) in names.items():
        assert page
        table = page.html[page.html.index("<tbody>") : page.html.index("</tbody>")]
        assert f'title="{name}">{short}<' in table
        assert f">{name}<" not in table


def test_the_flow_of_patients_has_a_shape_for_a_phone(pages: Pages) -> None:
    html = pages.entity("https://w3id.org/bempeg-kg/trial/pivot-io-001").html  # type: ignore[union-attr]
    flow = html[html.index('id="flow"') :]
    assert "<svg" in flow and '<svg class="phone"' in flow


def test_a_figure_of_one_day_is_not_drawn(pages: Pages) -> None:
    question = pages.kg.questions["stopped-trials"]
    table = pages.kg.ask("stopped-trials")
    assert declared_figure(pages.kg, question, table, pages.terms.label)
    assert declared_figure(pages.kg, question, table.head(1), pages.terms.label) is None
