"""A drawing of the sample village in the store, not placed yet, and where its places truly lie."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from uuid import UUID

from PIL import Image, ImageDraw

from api.settings import Settings
from geo.drafts import NewUnplacedSheet
from geo.services.unplaced_sheets import store_unplaced_sheet

__all__ = ["FIRST_SESSION", "PLACES", "SIZE", "DrawnSheet", "draw", "store_drawing", "true_lonlat"]

FIRST_SESSION = "01a20004-b16b-71b2-bc71-6bcda59b6452"
"""18–35, 24 people."""
SIZE = (1600, 1200)
PLACES = {
    "мектеп": (240.5, 210.25),
    "көпүрө": (1380.0, 180.0),
    "клуб": (800.0, 610.0),
    "булак": (260.0, 1010.0),
    "короо": (1330.0, 1040.0),
}
_MIDDLE = (78.2385, 42.495)
_METRES_A_PIXEL = 1.25
_TURNED = math.radians(12)


@dataclass(frozen=True, slots=True)
class DrawnSheet:
    """A stored sheet and its page."""

    id: UUID
    page: str


def true_lonlat(pixel: tuple[float, float]) -> tuple[float, float]:
    """Return where a pixel lies: the drawing is turned by 12° and a pixel is 1.25 m."""
    right, down = (pixel[0] - SIZE[0] / 2) * _METRES_A_PIXEL, (pixel[1] - SIZE[1] / 2) * _METRES_A_PIXEL
    east = right * math.cos(_TURNED) - down * math.sin(_TURNED)
    north = -right * math.sin(_TURNED) - down * math.cos(_TURNED)
    a_degree = math.pi * 6_378_137 / 180
    return _MIDDLE[0] + east / (a_degree * math.cos(math.radians(_MIDDLE[1]))), _MIDDLE[1] + north / 111_075


def draw(*, seed: int = 0, enlarged: float = 1.0) -> bytes:
    """Return the drawing as a JPEG; another seed is another picture."""
    paper = Image.new("RGB", SIZE, (246, 243, 234))
    pen = ImageDraw.Draw(paper)
    pen.line([(100, 640 + seed), (1500, 560)], fill=(40, 40, 40), width=9)
    pen.line([(1200, 60), (1130, 1150)], fill=(30, 80, 170), width=9)
    for x, y in PLACES.values():
        pen.rectangle([x - 40, y - 30, x + 40, y + 30], outline=(40, 40, 40), width=6)
        pen.line([(x - 12, y), (x + 12, y)], fill=(190, 30, 30), width=3)
        pen.line([(x, y - 12), (x, y + 12)], fill=(190, 30, 30), width=3)
    if enlarged != 1:
        paper = paper.resize((round(SIZE[0] * enlarged), round(SIZE[1] * enlarged)))
    written = io.BytesIO()
    paper.save(written, "JPEG", quality=88)
    return written.getvalue()


def store_drawing(
    settings: Settings, village: str, *, title: str = "18–35 жаш, 1-барак", enlarged: float = 1.0
) -> DrawnSheet:
    """Store the drawing with the first session, as a photo that was taken and not placed."""
    image, size = draw(enlarged=enlarged), (round(SIZE[0] * enlarged), round(SIZE[1] * enlarged))
    store = settings.workspace
    with store.write(actor="test") as session:
        new = NewUnplacedSheet(
            title=title, image=image, image_format="JPEG", size=size, candidates=(), quality={"verdict": "pass"}
        )
        sheet_id = store_unplaced_sheet(session, store.pictures, UUID(FIRST_SESSION), new)
    return DrawnSheet(sheet_id, f"{village}/sheets/{sheet_id}/place")
