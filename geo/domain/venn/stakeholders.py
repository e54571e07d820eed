"""The stakeholder matrix: influence by importance (DOMAIN.md section 4, council handbook)."""

from __future__ import annotations

from geo.domain.institutions import StakeholderRole, Weight

__all__ = ["stakeholder_role"]


def stakeholder_role(influence: Weight | None, importance: Weight | None) -> StakeholderRole:
    """Return what follows from influence and importance: high and high is a key stakeholder, else a secondary one.

    >>> stakeholder_role(Weight.HIGH, Weight.LOW).value
    'secondary'
    """
    if Weight.LOW in (influence, importance):
        return StakeholderRole.SECONDARY  # whatever the other is, it is not high and high
    if influence is None or importance is None:
        return StakeholderRole.UNPLACED
    return StakeholderRole.KEY
