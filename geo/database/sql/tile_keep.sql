WITH made AS MATERIALIZED (
    SELECT pg_current_snapshot() AS snapshot, rows, coalesce(body, '') AS body, md5(coalesce(body, '')) AS etag
    FROM ({tile}) AS tile (rows, body)
), kept AS (
    INSERT INTO tiles.kept
    SELECT %(source)s, %(table)s, %(audience)s, %(z)s, %(x)s, %(y)s, snapshot, pg_postmaster_start_time(), now(),
        ST_MakeEnvelope(%(reach_west)s, %(reach_south)s, %(reach_east)s, %(reach_north)s, 4326), etag, body
    FROM made
    WHERE rows <= %(most)s
    ON CONFLICT (source, audience, z, x, y) DO UPDATE SET
        snapshot = excluded.snapshot, server_started = excluded.server_started, made_at = excluded.made_at,
        reach = excluded.reach, etag = excluded.etag, body = excluded.body
)
SELECT rows, etag, body FROM made
