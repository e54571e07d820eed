-- What is smaller than %(small)s units is a counted point of its cell, counted where the centre of its box lies;
-- what is larger is drawn as it is, in every tile that it meets.
WITH near AS MATERIALIZED (
    SELECT fid, geometry, {category} AS category, {properties},
        tiles.grid_x((ST_XMin(geometry) + ST_XMax(geometry)) / 2) - %(grid_x)s AS grid_x,
        tiles.grid_y((ST_YMin(geometry) + ST_YMax(geometry)) / 2) - %(grid_y)s AS grid_y,
        greatest(
            (ST_XMax(geometry) - ST_XMin(geometry)) / (%(east)s - %(west)s),
            (ST_YMax(geometry) - ST_YMin(geometry)) / (%(north)s - %(south)s)
        ) * 4096 < %(small)s AS is_small
    FROM {table}
    WHERE geometry && ST_MakeEnvelope(%(reach_west)s, %(reach_south)s, %(reach_east)s, %(reach_north)s, 4326)
        AND {visible}
), shape AS (
    SELECT
        ST_AsMVTGeom(
            ST_Transform(geometry, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s)::box2d, 4096, 64, true
        ) AS geom,
        fid, {names}, NULL::bigint AS count
    FROM near
    WHERE NOT is_small
    UNION ALL
    SELECT
        ST_Point(sum(grid_x) / count(*) * 4096 / %(side)s, sum(grid_y) / count(*) * 4096 / %(side)s),
        NULL, {merged}, count(*)
    FROM near
    WHERE is_small AND grid_x BETWEEN 0 AND %(side)s - 1 AND grid_y BETWEEN 0 AND %(side)s - 1
    GROUP BY category, grid_x / %(cell)s, grid_y / %(cell)s
)
SELECT (SELECT count(*) FROM near WHERE NOT is_small), ST_AsMVT(shape, %(source)s, 4096, 'geom', 'fid')
FROM shape
