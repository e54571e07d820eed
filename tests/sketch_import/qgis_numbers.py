"""Numbers that QGIS expects of its own transforms.

Facts transcribed from QGIS, tests/src/analysis/testqgsgcptransformer.cpp at commit
19565032e318716408f2de7e02bdd71c9cd15b0b; QGIS compares them to within 1 unit. Its source coordinates count
y upwards, so a pixel is (x, -y).
"""

from __future__ import annotations

import numpy as np

from geo.domain.georeference import Method

SOURCE = {
    4: [(288, 1126), (2352, 716), (2067, 2398), (1102, 2209)],
    6: [(288, 1126), (2352, 716), (2067, 2398), (2100, 1500), (1102, 2209), (300, 1550)],
    10: [
        (288, 1126),
        (2352, 716),
        (2067, 2398),
        (2100, 1500),
        (1102, 2209),
        (300, 1550),
        (300, 850),
        (1000, 830),
        (900, 1450),
        (700, 1550),
    ],
}
GROUND = {
    4: [(321210, 130280), (322698, 129979), (322501, 192061), (321803, 192198)],
    6: [(321210, 130280), (322698, 129979), (322501, 192061), (322550, 149979), (321803, 192198), (321310, 145979)],
    10: [
        (321210, 130280),
        (322698, 129979),
        (322501, 192061),
        (322550, 149979),
        (321803, 192198),
        (321310, 145979),
        (321310, 131979),
        (321703, 131579),
        (321603, 145979),
        (321003, 146179),
    ],
}
QUERY = [(288, 1000), (2352, 1150), (2067, 2500), (1102, 2300)]
FORWARD = [
    (Method.HELMERT, 4, [(302325, 145676), (340495, 155540), (330540, 179867), (313138, 172822)]),
    (Method.POLYNOMIAL2, 6, [(321175, 126837), (322763, 135026), (322489, 198409), (321803, 197778)]),
    (Method.POLYNOMIAL3, 10, [(321202, 129364), (318595, 101765), (321488, 185766), (320879, 189391)]),
    (Method.TPS, 4, [(321209, 124248), (322700, 146609), (322501, 196160), (321803, 195999)]),
    (Method.PROJECTIVE, 4, [(321256, 123764), (322687, 142908), (322494, 197069), (321781, 198051)]),
]

RASTER_SOURCE = [(288, -716), (2352, -1126), (2067, -2398), (1102, -2209)]
"""Control points with the negative y of a raster; QGIS solves them with y negated, which is our pixel."""
RASTER_QUERY_PIXELS = [(288, -716), (2352, -1126), (2067, -2398), (1102, -2209)]
"""Asked without negating, so far outside the points: in our pixels they are these very numbers."""
RASTER_FORWARD = [
    (Method.HELMERT, [(334590, 115324), (296200, 115340), (296768, 91566), (314707, 91510)]),
    (Method.POLYNOMIAL1, [(321201, 63463), (322686, 24965), (322474, -31687), (321780, -13813)]),
    (Method.AFFINE, [(321201, 63463), (322686, 24965), (322474, -31687), (321780, -13813)]),
    (Method.TPS, [(321202, 63505), (322686, 24959), (322474, -31676), (321780, -13787)]),
    (Method.PROJECTIVE, [(321203, 63965), (322681, 25366), (322467, -30635), (321777, -12647)]),
]


def pixels(y_up: list[tuple[int, int]]) -> np.ndarray:
    return np.array(y_up, dtype=float) * [1, -1]
