"""Writes statistics.json: what SciPy and statsmodels compute, for test/unit/evals/aggregate.

python -m venv VENV && VENV/bin/pip install scipy==1.17.1 statsmodels==0.15.0
VENV/bin/python test/golden/statistics.py
"""

import json
import pathlib

import numpy as np
import statsmodels.api as sm
from scipy import optimize, special, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import ttest_power
from statsmodels.stats.proportion import proportion_confint

random = np.random.default_rng(20261130)
LEVELS = (0.8, 0.9, 0.95, 0.99, 0.999)


def t_interval(values, confidence):
    return list(stats.ttest_1samp(values, 0).confidence_interval(confidence))


def clustered_interval(values, groups, confidence):
    """statsmodels' correction is G / (G - 1) * (n - 1) / (n - k), and k is 1 here."""
    fit = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "df_correction": True}, use_t=True
    )
    return list(fit.conf_int(alpha=1 - confidence)[0])


def sign_flip(values):
    def mean(sample, axis):
        return np.mean(sample, axis=axis)

    test = stats.permutation_test(
        (values,), mean, permutation_type="samples", n_resamples=np.inf, vectorized=True
    )
    return test.pvalue


def agresti_min(only_a, only_b, n, confidence):
    """Statistics in Medicine 24, 2005: Wald's interval of the table with half a case more in each cell."""
    cells = np.array([only_b + 0.5, only_a + 0.5])
    total = n + 2
    difference = (cells[0] - cells[1]) / total
    error = np.sqrt(cells.sum() / total - difference**2) / np.sqrt(total)
    z = stats.norm.isf((1 - confidence) / 2)
    return [max(-1, difference - z * error), min(1, difference + z * error)]


def detectable(n, alpha):
    """solve_power stops early (its result has a power of 0.80006 for n = 100000), so its power is solved to the end here."""
    root = lambda delta: ttest_power(delta / np.sqrt(n), n, alpha) - 0.8
    high = 2.5
    while root(high) < 0:  # far beyond the root it is NaN
        high += 0.25
    return optimize.brentq(root, high - 0.25, high, xtol=1e-14, rtol=1e-14) / np.sqrt(n)


def distributions():
    degrees = (1, 2, 3, 4.5, 9, 29, 100, 999, 99_999)
    return {
        "normalTail": [[x, stats.norm.sf(x)] for x in (-2.5, 0, 0.3, 1, 1.96, 2.9999, 3, 4.5, 8, 20)],
        "normalQuantile": [[tail, stats.norm.isf(tail)] for tail in (0.5, 0.25, 0.025, 0.005, 1e-6, 1e-12)],
        "studentTail": [[x, v, stats.t.sf(x, v)] for v in degrees for x in (0, 0.1, 1, 2, 5, 40)],
        "studentQuantile": [[tail, v, stats.t.isf(tail, v)] for v in degrees for tail in (0.5, 0.1, 0.025, 0.0005)],
        "binomialCumulative": [
            [k, n, p, stats.binom.cdf(k, n, p)]
            for n, p in ((1, 0.5), (7, 0.5), (30, 0.2), (1000, 0.5), (100_000, 0.5))
            for k in sorted({0, n // 5, n * 9 // 20, n // 2, n})
        ],
        "studentPower": [
            [delta, n - 1, stats.t.isf(0.025, n - 1), ttest_power(delta / np.sqrt(n), n, 0.05)]
            for n in (3, 6, 12, 50, 1000, 100_000)
            for delta in (0.5, 1, 2.8, 4)
        ],
        "detectable": [[n, alpha, detectable(n, alpha)] for n in (6, 7, 12, 30, 500, 100_000) for alpha in (0.05, 0.01)],
    }


def means():
    found = []
    for n, groups in ((2, 2), (5, 3), (12, 4), (40, 9), (300, 60)):
        values = np.round(random.beta(4, 2, n), 4)
        group = np.concatenate([np.arange(groups), random.integers(0, groups, n - groups)])
        for confidence in LEVELS:
            found.append(
                {
                    "values": values.tolist(),
                    "groups": group.tolist(),
                    "confidence": confidence,
                    "t": t_interval(values, confidence),
                    "clustered": clustered_interval(values, group, confidence),
                }
            )
    return found


def shares():
    counts = [(0, 1), (1, 1), (0, 9), (9, 9), (3, 10), (271, 500), (99_990, 100_000)]
    return [
        {"passed": k, "n": n, "confidence": c, "wilson": list(proportion_confint(k, n, 1 - c, method="wilson"))}
        for k, n in counts
        for c in LEVELS
    ]


def sign_flips():
    found = []
    for n in (2, 5, 6, 9, 12):
        for step in (1, 4):
            values = np.round(random.normal(0.3, 1, n), step)
            found.append({"values": values.tolist(), "p": sign_flip(values)})
    equal = np.array([0.1, 0.2, -0.3, 0.1, 0.1, -0.1, 0, 0.4])
    return found + [{"values": equal.tolist(), "p": sign_flip(equal)}]


def tables():
    cells = [(0, 0, 4), (0, 6, 6), (5, 0, 9), (3, 11, 40), (11, 3, 40), (40, 41, 500), (900, 1100, 100_000)]
    return [
        {
            "onlyA": a,
            "onlyB": b,
            "n": n,
            "p": mcnemar([[n - a - b, a], [b, 0]], exact=True).pvalue,
            "agrestiMin": [[c, agresti_min(a, b, n, c)] for c in LEVELS],
        }
        for a, b, n in cells
    ]


def holm():
    lists = [[0.01, 0.04, 0.03], [0.2], [0.9, 0.01, 0.02, 0.5, 0.01], [0.06, 0.02, 0.02]]
    return [{"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in lists]


def repeats():
    comb = lambda n, k: special.comb(n, k, exact=True)
    return [
        [n, c, k, 1 - comb(n - c, k) / comb(n, k), comb(c, k) / comb(n, k)]
        for n in (1, 3, 10, 200)
        for c in sorted({0, 1, n // 2, n})
        for k in sorted({1, min(2, n), min(5, n), n})
    ]


golden = {
    "distributions": distributions(),
    "means": means(),
    "shares": shares(),
    "signFlips": sign_flips(),
    "tables": tables(),
    "holm": holm(),
    "repeats": repeats(),
}
target = pathlib.Path(__file__).with_suffix(".json")
rows = lambda values: "[\n" + ",\n".join(json.dumps(value) for value in values) + "\n]"
parts = golden.pop("distributions")
text = ",\n".join(f'"{name}": {rows(values)}' for name, values in (parts | golden).items())
target.write_text("{\n" + text + "\n}\n")
