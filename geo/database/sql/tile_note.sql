{touched}, counted AS (
    {counted}
)
-- A large statement is told by cells of level 16 (450 m in Kyrgyzstan), a small one row by row.
INSERT INTO tiles.change (table_name, xid, is_public, extent)
SELECT '{table}', pg_current_xact_id(), bool_or(is_public),
    ST_MakeEnvelope(min(west), min(south), max(east), max(north), 4326)
FROM (
    SELECT *, CASE WHEN (SELECT count(*) FROM touched) > 500 THEN 0 ELSE row_number() OVER () END AS number FROM touched
) AS numbered
GROUP BY number, x >> 14, y >> 14;
