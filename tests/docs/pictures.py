"""Make every picture of the documentation anew: ``python -m tests.docs.pictures [reading faults placing matching]``.

All of it is a real run of the program on its own sample village: the sheet is printed by the house, drawn on and
photographed by the support of the tests, then read, traced, placed and compared by the code that is shipped. Seeds
are fixed, so the pictures change only where the program does.
"""

from __future__ import annotations

import sys

from tests.docs.matching_pictures import write_matching_pictures
from tests.docs.photo_faults import write_fault_pictures
from tests.docs.placing_pictures import write_placing_pictures
from tests.docs.reading_pictures import write_reading_pictures

__all__ = ["main"]

PARTS = {
    "reading": write_reading_pictures,
    "faults": write_fault_pictures,
    "placing": write_placing_pictures,
    "matching": write_matching_pictures,
}


def main(arguments: list[str]) -> int:
    """Make the pictures of the parts named, or of all."""
    unknown = [name for name in arguments if name not in PARTS]
    if unknown:
        sys.stderr.write(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}\n")
        return 2
    for name in arguments or PARTS:
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
