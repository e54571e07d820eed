"""Five notes for each participant: what a session can have voted at most (DOMAIN.md section 6)."""

from __future__ import annotations

from geo.errors import Refused

__all__ = ["NOTES_EACH", "check_votes", "most_votes"]

NOTES_EACH = 5


def most_votes(participants: int) -> int:
    """Return how many votes an event can have.

    >>> most_votes(25)
    125
    """
    return NOTES_EACH * participants


def check_votes(votes: int, participants: int | None) -> None:
    """Make sure that an event has no more votes than its participants had notes.

    Parameters
    ----------
    votes
        All votes of the event together.
    participants
        None where the minutes do not say; nothing can be checked then.

    Raises
    ------
    Refused
        There are more than five votes for each participant.
    """
    if participants is not None and votes > most_votes(participants):
        raise Refused(
            "gallery.too_many_votes",
            votes=votes,
            notes=NOTES_EACH,
            participants=participants,
            most=most_votes(participants),
        )
