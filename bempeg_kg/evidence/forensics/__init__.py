"""Can the printed numbers be true? Each rule shows its inputs and its working; see `verdicts`.

* `printed`: a number as a source prints it, with the range that its decimals leave open
* `percent`: which whole numbers of patients give a printed percentage
* `recover`: n and N from a percentage and its interval; arm sizes from several percentages and a p-value
* `ratios`: hazard ratio, interval, level and p-value against each other, by interval arithmetic
* `records`, `reading`, `tables`: what the rules look at, read from a graph or from a plain table
* `rules`, `sets`, `sources`: the rules themselves; `examine` runs them all
"""
