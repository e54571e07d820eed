SELECT {sign} AS sign, {category} AS category, {public} AS is_public, ST_XMin(geometry) AS west,
    ST_YMin(geometry) AS south, ST_XMax(geometry) AS east, ST_YMax(geometry) AS north
FROM {rows} WHERE withdrawn_at IS NULL
