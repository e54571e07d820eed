-- Forgets outdated tiles and the changes that no tile needs any more, and adds lines of counts up. Waits for nobody.
CREATE FUNCTION tiles.sweep(most_tiles bigint, fewest_changes bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    present pg_snapshot := pg_current_snapshot();
    last_change bigint := (SELECT coalesce(max(id), 0) FROM tiles.change);
    tiles_over bigint := (SELECT count(*) FROM tiles.kept) - most_tiles;
BEGIN
    IF tiles_over <= 0 AND last_change - (SELECT max(change_id) FROM tiles.swept) < fewest_changes THEN
        RETURN false;
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtext('tiles.sweep')) THEN
        RETURN false;
    END IF;
    DELETE FROM tiles.kept WHERE ctid = ANY (ARRAY(
        SELECT k.ctid FROM tiles.kept AS k
        WHERE k.server_started <> pg_postmaster_start_time() OR EXISTS (
            SELECT FROM tiles.change AS c
            WHERE c.table_name = k.table_name AND c.extent && k.reach AND (c.is_public OR k.audience <> 'public')
                AND NOT pg_visible_in_snapshot(c.xid, k.snapshot)
        )
        FOR UPDATE SKIP LOCKED
    ));
    IF tiles_over > 0 THEN
        DELETE FROM tiles.kept WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM tiles.kept ORDER BY made_at LIMIT tiles_over FOR UPDATE SKIP LOCKED
        ));
    END IF;
    -- What no change has met is as true in the present snapshot as in its own.
    UPDATE tiles.kept SET snapshot = present WHERE ctid = ANY (ARRAY(
        SELECT k.ctid FROM tiles.kept AS k
        WHERE pg_snapshot_xmin(k.snapshot) < pg_snapshot_xmin(present) AND NOT EXISTS (
            SELECT FROM tiles.change AS c
            WHERE c.table_name = k.table_name AND c.extent && k.reach AND (c.is_public OR k.audience <> 'public')
                AND NOT pg_visible_in_snapshot(c.xid, k.snapshot)
        )
        FOR UPDATE SKIP LOCKED
    ));
    -- A tile that somebody made before and keeps only now is taken for outdated (`tile_kept.sql`).
    UPDATE tiles.swept SET xid = pg_snapshot_xmin(present), change_id = last_change;
    DELETE FROM tiles.change WHERE xid < pg_snapshot_xmin(present);
    WITH gone AS (
        DELETE FROM tiles.cell WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM tiles.cell
            WHERE (table_name, category, x, y) IN (
                SELECT table_name, category, x, y FROM tiles.cell GROUP BY 1, 2, 3, 4 HAVING count(*) > 8
            )
            FOR UPDATE SKIP LOCKED
        ))
        RETURNING *
    )
    INSERT INTO tiles.cell
    SELECT table_name, category, x, y, sum(rows), sum(sum_x), sum(sum_y), sum(public_rows), sum(public_sum_x),
        sum(public_sum_y)
    FROM gone
    GROUP BY table_name, category, x, y
    HAVING (sum(rows), sum(sum_x), sum(sum_y)) <> (0, 0, 0);
    RETURN true;
END $$
