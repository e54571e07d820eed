-- From zoom 14 on a degree is a straight scale within a tile: taken as such, a place is 0.13 of 4096 units off at most,
-- 6 cm on the ground at zoom 14 and a quarter of that at each further zoom, and no point needs to be projected.
SELECT count(*), ST_AsMVT(shape, %(source)s, 4096, 'geom', 'fid')
FROM (
    SELECT
        ST_AsMVTGeom(
            geometry,
            ST_MakeBox2D(ST_Point(%(west)s, %(south)s), ST_Point(%(east)s, %(north)s)),
            4096, 64, true
        ) AS geom,
        fid, {properties}
    FROM {table}
    WHERE geometry && ST_MakeEnvelope(%(reach_west)s, %(reach_south)s, %(reach_east)s, %(reach_north)s, 4326)
        AND {visible}
    LIMIT %(most)s + 1
) AS shape
