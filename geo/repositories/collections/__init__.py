"""Collections of features as OGC API reads them: what they are, how they are narrowed, ordered and told as GeoJSON."""
