"""Questions that compute, the cut in time, the reports and the commands about numbers."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy
import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.checks.forensics import findings
from bempeg_kg.cli import main
from bempeg_kg.errors import InputError, UnknownName, UsageError
from bempeg_kg.evidence.answers import safety
from bempeg_kg.evidence.facts import Facts
from bempeg_kg.evidence.forensics.examine import examine_graph, judge_files
from bempeg_kg.evidence.reading import evidence_of_trial, read_evidence
from bempeg_kg.evidence.reports import REPORTS, compose
from bempeg_kg.evidence.stats.shrinkage import Benchmark, Prior, excess, predict_difference
from bempeg_kg.evidence.stats.surprise import averaged_tail
from bempeg_kg.graph.timecut import KNOWN, LATER, UNDETERMINED, span

NS = "https://w3id.org/bempeg-kg/"


@pytest.fixture(scope="module")
def kg():
    return KnowledgeGraph.open(engine="memory")


@pytest.fixture(scope="module")
def verdicts(kg):
    return examine_graph(kg.engine)


def _of(verdicts, subject, rule):
    return next(one for one in verdicts if one.subject == NS + subject and one.rule == rule)


def test_the_guide_claims_a_response_rate_that_391_patients_cannot_have(verdicts):
    verdict = _of(verdicts, "claim/a048", "percentage-of-whole-patients")
    assert verdict.verdict == "impossible"
    assert "108/391 = 27.6 and 109/391 = 27.9" in verdict.working


def test_no_primary_number_of_the_programme_is_called_impossible(verdicts):
    assert {one.basis for one in verdicts if one.verdict == "impossible"} == {"seed"}


def test_curve_rates_and_median_changes_cannot_be_told(verdicts):
    for subject in ("result/pivot-02-melanoma-os-24-months", "result/pivot-02-melanoma-target-lesion-change"):
        assert _of(verdicts, subject, "percentage-of-whole-patients").verdict == "cannot tell"


def test_arm_sizes_of_phase_3_are_derived_and_probable_and_never_a_fact(verdicts):
    verdict = _of(verdicts, "contrast/pivot-io-001-orr", "arm-sizes-from-percentages")
    assert verdict.verdict == "cannot tell"
    assert "with all 391 against 392 it would be p 0.0127" in verdict.working
    assert verdict.expected.startswith("derived, probably such as")
    assert "80/289 against 104/289" in verdict.expected
    assert "79/285 against 104/289" in verdict.expected
    assert verdict.missing


def test_renal_counts_come_back_from_their_intervals(verdicts):
    verdict = _of(verdicts, "result/pivot-09-bempeg-nivolumab-intermediate-poor-orr", "counts-from-interval")
    assert "514 patients in both groups leave 59/256 with 79/258" in verdict.working


def test_hazard_ratios_of_the_programme_agree_with_their_intervals(verdicts):
    judged = [one for one in verdicts if one.rule in ("ratio-interval-p", "ratio-in-the-middle")]
    assert len(judged) >= 8
    assert {one.verdict for one in judged} == {"consistent"}


def test_check_shows_forensics_as_information(kg):
    found = list(findings(kg.engine))
    assert {one.severity for one in found} == {"information"}
    assert any(one.node == f"{NS}claim/a048" for one in found)


def test_surprise_over_benchmarks_denominators_and_a_later_control(kg):
    table = kg.ask("how-surprising", rate=50)
    rows = {(row["assumption"], str(row["true_rate"])): row for row in table}
    exact = rows["taken as exact", "33.7"]
    assert (exact["n"], exact["denominator"], exact["chance"]) == (20, 38, Decimal("0.0124"))
    assert (exact["larger_denominator"], exact["larger_chance"]) == (41, Decimal("0.0326"))
    assert "published later" in exact["what"]
    assert rows["post hoc", "36.0"]["chance"] == Decimal("0.0264")
    assert ("asked for", "50.0") in rows
    opening = [(row["assumption"], row["chance"]) for row in table][:6]
    assert opening[0] == ("error and spread", Decimal("0.0549"))
    assert opening[2] == ("mean", Decimal("0.145"))
    # 1 - (1 - 0.0549)^9
    assert opening[3] == ("best of", Decimal("0.398"))
    spreads = [row["chance"] for row in table if row["assumption"] == "assumed spread"]
    assert len(spreads) == 10
    assert spreads[:5] == sorted(spreads[:5])


def test_a_benchmark_of_later_is_not_in_an_answer_as_of_a_day(kg):
    then = kg.as_of(date(2019, 1, 1))
    table = then.ask("how-surprising", early="result:pivot-02-melanoma-orr-sitc-2018")
    told = " ".join(str(row["what"]) for row in table)
    assert "CheckMate 067" in told
    assert "RELATIVITY" not in told
    assert "PIVOT IO 001" not in told
    # one benchmark shows no spread: it is shown over assumed ones, and none is called the spread
    assert {row["assumption"] for row in table} == {"assumed spread", "taken as exact", "range"}


def test_the_averaged_tail_is_that_of_a_simulation():
    random = numpy.random.default_rng(11)
    benchmarks, draws = [(0.337, 0.116), (0.437, 0.113)], 400_000
    y = numpy.log([rate / (1 - rate) for rate, _ in benchmarks])
    variances = numpy.array([error**2 for _, error in benchmarks])
    tau = numpy.abs(random.normal(0, 0.5, draws))
    weights = 1 / (variances + tau[:, None] ** 2)
    mean, whole = (weights * y).sum(1) / weights.sum(1), weights.sum(1)
    # under a flat prior of the mean only the difference of the two tells of the spread
    variance = variances.sum() + 2 * tau**2
    likelihood = numpy.exp(-((y[0] - y[1]) ** 2) / (2 * variance)) / numpy.sqrt(variance)
    logits = random.normal(mean, numpy.sqrt(1 / whole + tau**2))
    counted = random.binomial(38, 1 / (1 + numpy.exp(-logits))) >= 20
    expected = (likelihood * counted).sum() / likelihood.sum()
    assert averaged_tail(20, 38, benchmarks, 0.5) == pytest.approx(expected, abs=0.003)


def test_surprise_falls_as_the_rate_rises(kg):
    curve = kg.ask("surprise-curve")
    falls = [float(row["chance"]) for row in curve if row["denominator"] == 38]
    assert falls == sorted(falls)
    assert len(falls) == 101


def test_shrinkage_is_never_called_a_treatment_effect(kg):
    table = kg.ask("plausible-gain")
    shown = " ".join([*table.columns, *(str(value) for row in table.cells() for value in row)]).lower()
    assert "effect" not in shown
    assert {row["prior_weight"] for row in table} == {2, 20, 38, 100}
    means = [row["posterior_mean"] for row in table if row["denominator"] == 38]
    assert means == sorted(means, reverse=True)
    assert {str(row["observed_difference"]) for row in table} == {"-8.3"}
    assert len(kg.ask("plausible-gain", prior_weight=10, prior_mean=30)) == 2


def test_excess_and_prediction_agree_with_a_simulation():
    random = numpy.random.default_rng(7)
    posterior, benchmark, draws = Prior(21, 19), Benchmark(0.337, 0.116, 0.3), 400_000
    early = random.beta(21, 19, draws)
    logit = numpy.log(0.337 / 0.663) + benchmark.total_error * random.normal(size=draws)
    control = 1 / (1 + numpy.exp(-logit))
    gain = excess(posterior, benchmark)
    low, high = numpy.quantile(early - control, [0.025, 0.975])
    assert (gain.interval.lower, gain.interval.upper) == pytest.approx((low, high), abs=0.003)
    assert gain.above_zero == pytest.approx((early > control).mean(), abs=0.002)
    moved = 1 / (1 + numpy.exp(-(numpy.log(early / (1 - early)) + 0.3 * random.normal(size=draws))))
    later = random.binomial(391, moved) / 391 - random.binomial(392, control) / 392
    predicted = predict_difference(posterior, benchmark, (391, 392), -0.083)
    assert predicted.below == pytest.approx((later <= -0.083).mean(), abs=0.002)
    assert predicted.interval.upper == pytest.approx(numpy.quantile(later, 0.975), abs=0.003)


def test_pooling_refuses_and_obeys_only_force(kg):
    refused = kg.ask("pool-results")
    assert {row["part"] for row in refused} == {"study", "refusal"}
    assert any("different comparators" in row["text"] for row in refused)
    forced = kg.ask("pool-results", force=True)
    kinds = Counter(row["part"] for row in forced)
    assert kinds["estimate"] == 4
    assert kinds["warning"] >= 3
    assert "prediction interval" not in kinds
    cohorts = ["result:pivot-02-melanoma-orr", "result:pivot-02-part-1-orr"]
    reasons = " ".join(str(row["text"]) for row in kg.ask("pool-results", results=cohorts))
    assert "overlapping patients" in reasons


def test_groups_that_were_not_randomised_are_compared_only_when_asked(kg):
    fair = kg.ask("compare-groups")
    assert {row["design"] for row in fair} == {"randomised comparison"}
    pair = {"first": "result:pivot-02-melanoma-orr", "second": "result:relativity-047-nivolumab-orr"}
    with pytest.raises(UsageError, match="no treatment effect"):
        kg.ask("compare-groups", **pair)
    assert {row["design"] for row in kg.ask("compare-groups", naive=True, **pair)} == {"naive comparison"}


def test_certainty_is_an_upper_bound_without_judgements(kg):
    table = kg.ask("how-certain")
    assert all(row["rating"].startswith("at most") for row in table)
    assert {row["judged"] for row in table} == {"risk of bias: nobody has judged it"}
    explained = kg.ask("how-certain", explain=True, trial="pivot-io-001")
    assert {row["rated_by"] for row in explained} <= {"automatic", "judged", "not rated"}
    assert all(row["rule"] for row in explained)


def test_a_judgement_of_bias_is_read_from_the_data(kg, tmp_path):
    from bempeg_kg.content.parse import parse_text
    from bempeg_kg.engines.embedded import Embedded
    from bempeg_kg.evidence.facts import Facts

    judged = (
        f"<{NS}judgement/x> a <{NS}ontology#BiasJudgement> ; <{NS}ontology#concerns> "
        f'<{NS}contrast/pivot-io-001-os> ; <{NS}ontology#biasDomain> "deviations" ; <{NS}ontology#biasLevel> '
        f'"low" ; <{NS}ontology#biasTool> "RoB 2" ; <{NS}ontology#judge> "a reader" ; <{NS}ontology#reason> '
        '"blinded review" .'
    )
    engine = Embedded.of_quads([*kg.quads(), *parse_text(judged.encode(), "urn:judgements")], kg.names)
    other = KnowledgeGraph(kg.content, engine)
    rows = {row["statement"]: row for row in other.ask("how-certain", trial="pivot-io-001")}
    found = rows[f"{NS}contrast/pivot-io-001-os"]
    assert "RoB 2, a reader" in found["judged"]
    assert found["rating"].endswith("by the automatic domains")
    assert Facts.of(other) is Facts.of(other)


def test_agreement_separates_conflict_from_difference_in_scope(kg):
    table = kg.ask("agreement")
    relations = Counter(row["relation"] for row in table)
    assert set(relations) == {"agree", "conflict", "supersedes", "stand apart"}
    conflicts = {row["firstNode"].removeprefix(NS) for row in table if row["relation"] == "conflict"}
    assert {"result/pivot-12-enrolled", "claim/a048"} <= conflicts
    assert all(row["axes"] != "none" for row in table if row["relation"] != "agree")
    reasons = [row["resolution"] for row in table if row["firstNode"] == f"{NS}result/pivot-12-enrolled"]
    assert any("which is right was not found" in reason for reason in reasons)


def test_safety_says_what_cannot_be_compared(kg):
    rows = list(kg.ask("safety-intervals", trial="pivot-io-001"))
    severe = next(row for row in rows if row["event"].startswith("any adverse event, grade 3"))
    assert (severe["n"], severe["denominator"]) == (84, 387)
    assert severe["n_basis"].startswith("derived")
    assert "not in the sources seen" in severe["comparison"]
    single = kg.ask("safety-intervals", trial="pivot-02")
    assert {row["comparison"] for row in single} == {"single-arm: no comparison within the trial"}


@pytest.mark.parametrize(
    ("role", "name", "place"),
    [
        ("experimental", "Control", 0),
        ("", "Device", 1),
        ("", "Control Group", 2),
        ("placeboComparator", "A", 2),
    ],
)
def test_what_others_are_compared_with_comes_second(role: str, name: str, place: int) -> None:
    facts = SimpleNamespace(role=lambda _: role, group_name=lambda _: name)
    assert safety._place(facts, "a group") == place


def test_events_of_both_arms_are_compared_and_an_empty_answer_says_why(kg):
    nothing = kg.ask("event-differences", trial="pivot-io-001")
    assert not nothing.rows
    assert nothing.reason == (
        "of PIVOT IO 001 the graph holds adverse events of one group alone: BEMPEG + nivolumab"
    )
    other = KnowledgeGraph(kg.content, _with_nivolumab_arm(kg))
    (row,) = other.ask("event-differences", trial="pivot-io-001")
    assert (row["first_counts"], row["second_counts"]) == ("84/387", "42/382")
    # by hand: 84/387 - 42/382 = 10.7 points
    assert row["risk_difference"] == Decimal("10.7")
    assert row["risk_difference_lower"] > 0


def test_events_of_two_data_cuts_are_not_compared(kg):
    rows = [
        (row["first_counts"], row["second_counts"])
        for row in kg.ask("event-differences", trial="relativity-047")
    ]
    # the primary report with itself, 33.8 months with 33.8 months
    assert sorted(rows) == [("288/355", "251/359"), ("67/355", "35/359"), ("78/355", "43/359")]


def _with_nivolumab_arm(kg):
    from bempeg_kg.content.parse import parse_text
    from bempeg_kg.engines.embedded import Embedded

    vocabulary = f"{NS}ontology#"
    told = {
        "trial": "trial/pivot-io-001",
        "group": "group/pivot-io-001-nivolumab",
        "analysisSet": "set/pivot-io-001-nivolumab-treated",
        "endpoint": "endpoint/adverse-event",
        "statistic": "statistic/proportion",
        "unit": "unit/percent",
        "adverseEvent": "adverse-event/any",
        "grade": "grade/3-4",
        "attribution": "ontology#treatmentRelated",
    }
    parts = [f"<{vocabulary}{name}> <{NS}{value}>" for name, value in told.items()]
    parts += [f'<{vocabulary}numerator> 42 ; <{vocabulary}denominator> 382 ; <{vocabulary}printed> "11.0"']
    made = f"<urn:planted> a <{vocabulary}AdverseEventResult> ; {' ; '.join(parts)} ."
    return Embedded.of_quads([*kg.quads(), *parse_text(made.encode(), "urn:planted")], kg.names)


def test_exact_intervals_name_what_they_derived(kg):
    rows = list(kg.ask("exact-intervals", trial="relativity-047"))
    counted = {(row["n"], row["denominator"], row["n_basis"]) for row in rows}
    assert {(121, 359, "derived"), (155, 355, "derived"), (35, 359, "given")} <= counted
    assert {basis for *_, basis in counted} == {"given", "derived"}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2018-09-21", date(2018, 9, 21), date(2018, 9, 21)),
    ],
)
def test_a_date_spans_what_its_precision_leaves_open(text, first, last):
    assert span(text) == (first, last)


def test_a_date_that_is_none_is_refused():
    with pytest.raises(UsageError, match="not a date"):
        span("last spring")


@pytest.fixture(scope="module")
def then(kg):
    return kg.as_of(date(2018, 9, 21))


def test_what_was_known_when_phase_3_began(kg, then):
    sparql = (
        "SELECT ?n WHERE { ?r kg:group group:pivot-02-melanoma ; kg:endpoint endpoint:orr ; kg:numerator ?n }"
    )
    assert [row["n"] for row in then.select(sparql)] == [14]
    assert 19 in [row["n"] for row in kg.select(sparql)]
    assert then.select("SELECT ?n WHERE { trial:pivot-io-001 kg:stopReason ?n }").rows == []
    assert then.select("SELECT ?n WHERE { ?r a kg:Result ; skos:note ?n }").rows == []


def test_a_cut_counts_what_it_leaves_out(then):
    assert then.cut.total(KNOWN) > 0
    assert then.cut.total(LATER) > 0
    assert then.cut.total(UNDETERMINED) > 0
    counted = then.cut.table(then.names)
    assert sum(counted.column("undetermined")) == then.cut.total(UNDETERMINED)
    assert str(then.cut.total(UNDETERMINED)) in then.cut.summary()


def test_a_later_day_knows_more(kg, then):
    late = kg.as_of(date(2024, 12, 31))
    assert late.cut.total(KNOWN) > then.cut.total(KNOWN)
    assert late.cut.total(LATER) < then.cut.total(LATER)


def test_a_remote_graph_cannot_be_cut(kg):
    from bempeg_kg.engines.remote import Remote

    remote = KnowledgeGraph(kg.content, Remote("http://127.0.0.1:9/query"))
    with pytest.raises(UsageError, match="cannot be cut"):
        remote.as_of(date(2018, 9, 21))


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_has_its_three_forms(kg, name):
    page = compose(kg, name)
    text, markdown, html = page.to_text(100), page.to_markdown(), page.to_html()
    assert markdown.startswith(f"# {page.title}")
    for section in page.sections:
        assert section.title in text
        assert section.title in markdown
        for block in section.blocks:
            assert block.origin, block.caption
    assert "<script" not in html
    assert 'src="' not in html
    assert html.count("<section") == len(page.sections)


def test_why_phase_3_draws_no_conclusion_of_its_own(kg):
    page = compose(kg, "why-phase-3")
    text = page.to_text(200)
    told = " ".join(sentence for section in page.sections for sentence in section.sentences)
    for word in ("because", "therefore", "proves", "caused", "shows that the drug"):
        assert word not in told.lower()
    assert "no treatment effect" in told
    assert "What cannot be separated" in text
    assert "not published" in told
    for number in ("0.0124", "27.7", "36.0", "99.929", "0.0311"):
        assert number in text


def test_a_report_of_another_comparison(kg):
    page = compose(kg, "why-phase-3", early="result:pivot-02-renal-orr", late="contrast:pivot-09-orr")
    assert page.title == "Why PIVOT-09 did not confirm PIVOT-02"
    assert "no outside benchmark" in page.to_text()


def test_reports_refuse_what_they_do_not_know(kg):
    with pytest.raises(UnknownName, match="report"):
        compose(kg, "nothing")
    with pytest.raises(UnknownName, match="option"):
        compose(kg, "why-phase-3", erly="x")


TABLE = """trial\tarm\tendpoint\tvalue\tunit\tN\tn\tci_low\tci_high\tci_level\tstatistic\tp_value\tcomparator
T\ta\trandomised\t100\tparticipants\t\t\t\t\t\t\t\t
T\ta\tresponse\t27.7\tpercent\t391\t\t\t\t\tproportion\t\t
T\ta\tsurvival\t0.75\tratio\t\t\t0.62\t0.92\t95\tHR\t0.5\tb
T\ta\tcontrol\t30.0\tpercent\t100\t30\t\t\t\tproportion\t0.9\tb
T\tb\tcontrol\t50.0\tpercent\t100\t50\t\t\t\tproportion\t0.9\ta
"""


def test_forensics_on_any_table(kg, tmp_path):
    path = tmp_path / "results.tsv"
    path.write_text(TABLE)
    by_rule = {(one.subject, one.rule, one.verdict) for one in judge_files(kg, [str(path)]).verdicts}
    assert ("line 3", "percentage-of-whole-patients", "impossible") in by_rule
    assert ("line 4", "ratio-interval-p", "inconsistent") in by_rule
    assert ("line 5 against line 6", "p-of-two-counts", "inconsistent") in by_rule


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("a,b\n1,2\n", "no column"),
        ("value,N\n3,x\n", "not a whole number"),
        ("value\n1,2\n", "more cells"),
        ("", "empty"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(kg, tmp_path, body, problem):
    path = tmp_path / "bad.csv"
    path.write_text(body)
    with pytest.raises(InputError, match=problem) as refused:
        judge_files(kg, [str(path)])
    assert str(path) in str(refused.value)


def test_forensics_on_a_file_of_statements(kg, tmp_path):
    path = tmp_path / "more.ttl"
    path.write_text(
        "@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .\n"
        "@prefix s: <https://w3id.org/bempeg-kg/statistic/> .\n"
        "@prefix u: <https://w3id.org/bempeg-kg/unit/> .\n"
        '<urn:r> a kg:Result ; kg:statistic s:proportion ; kg:unit u:percent ; kg:printed "27.7" ; '
        "kg:denominator 391 .\n"
    )
    (verdict,) = judge_files(kg, [str(path)]).verdicts
    assert (verdict.subject, verdict.verdict) == ("urn:r", "impossible")


def test_forensics_command(capsys, tmp_path):
    assert main(["forensics", "--only", "impossible", "-q"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("1 impossible, ")
    assert "IMPOSSIBLE" in shown
    assert "rule" in shown
    assert "inputs" in shown
    assert main(["forensics", "--strict", "--only", "impossible", "--format", "json", "-q"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["results"]["bindings"][0]["verdict"]["value"] == "impossible"
    path = tmp_path / "sound.csv"
    path.write_text("value,unit,n,N\n30.0,percent,30,100\n")
    assert main(["forensics", "--strict", str(path)]) == 0
    assert capsys.readouterr().out.startswith("1 consistent")
    assert main(["forensics", "--only", "wrong"]) == 2


def test_report_command(capsys, tmp_path):
    page = tmp_path / "why.html"
    assert main(["report", "why-phase-3", "-o", str(page), "-q"]) == 0
    assert page.read_text().startswith("<!doctype html>")
    assert main(["report", "coverage", "--format", "md", "-q"]) == 0
    assert capsys.readouterr().out.startswith("# Coverage")
    assert main(["report", "nothing"]) == 2


def test_as_of_on_the_command_line(capsys):
    assert (
        main(["query", "--as-of", "2018-09-21", "SELECT ?r { ?r kg:numerator 19 ; kg:denominator 38 }"]) == 0
    )
    captured = capsys.readouterr()
    assert "pivot-02-melanoma-orr" not in captured.out
    assert "left out" in captured.err
    assert main(["query", "--as-of", "yesterday", "ASK { }"]) == 2


def test_pooling_reads_the_trials_of_what_it_pools_in_a_large_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    kg = KnowledgeGraph.open(engine="memory")
    named = ["contrast:pivot-io-001-os", "contrast:pivot-09-os"]
    wanted = kg.ask("pool-results", results=named, force=True)
    monkeypatch.setattr(type(kg.content), "is_large", True)
    other = KnowledgeGraph.open(engine="memory")
    assert Facts.around(other, [NS + name.replace(":", "/") for name in named]).trials.keys() == {
        NS + "trial/pivot-09",
        NS + "trial/pivot-io-001",
    }
    assert other.ask("pool-results", results=named, force=True).rows == wanted.rows


@pytest.mark.thorough
def test_a_trial_alone_is_read_as_it_is_among_all(kg: KnowledgeGraph) -> None:
    everything = read_evidence(kg.engine)
    trials = [
        iri for iri in everything.trials if any(one.trial == iri for one in everything.results.values())
    ]
    assert len(trials) > 5
    for trial in trials:
        alone = evidence_of_trial(kg.engine, trial)
        for kind in ("results", "contrasts", "sets"):
            whole = getattr(everything, kind)
            assert getattr(alone, kind) == {iri: one for iri, one in whole.items() if one.trial == trial}
