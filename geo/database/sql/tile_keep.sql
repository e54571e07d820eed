WITH made AS MATERIALIZED (
    SELECT pg_current_snapshot() AS snapshot, tile.rows, coalesce(tile.body, '') AS body
    FROM ({tile}) AS tile (rows, body)
), kept AS (
    INSERT INTO tiles.kept
    SELECT %(source)s, %(table)s, %(audience)s, %(z)s, %(x)s, %(y)s, snapshot, pg_postmaster_start_time(), now(),
        ST_MakeEnvelope(%(reach_west)s, %(reach_south)s, %(reach_east)s, %(reach_north)s, 4326), md5(body), body
    FROM made
    WHERE rows <= %(most)s
    ON CONFLICT (source, audience, z, x, y) DO UPDATE SET
        snapshot = excluded.snapshot, server_started = excluded.server_started, made_at = excluded.made_at,
        reach = excluded.reach, etag = excluded.etag, body = excluded.body
)
SELECT rows, md5(body), body FROM made
