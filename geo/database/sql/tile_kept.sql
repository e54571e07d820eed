SELECT k.etag, CASE WHEN k.etag = ANY(%(known)s) THEN NULL ELSE k.body END AS body
FROM tiles.kept AS k
WHERE k.source = %(source)s AND k.audience = %(audience)s AND k.z = %(z)s AND k.x = %(x)s AND k.y = %(y)s
    -- Transaction numbers mean nothing to another server, such as one that was filled from a dump.
    AND k.server_started = pg_postmaster_start_time()
    AND pg_snapshot_xmin(k.snapshot) >= (SELECT max(xid) FROM tiles.swept)
    AND NOT EXISTS (
        SELECT FROM tiles.change AS c
        WHERE c.table_name = k.table_name AND c.extent && k.reach AND (c.is_public OR k.audience <> 'public')
            AND c.xid >= pg_snapshot_xmin(k.snapshot) AND NOT pg_visible_in_snapshot(c.xid, k.snapshot)
    )
