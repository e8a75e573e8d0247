"""`make bench`: the ratios of the product beside what they shall reach, in one run.

ROWS (1,000,000) is the size of imports and cubes; arguments name the parts to run, all by default.
Ends with 1 when two answers differ, never because something took long.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from bench import (  # noqa: E402
    bench_cubes,
    bench_diff,
    bench_import,
    bench_matrix,
    bench_pages,
    bench_pdf,
    bench_protocol,
    bench_search,
    bench_sheet,
    bench_start,
    table,
)

SMALL = 100_000
FEW = 3
RESULT = ROOT / "var" / "bench.json"


def imports(rows: int) -> Iterator[table.Line]:
    if rows > SMALL:
        yield from bench_import.measure(SMALL)
        print(f"  {FEW} rounds of {rows:,} rows instead of 5: each takes minutes")
    yield from bench_import.measure(rows, FEW if rows > SMALL else bench_import.ROUNDS)


PARTS: dict[str, Callable[[int], Iterator[table.Line]]] = {
    "start": lambda _rows: iter(bench_start.measure()),
    "search": lambda _rows: iter([bench_search.line()]),
    "matrix": lambda _rows: bench_matrix.measure(),
    "pdf": lambda _rows: iter([bench_pdf.line()]),
    "protocol": lambda _rows: iter(bench_protocol.measure()),
    "cubes": lambda rows: iter(bench_cubes.measure(rows)),
    "diff": lambda _rows: iter(bench_diff.measure()),
    "pages": lambda _rows: iter(bench_pages.measure()),
    "sheet": lambda _rows: iter(bench_sheet.measure()),
    "import": imports,
}


def main(names: list[str], rows: int) -> int:
    if unknown := set(names) - set(PARTS):
        print(f"unknown part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    machine = table.machine()
    print(" ".join(f"{name} {value}" for name, value in machine.items()))
    print(table.HEAD)
    lines: list[table.Line] = []
    unequal = 0
    for name in names or PARTS:
        try:
            for line in PARTS[name](rows):
                print(line, flush=True)
                lines.append(line)
        except AssertionError as difference:
            unequal += 1
            print(f"{name}: UNEQUAL ANSWERS, nothing timed counts: {difference}", file=sys.stderr)
    RESULT.parent.mkdir(exist_ok=True)
    told = {"machine": machine, "rows": rows, "unequal": unequal, "lines": table.as_json(lines)}
    RESULT.write_text(json.dumps(told, indent=1) + "\n")
    print(f"load at the end {os.getloadavg()}; {RESULT.relative_to(ROOT)} holds the same as JSON")
    return 1 if unequal else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], int(os.environ.get("ROWS", "1000000"))))
