WITH touched AS MATERIALIZED (
    SELECT sign, category, is_public, west, south, east, north,
        tiles.grid_x((west + east) / 2) AS x, tiles.grid_y((south + north) / 2) AS y
    FROM ({rows}) AS written
    WHERE west IS NOT NULL
), summed AS (
    SELECT category, x >> 16 AS cell_x, y >> 16 AS cell_y,
        sum(sign) AS rows, sum(sign * x::double precision) AS sum_x, sum(sign * y::double precision) AS sum_y,
        sum(sign * is_public::integer) AS public_rows,
        sum(sign * is_public::integer * x::double precision) AS public_sum_x,
        sum(sign * is_public::integer * y::double precision) AS public_sum_y
    FROM touched
    GROUP BY 1, 2, 3
)
