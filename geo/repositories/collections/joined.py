"""Collections whose rows come from several tables: every object once, and the ties between institutions as lines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, and_, exists, false, func, literal, or_, select, true, union_all

from geo.domain.clock import local_today
from geo.domain.institutions import Diagram, TieOrigin, TieRelation
from geo.domain.match_status import MatchStatus
from geo.domain.rights import Action, Actor, Subject
from geo.domain.vocabulary import Condition, Kind, Layer
from geo.models import FeatureMatch, FeatureMatchSource, InstitutionCircle, InstitutionTie, MapFeature
from geo.models.types import geometry
from geo.repositories.collections.collection import Collection, Property, SpatialIndex, ValueType
from geo.repositories.collections.expressions import AttributeText
from geo.repositories.memberships import villages_of
from geo.repositories.visibility import visible

__all__ = ["objects", "ties"]


def objects() -> Collection:
    """Return the collection that shows what several groups drew, and a person confirmed, as one feature."""
    f, m, s = (_table(model) for model in (MapFeature, FeatureMatch, FeatureMatchSource))
    confirmed = s.c.status == MatchStatus.CONFIRMED
    shared = ("id", "geometry", "name_ky", "name_ru", "name_en", "layer", "kind", "position_error_m", "settlement_id")
    counted = ("version", "created_at", "updated_at")
    # Two tables, one row of keys: even for features, odd for matches.
    alone = select(
        (2 * f.c.fid).label("key"),
        *(f.c[name] for name in (*shared, *counted)),
        AttributeText(f.c.attributes, literal("condition", Text)).label("condition"),
        literal(1).label("drawings"),
        f.c.published_at,
        f.c.is_sensitive,
    ).where(f.c.withdrawn_at.is_(None), ~exists().where(s.c.feature_id == f.c.id, confirmed))
    chosen = f.alias()
    matched = select(
        (2 * m.c.fid + 1).label("key"),
        *(m.c[name] for name in (*shared, *counted)),
        m.c.condition,
        select(func.count()).select_from(s).where(s.c.match_id == m.c.id, confirmed).scalar_subquery(),
        # A confirmed object is as public as the drawing that gives its place.
        select(chosen.c.published_at)
        .where(chosen.c.id == m.c.canonical_feature_id, chosen.c.withdrawn_at.is_(None))
        .scalar_subquery(),
        exists().where(
            s.c.match_id == m.c.id, confirmed, s.c.feature_id == chosen.c.id, chosen.c.is_sensitive.is_(True)
        ),
    ).where(m.c.status == MatchStatus.CONFIRMED)
    rows = union_all(alone, matched).subquery("object")
    c = rows.c

    def sees(actor: Actor) -> ColumnElement[bool]:
        allowed = actor.municipalities(Action.READ, Subject.FEATURES)
        if allowed is None:
            return true()
        shown = and_(c.published_at.is_not(None), c.is_sensitive.is_(False))
        return or_(shown, c.settlement_id.in_(villages_of(allowed, local_today()))) if allowed else shown

    return Collection(
        id="objects",
        title_key="view.objects",
        subject=Subject.FEATURES,
        model=MapFeature,
        rows=rows,
        key=c.key,
        identifier=c.id,
        version=c.version,
        geometry=c.geometry,
        properties=(
            *(Property(name, c[name], ValueType.TEXT, nullable=False) for name in ("name_ky", "name_ru", "name_en")),
            Property("layer", c.layer, ValueType.CODE, codes=Layer, nullable=False),
            Property("kind", c.kind, ValueType.CODE, codes=Kind, nullable=False),
            Property("condition", c.condition, ValueType.CODE, codes=Condition),
            Property("position_error_m", c.position_error_m, ValueType.NUMBER),
            Property("settlement_id", c.settlement_id, ValueType.ID, nullable=False),
            Property("drawings", c.drawings, ValueType.INTEGER, nullable=False),
            Property("version", c.version, ValueType.INTEGER, nullable=False),
            Property("created_at", c.created_at, ValueType.MOMENT, nullable=False),
            Property("updated_at", c.updated_at, ValueType.MOMENT, nullable=False),
        ),
        indexes=(SpatialIndex("map_feature", factor=2), SpatialIndex("feature_match", factor=2, offset=1)),
        moment="created_at",
        sees=sees,
        is_written=False,
    )


def ties() -> Collection:
    """Return the ties of Venn diagrams as lines between the places of their institutions."""
    tie = _table(InstitutionTie)
    rows: FromClause = tie
    places, names, conditions = [], [], []
    for side in ("first", "second"):
        circle, feature = _table(InstitutionCircle).alias(side), _table(MapFeature).alias(f"{side}_feature")
        rows = rows.join(circle, and_(circle.c.id == tie.c[f"{side}_id"], circle.c.withdrawn_at.is_(None))).outerjoin(
            feature, and_(feature.c.id == circle.c.feature_id, feature.c.withdrawn_at.is_(None))
        )
        place = func.coalesce(feature.c.geometry, circle.c.geometry)
        places.append(func.ST_PointOnSurface(place, type_=geometry("POINT")))
        names.append(Property(f"{side}_name_ky", circle.c.name_ky, ValueType.TEXT, nullable=False))
        conditions.append((circle, feature))
    line = func.ST_MakeLine(*places, type_=geometry("LINESTRING"))
    edges = [one for one in TieRelation if one.is_tie]
    entered = tie.alias("entered")
    # What people say of two circles wins over what the drawing shows, "apart" too (DOMAIN.md section 4).
    overruled = exists().where(
        entered.c.origin == TieOrigin.ENTERED,
        entered.c.withdrawn_at.is_(None),
        or_(
            and_(entered.c.first_id == tie.c.first_id, entered.c.second_id == tie.c.second_id),
            and_(entered.c.first_id == tie.c.second_id, entered.c.second_id == tie.c.first_id),
        ),
    )
    standing = or_(tie.c.origin == TieOrigin.ENTERED, ~overruled)

    def sees(actor: Actor) -> ColumnElement[bool]:
        allowed = actor.municipalities(Action.READ, Subject.INSTITUTIONS)
        if allowed is None:
            return true()
        shown = [
            and_(
                circle.c.published_at.is_not(None),
                or_(feature.c.id.is_(None), feature.c.published_at.is_not(None)),
                func.coalesce(feature.c.is_sensitive, false()).is_(False),
            )
            for circle, feature in conditions
        ]
        own = tie.c.municipality_id.in_(allowed)
        seen = visible(InstitutionTie, actor, Subject.INSTITUTIONS)
        return and_(seen, or_(own, and_(*shown))) if allowed else and_(seen, *shown)

    return Collection(
        id="institution-ties",
        title_key="table.institution_tie",
        subject=Subject.INSTITUTIONS,
        model=InstitutionTie,
        rows=rows,
        key=tie.c.fid,
        identifier=tie.c.id,
        version=tie.c.version,
        geometry=line,
        shapes="linestring",
        properties=(
            Property("relation", tie.c.relation, ValueType.CODE, codes=TieRelation, nullable=False),
            Property("diagram", tie.c.diagram, ValueType.CODE, codes=Diagram, nullable=False),
            Property("origin", tie.c.origin, ValueType.CODE, codes=TieOrigin, nullable=False),
            *names,
            *(Property(name, tie.c[name], ValueType.ID, nullable=False) for name in ("first_id", "second_id")),
            Property("event_id", tie.c.event_id, ValueType.ID, nullable=False),
            Property("version", tie.c.version, ValueType.INTEGER, nullable=False),
            Property("created_at", tie.c.created_at, ValueType.MOMENT, nullable=False),
            Property("updated_at", tie.c.updated_at, ValueType.MOMENT, nullable=False),
        ),
        where=(tie.c.withdrawn_at.is_(None), tie.c.relation.in_(edges), standing, line.is_not(None)),
        moment="created_at",
        sees=sees,
        is_written=False,
    )


def _table(model: Any) -> Any:
    return model.__table__
