"""Signs of what is no drawn object: problems by votes, activities by stage, visits, agreement, villages."""

from __future__ import annotations

from math import cos, pi, sin, sqrt

from markupsafe import Markup, escape

from geo.domain.plan_codes import ActivityStage
from geo.domain.vocabulary import Kind, Layer
from maps.style import (
    LAYER_STYLES,
    PALETTE,
    STAGE_STYLES,
    VISIT_AGE_STYLES,
    Frame,
    Role,
    VisitAge,
    symbol_markup,
)
from maps.web.signs import lengths

__all__ = [
    "VISIT_SIZE",
    "agreement_sign",
    "money_size",
    "size_sample",
    "stage_sign",
    "village_sign",
    "visit_sign",
    "votes_sign",
    "votes_size",
]

# All markup below is built from the style tables and from numbers, never from what people typed.
_PAPER = PALETTE[Role.PAPER].light
_CARD = PALETTE[Role.CARD].light
_INK = PALETTE[Role.INK].light
_PROBLEMS = LAYER_STYLES[Layer.PROBLEM]
_OPEN = '<svg class="sign" viewBox="-1 -1 38 38" aria-hidden="true">'
_AGO_SIZE = 8.8
"""Of 38 units of a sign: at VISIT_SIZE, and at three quarters of it on a far map, ten pixels or more."""
VISIT_SIZE = 58
"""Width in pixels of the sign of a visit on the map."""
_LETTERS = 'font-family="Noto Sans,DejaVu Sans,sans-serif" font-weight="700" text-anchor="middle"'


def votes_size(votes: int) -> int:
    """Return the width in pixels of a problem's sign: its area grows with the votes."""
    return min(64, 2 * round((26 + 4.5 * sqrt(max(votes, 0))) / 2))


def votes_sign(votes: int) -> Markup:
    """Draw a problem: the diamond of the problems' layer with its votes in it."""
    colour = PALETTE[_PROBLEMS.role].light
    written = str(votes)
    size = {1: 15, 2: 14, 3: 11}.get(len(written), 9)
    return Markup(
        f'{_OPEN}<path d="{_PROBLEMS.frame.path}" fill="{colour}" stroke="{_PAPER}" stroke-width="1.5"/>'
        f'<text x="18" y="{18 + 0.36 * size:g}" font-size="{size}" fill="{_PAPER}" {_LETTERS}>{written}</text></svg>'
    )


def village_sign() -> Markup:
    """Draw a village: a house on a dark disc."""
    return Markup(
        f'{_OPEN}<path d="{Frame.CIRCLE.path}" fill="{_INK}" stroke="{_PAPER}" stroke-width="1.5"/>'
        f'<g transform="translate(8 8) scale(.8333)" color="{_PAPER}" fill="none" stroke="{_PAPER}" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round">{symbol_markup(Kind.HOUSE)}</g></svg>'
    )


def money_size(som: int | None) -> int:
    """Return the width in pixels of an activity's sign: its area grows with the money, within what can be read."""
    if som is None:
        return 28
    return min(64, 2 * round((28 + sqrt(max(som, 0)) * 0.014) / 2))


def stage_sign(stage: ActivityStage, *, everywhere: bool = False) -> Markup:
    """Draw an activity of a stage; one for a whole village has a second frame."""
    style = STAGE_STYLES[stage]
    colour = style.tone.light
    fill, drawing = (colour, _PAPER) if style.filled else (_CARD, style.tone.light_text)
    dash = f' stroke-dasharray="{lengths(style.dash)}"' if style.dash else ""
    frame = '<rect x="{0}" y="{0}" width="{1}" height="{1}" rx="{2}" {3}/>'
    outer = frame.format(0, 36, 11, f'fill="{_CARD}" stroke="{colour}" stroke-width="1.5"') if everywhere else ""
    inset = 4.5 if everywhere else 2
    inner = frame.format(inset, 36 - 2 * inset, 8, f'fill="{fill}" stroke="{colour}" stroke-width="2.25"{dash}')
    return Markup(
        f'{_OPEN}{outer}{inner}<g transform="translate(7.2 7.2) scale(.9)"><path d="{style.drawing}" fill="none"'
        f' stroke="{drawing}" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round"/></g></svg>'
    )


def visit_sign(age: VisitAge, letter: str = "", ago: str = "") -> Markup:
    """Draw a place by its last visit: a ring that empties with the time, the grade's letter, how long ago it was."""
    style = VISIT_AGE_STYLES[age]
    colour, text = style.tone.light, style.tone.light_text
    fill = colour if style.filled else _CARD
    ink = _PAPER if style.filled else text
    dash = "" if style.quarters else ' stroke-dasharray="3.5 3.5"'
    ring = f'<circle cx="18" cy="18" r="15.5" fill="{fill}" stroke="{colour}" stroke-width="1.25"{dash}/>'
    if 0 < style.quarters < 4:
        ring += f'<path d="{_arc(style.quarters / 4, 15.5)}" fill="none" stroke="{colour}" stroke-width="4"/>'
    if age is VisitAge.NEVER:
        inside = f'<path d="M11 18h14" stroke="{colour}" stroke-width="3" stroke-linecap="round"/>'
    else:
        inside = f'<text x="18" y="{13.5 if ago else 23}" font-size="{11 if ago else 16}"'
        inside += f' fill="{ink}" {_LETTERS}>{letter or "?"}</text>'
        if ago:
            # Six letters, such as "45 күн", are drawn narrower, so that they stay within the ring.
            fitted = ' textLength="24.5" lengthAdjust="spacingAndGlyphs"' if len(ago) > 5 else ""
            inside += (
                f'<text x="18" y="23.5" font-size="{_AGO_SIZE}"{fitted} fill="{ink}" {_LETTERS}>{escape(ago)}</text>'
            )
    whole = _OPEN.replace('class="sign"', 'class="sign with-ago"') if ago else _OPEN
    return Markup(f"{whole}{ring}{inside}</svg>")


def size_sample(size: int, *, broken: bool = False) -> Markup:
    """Draw the frame of a sign for the legend, at half of its size on the map."""
    dash = ' stroke-dasharray="3 3"' if broken else ""
    half = size / 2
    return Markup(
        f'<svg class="size-sample" width="{half + 2:g}" height="{half + 2:g}" aria-hidden="true"><rect x="1" y="1"'
        f' width="{half:g}" height="{half:g}" rx="{half / 4.5:g}" fill="none" stroke="{_INK}"'
        f' stroke-width="1.5"{dash}/></svg>'
    )


def agreement_sign(groups: int, agreement: float) -> Markup:
    """Draw how many groups drew a thing, in a ring that is as full as they agree."""
    share = min(max(agreement, 0.0), 1.0)
    whole = f'<circle cx="18" cy="18" r="13" fill="{_CARD}" stroke="{PALETTE[Role.RULE].light}" stroke-width="6"/>'
    part = (
        f'<circle cx="18" cy="18" r="13" fill="none" stroke="{_INK}" stroke-width="6"/>'
        if share > 0.995
        else f'<path d="{_arc(share, 13)}" fill="none" stroke="{_INK}" stroke-width="6"/>'
    )
    return Markup(
        f'{_OPEN}{whole}{part}<text x="18" y="23.5" font-size="16" fill="{_INK}" {_LETTERS}>{groups}</text></svg>'
    )


def _arc(share: float, radius: float) -> str:
    angle = 2 * pi * share
    x, y = 18 + radius * sin(angle), 18 - radius * cos(angle)
    return f"M18 {18 - radius:g}A{radius:g} {radius:g} 0 {int(share > 0.5)} 1 {x:.2f} {y:.2f}"
