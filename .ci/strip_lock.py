"""Remove addresses from package-lock.json: npm writes funding links even when told not to write hosts."""

import json
import sys
from pathlib import Path

path = Path(sys.argv[1])
lock = json.loads(path.read_text())
for package in lock["packages"].values():
    for name in ("funding", "resolved"):
        package.pop(name, None)
path.write_text(json.dumps(lock, indent=2) + "\n")
