SELECT 0, ST_AsMVT(point, %(source)s, 4096, 'geom')
FROM (
    SELECT
        ST_Point(
            floor((sum({prefix}sum_x) / sum({prefix}rows) - %(grid_x)s) * 4096 / %(side)s),
            floor((sum({prefix}sum_y) / sum({prefix}rows) - %(grid_y)s) * 4096 / %(side)s)
        ) AS geom,
        category AS {category}, sum({prefix}rows)::bigint AS count
    FROM tiles.cell
    WHERE table_name = '{table}' AND {only}
        AND x BETWEEN %(grid_x)s >> 16 AND (%(grid_x)s + %(side)s - 1) >> 16
        AND y BETWEEN %(grid_y)s >> 16 AND (%(grid_y)s + %(side)s - 1) >> 16
    GROUP BY category, x >> %(shift)s, y >> %(shift)s
    HAVING sum({prefix}rows) > 0
) AS point
