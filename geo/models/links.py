"""Links in space: problems with objects and activities, activities with their sites."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Double, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from geo.domain.linking import FeatureRole, LinkOrigin, LinkState
from geo.models.governed import Governed
from geo.models.types import EnumText, Id, UtcDateTime

__all__ = ["ProblemActivity", "ProblemFeature", "SiteProposal"]

_STANDING = text("withdrawn_at IS NULL")


def _once(table: str, first: str, second: str) -> Index:
    """Return the index that lets two rows be linked once; a withdrawn link makes room."""
    name = f"ix_{table}_{first}_{second}"
    return Index(name, first, second, unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING)


class _Link:
    """How a link came about and how it stands."""

    @declared_attr
    def state(cls) -> Mapped[LinkState]:  # noqa: N805
        return mapped_column(EnumText(LinkState), default=LinkState.CONFIRMED, sort_order=50)

    @declared_attr
    def origin(cls) -> Mapped[LinkOrigin]:  # noqa: N805
        return mapped_column(EnumText(LinkOrigin), default=LinkOrigin.BY_HAND, sort_order=51)

    distance_m: Mapped[float | None] = mapped_column(Double, sort_order=52)
    """When it was made; None where one of the two has no place."""
    score: Mapped[float | None] = mapped_column(Double, sort_order=53)
    reason: Mapped[str] = mapped_column(Text, default="", server_default="", sort_order=54)
    """Why it was made, confirmed or rejected."""
    decided_by: Mapped[str] = mapped_column(Text, default="", server_default="", sort_order=55)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, sort_order=56)


class ProblemFeature(_Link, Governed):
    """An object of the map that causes or shows a problem."""

    __tablename__ = "problem_feature"
    __table_args__ = (_once("problem_feature", "problem_id", "feature_id"), {"sqlite_autoincrement": True})

    problem_id: Mapped[UUID] = mapped_column(Id, ForeignKey("problem.id"))
    feature_id: Mapped[UUID] = mapped_column(Id, ForeignKey("map_feature.id"), index=True)
    role: Mapped[FeatureRole] = mapped_column(EnumText(FeatureRole))


class ProblemActivity(_Link, Governed):
    """An activity that answers a problem, beside those whose goal names it."""

    __tablename__ = "problem_activity"
    __table_args__ = (_once("problem_activity", "problem_id", "activity_id"), {"sqlite_autoincrement": True})

    problem_id: Mapped[UUID] = mapped_column(Id, ForeignKey("problem.id"))
    activity_id: Mapped[UUID] = mapped_column(Id, ForeignKey("activity.id"), index=True)


class SiteProposal(_Link, Governed):
    """An object that was proposed as the site of an activity; a confirmed one is the activity's site."""

    __tablename__ = "site_proposal"
    __table_args__ = (_once("site_proposal", "activity_id", "feature_id"), {"sqlite_autoincrement": True})

    activity_id: Mapped[UUID] = mapped_column(Id, ForeignKey("activity.id"))
    feature_id: Mapped[UUID] = mapped_column(Id, ForeignKey("map_feature.id"), index=True)
