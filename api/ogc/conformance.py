"""What the service conforms to: each module adds its classes, and only those that a test covers."""

from __future__ import annotations

from typing import Final

__all__ = ["CONFORMANCE", "FEATURES"]

_FEATURES = "http://www.opengis.net/spec/ogcapi-features-{part}/1.0/conf/{name}"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/{name}"

FEATURES: Final = (
    *(_FEATURES.format(part=1, name=name) for name in ("core", "geojson", "html")),
    _FEATURES.format(part=2, name="crs"),
    *(
        _FEATURES.format(part=3, name=name)
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        _CQL2.format(name=name)
        for name in (
            *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison"),
            *("basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "temporal-functions"),
        )
    ),
    *(_FEATURES.format(part=4, name=name) for name in ("create-replace-delete", "update")),
)

CONFORMANCE: list[str] = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    *FEATURES,
]
"""All of them; the module of another standard extends the list when it is imported."""
