"""Retention from durations counted by group: Kaplan-Meier, restricted mean, log-rank. No rows, no drawing."""

from analytics.survival.curve import SurvivalCurve
from analytics.survival.difference import RmstDifference, rmst_difference
from analytics.survival.estimate import kaplan_meier
from analytics.survival.logrank import LogRankTest, Weighting, logrank_test

__all__ = [
    "LogRankTest",
    "RmstDifference",
    "SurvivalCurve",
    "Weighting",
    "kaplan_meier",
    "logrank_test",
    "rmst_difference",
]
