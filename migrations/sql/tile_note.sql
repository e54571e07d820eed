{touched}, counted AS (
    {counted}
)
-- A few rows are told one by one, hundreds by cells of level 16 (450 m in Kyrgyzstan), a bulk load by cells of level 14.
INSERT INTO tiles.change (table_name, xid, is_public, extent)
SELECT '{table}', pg_current_xact_id(), bool_or(is_public),
    ST_MakeEnvelope(min(west), min(south), max(east), max(north), 4326)
FROM touched, (
    SELECT CASE WHEN count(*) <= 64 THEN 0 WHEN count(*) <= 10000 THEN 14 ELSE 16 END AS shift FROM touched
) AS coarse
GROUP BY x >> shift, y >> shift;
