SELECT * FROM (
    SELECT {sign} AS sign, category, is_public, ST_XMin(box) AS west,
        ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
    -- OFFSET 0 is a fence: without it the planner would put the box in wherever one of its sides is named.
    FROM (
        SELECT {category} AS category, {public} AS is_public, Box3D(geometry) AS box
        FROM {rows} WHERE withdrawn_at IS NULL OFFSET 0
    ) AS boxed
    OFFSET 0
) AS reckoned
