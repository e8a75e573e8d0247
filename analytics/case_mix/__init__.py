"""The case-mix model: logistic regression on pattern counts, and the exact Poisson-binomial distribution."""

from analytics.case_mix.fit import Calibration, CaseMixFit
from analytics.case_mix.model import case_mix_model
from analytics.case_mix.poisson_binomial import (
    PoissonBinomialTest,
    poisson_binomial_pmf,
    poisson_binomial_test,
)

__all__ = [
    "CASE_MIX_1",
    "MAX_PATTERNS",
    "Calibration",
    "CaseMixFit",
    "PoissonBinomialTest",
    "case_mix_model",
    "poisson_binomial_pmf",
    "poisson_binomial_test",
]

CASE_MIX_1 = ("age_band", "sex", "substance_group", "injecting", "prior_treatment")
"""Terms of case mix version 1: age (5 levels), sex, substance group (4), injecting, prior treatment."""

MAX_PATTERNS = 500
"""Most patterns of case mix version 1; `CubeSpec.max_patterns` refuses more."""
