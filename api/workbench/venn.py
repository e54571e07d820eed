"""The table on which Venn diagrams are laid (DOMAIN.md section 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api.workbench.frame import AtPlace, Room
from api.workbench.sessions import chosen_session, sessions_of
from geo.domain.institutions import INSTITUTION_KINDS, Diagram, Importance
from geo.domain.rights import Action, Subject
from geo.domain.venn.drawn import TOUCHING_TOLERANCE
from geo.domain.venn.synonyms import common_institutions
from geo.domain.vocabulary import Kind
from geo.i18n import Language
from maps.style import symbol_markup
from maps.venn.looks import look_of
from maps.venn.sizes import SPREADS

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_USUAL_SIZES: Final = SPREADS[1]


class View(StrEnum):
    """Which diagrams are on the page."""

    EVERYBODY = "everybody"
    WOMEN = "women"
    MEN = "men"
    BESIDE = "beside"
    """The women's and the men's side by side."""

    @property
    def diagrams(self) -> tuple[Diagram, ...]:
        """Those that it shows, from the left."""
        return (Diagram.WOMEN, Diagram.MEN) if self is View.BESIDE else (Diagram(self.value),)


@router.get("/work/{settlement_id}/{year}/venn", response_class=HTMLResponse)
def venn(frame: AtPlace, session: UUID | None = None, diagram: View = View.EVERYBODY) -> HTMLResponse:
    """Show the diagrams of a session as tables with circles."""
    assert frame.place is not None
    sessions = sessions_of(frame)
    chosen = chosen_session(sessions, session)
    editable = frame.may(Action.CHANGE, Subject.INSTITUTIONS)
    return frame.show(
        "work/venn.html",
        room=Room.VENN,
        title=frame.say("venn_page.title"),
        scripts=["venn"] if chosen else ["settled"],
        styles=["session_choice", "venn"],
        words=("venn_page.", "kind.", "importance.", "satisfaction."),
        data={
            "event": chosen and chosen.id,
            "settlement": frame.place.settlement_id,
            "language": frame.language.value,
            "editable": editable,
            "tolerance": TOUCHING_TOLERANCE,
            "sizes": {size.value: _USUAL_SIZES.of(size) for size in Importance},
            "looks": _looks(),
            "standard": _standard(frame.language),
        },
        sessions=sessions,
        chosen=chosen,
        view=diagram,
        views=tuple(View),
        editable=editable,
        standard=_standard(frame.language),
        signs={kind.value: Markup(symbol_markup(kind)) for kind in INSTITUTION_KINDS},
        hatches={kind.value: look_of(kind).hatch.value for kind in INSTITUTION_KINDS},
    )


def _looks() -> dict[str, Any]:
    """Return how circles look by kind, as `maps.venn` draws them."""
    return {
        kind.value: {"colour": look.colour, "hatch": look.hatch.value, "fill": look.fill, "dash": list(look.dash)}
        for kind in INSTITUTION_KINDS
        for look in (look_of(kind),)
    }


_KINDS: Final = {"youth_committee": Kind.YOUTH_GROUP, "womens_council": Kind.WOMENS_GROUP}


def _standard(language: Language) -> list[dict[str, str]]:
    """Return the common institutions for the field that adds one."""
    return [
        {"name": names[language], "kind": _KINDS.get(key, Kind.LOCAL_INSTITUTION).value}
        for key, names in common_institutions().items()
    ]
