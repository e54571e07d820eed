"""Sheets over HTTP: `previews` keeps copies of pictures, `trial` tries placements, `bodies` says what is sent."""
