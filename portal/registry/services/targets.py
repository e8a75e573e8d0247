"""The target of an import read back from its batch, for verbs that come after the loading."""

import json

from portal.registry.dictionary import load
from portal.registry.importer.storing import Target
from portal.registry.models import ImportBatch


def target_of(batch: ImportBatch) -> Target:
    codes = tuple(json.loads(batch.summary)["programmes"])
    return Target(batch.id, load(batch.dictionary_version), codes, 1, may_know=True)
