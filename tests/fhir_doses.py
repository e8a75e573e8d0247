"""Dose lines read back from a FHIR PlanDefinition: numbers by the names that the data gives them."""

PAIRS = ("dose", "step", "times", "every", "after", "observe")
FIELDS = (*(f"{name}_{end}" for name in PAIRS for end in ("min", "max")), "ceiling_low", "ceiling")
PER = {"d": "day", "wk": "week", "mo": "month", "{course}": "course", "h": "hour", "min": "minute"}


def from_fhir(told):
    """The same, from ActivityDefinition.dosage and the action's timing."""
    actions = {
        a["definitionCanonical"]: a
        for g in told.get("action", ())
        for a in g["action"]
        if "definitionCanonical" in a
    }
    return [_dosage(one["dosage"][0], actions[f"#{one['id']}"]) for one in told.get("contained", ())]


def _dosage(dosage, action):
    line = dict.fromkeys((*FIELDS, "per", "ceiling_per", "every_unit"))
    for amount in dosage.get("doseAndRate", ()):
        kind, value = next(iter(amount.items()))
        low, high = _ends(value) if kind.endswith("Range") else (value, value)
        line["dose_min"], line["dose_max"] = _value(low), _value(high)
        line["per"] = PER[(low or high)["code"].split("/")[1]] if kind.startswith("rate") else "dose"
    _times(line, dosage.get("timing", {}).get("repeat", {}))
    if "timingRange" in action:
        line["after_min"], line["after_max"] = map(_value, _ends(action["timingRange"]))
    _extended(line, {one["url"].rsplit("/", 1)[1]: one for one in dosage.get("extension", ())})
    if most := dosage.get("maxDosePerPeriod"):
        line["ceiling"], line["ceiling_per"] = _value(most["numerator"]), PER[most["denominator"]["code"]]
    if most := dosage.get("maxDosePerAdministration"):
        line["ceiling"], line["ceiling_per"] = _value(most), "dose"
    return line


def _extended(line, extensions):
    fields = {"dose-step-up": "step", "dose-step-down": "step", "observe": "observe", "interval": "every"}
    for name in fields.keys() & extensions.keys():
        low, high = _ends(extensions[name]["valueRange"])
        line[f"{fields[name]}_min"], line[f"{fields[name]}_max"] = _value(low), _value(high)
        if name == "interval":
            line["every_unit"] = PER[low["code"]]
    if "ceiling-from" in extensions:
        line["ceiling_low"] = _value(extensions["ceiling-from"]["valueQuantity"])


def _times(line, repeat):
    if (
        repeat.get("periodUnit") == "d"
        and repeat.get("period") == 1
        and "frequency" in repeat
        and "periodMax" not in repeat
    ):
        line["times_min"], line["times_max"] = (
            repeat["frequency"],
            repeat.get("frequencyMax", repeat["frequency"]),
        )
    elif repeat:
        line["every_min"], line["every_max"] = repeat["period"], repeat.get("periodMax", repeat["period"])
        line["every_unit"] = PER[repeat["periodUnit"]]


def _ends(span):
    return span.get("low"), span.get("high")


def _value(quantity):
    return quantity["value"] if quantity else None
