"""Can the printed numbers be true? Each rule shows its inputs and its working; see docs/forensics.md.

* `examine`: everything over a graph or files; `judge`: all rules over some evidence; `judgement`: the outcome
* `sheets`, `columns`, `cells`, `rows`, `tables`: a table of one's own
* `stream`: registry records, one at a time
* `rules`, `percentages`, `misfits`, `solving`, `interval_methods`: one result
* `comparisons`, `ratio_rules`, `ratios`, `p_values`, `events`: a comparison
* `two_counts`, `arm_sizes`, `recover`: two counts that are compared
* `whole`, `sums`, `curves`, `dates`: several statements together
* `means`, `statistics`: means of whole numbers, test statistics
* `verdicts`: the words, the rules by name, and how verdicts are shown
"""
