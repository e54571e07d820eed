"""OGC API – Features over the collections of the house, at ``/ogc``."""
