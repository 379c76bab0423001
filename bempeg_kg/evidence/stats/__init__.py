"""Statistics of counts and ratios; an interval keeps its level (percent) through every calculation.

* `intervals`: exact and Wilson intervals of n of N; level conversion of ratios, only when asked
* `contrasts`: risk difference, risk ratio, odds ratio of two groups, naive comparisons named as such
* `surprise`: how often a cohort would do at least as well by chance
* `shrinkage`: what an early rate is worth beside a benchmark; never a treatment effect
* `pooling`: meta-analysis that refuses what should not be pooled
"""
