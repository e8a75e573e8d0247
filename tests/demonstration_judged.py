"""An independent second calculation: eligible persons, retention, case mix and funnel limits in plain numpy."""

from collections import Counter

import numpy as np

AGES = [3, 5, 7, 9, 12]
PLANTED = {"M10", "M11", "M12", "M13", "M50", "M51", "M52", "M53", "M54"}
CLASSES = {"M1": "withdrawal", "M2": "agonist", "M3": "antagonist", "M4": "outpatient", "M5": "residential"}


def value(row, name):
    return int(row[name]) if row[name] else None


def eligible(registry):
    """The first episode of each person, admitted by December 2025."""
    first = {}
    for cells in registry.rows():
        row = dict(zip(registry.header, cells, strict=True))
        first.setdefault(row["person_token"], row)
    return [row for row in first.values() if row["admission_month"] <= "2025-12"]


def stay(row):
    last, depot = value(row, "last_contact_day"), value(row, "last_depot_day")
    if depot is None:
        return last
    covered = depot + value(row, "depot_interval_days") + 7
    return (
        min(covered, value(row, "discharge_day"))
        if row["discharge_reason"] in {"41", "51", "52", "53"}
        else covered
    )


def covered(row):
    """Days that treatment reached, a depot counted to the end of its interval, without grace."""
    depot = value(row, "last_depot_day")
    last = value(row, "last_contact_day")
    return last if depot is None else depot + value(row, "depot_interval_days")


def outcome(row):
    """Retained on day 180, or completed where treatment has a planned end; None unknown, "out" not judged."""
    days, reason = stay(row), value(row, "discharge_reason")
    if row["modality"] in PLANTED:
        if days > 183:
            return 0
        if reason is None:
            return 0 if days >= 183 else None
        return None if reason == 99 else int(reason in {11, 12, 13})
    if days >= 180:
        return 1
    if reason in {21, 22}:
        return "out"
    return None if reason is None else 0


def abstinent(row):
    """No use of the main substance in 28 days at the last review of days 154 to 210, of those still there."""
    if stay(row) < 154:
        return "out"
    code = row["substance_1_code"]
    item = {"800": "alcohol"} | dict.fromkeys(("320", "341", "342"), "stimulant")
    item |= dict.fromkeys(("110", "112", "120", "151", "153", "155"), "opioid")
    found = None
    for number in (1, 2):
        day, away = value(row, f"review_{number}_day"), value(row, f"review_{number}_d28_controlled_env")
        used = value(row, f"review_{number}_d28_{item[code]}") if code in item else None
        if day is not None and 154 <= day <= 210 and used is not None and away < 14:
            found = int(used == 0)
    return found


def pattern(row):
    main, inject, prior = row["substance_1_code"], value(row, "inject_status"), value(row, "prior_treatment")
    substance = {"151": "opium", "153": "opium", "800": "alcohol"}.get(main)
    substance = substance or ("opioid" if main in {"110", "112", "120", "155"} else "other")
    age = sum(int(row["age_band"]) > band for band in AGES)
    return (
        age,
        row["sex"],
        substance,
        "missing" if inject < 0 else min(inject, 1),
        "missing" if prior == 99 else min(prior, 1),
    )


def design(patterns):
    columns = [np.ones(len(patterns))]
    for place in range(len(patterns[0])):
        counts = Counter(p[place] for p in patterns)
        levels = sorted(counts, key=str)[1:]
        columns += [np.array([p[place] == level for p in patterns], dtype=float) for level in levels]
    return np.column_stack(columns)


def fit(x, y):
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        mu = 1 / (1 + np.exp(-x @ beta))
        weight = mu * (1 - mu)
        step = np.linalg.lstsq(x.T @ (x * weight[:, None]), x.T @ (y - mu), rcond=None)[0]
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    return 1 / (1 + np.exp(-x @ beta))


def compare(registries, outcome=outcome):
    """For each class of a country: programme -> (observed, expected, z by the score variance, known)."""
    groups = {}
    for registry in registries:
        plan = registry.plan
        rows = [(row, outcome(row)) for row in eligible(registry)]
        known = [(pattern(row), out) for row, out in rows if out in (0, 1)]
        groups.setdefault((plan.country, CLASSES[plan.modality[:2]]), {})[plan.name] = (plan, known)
    return {key: _compared(programmes) for key, programmes in groups.items()}


def _compared(programmes):
    shown = {name: known for name, (_, known) in programmes.items() if len(known) >= 30}
    if len(shown) < 3:
        return {}
    patterns = [p for known in shown.values() for p, _ in known]
    y = np.array([out for known in shown.values() for _, out in known], dtype=float)
    who = np.repeat(list(shown), [len(known) for known in shown.values()])
    x = design(patterns)
    mu = fit(x, y)
    weight = mu * (1 - mu)
    inverse = np.linalg.pinv(x.T @ (x * weight[:, None]))
    found = {}
    for name in shown:
        mine = who == name
        a = x[mine].T @ weight[mine]
        variance = weight[mine].sum() - a @ inverse @ a
        observed, expected = y[mine].sum(), mu[mine].sum()
        found[name] = (observed, expected, (observed - expected) / np.sqrt(variance), int(mine.sum()))
    return found
