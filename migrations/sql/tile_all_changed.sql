INSERT INTO tiles.change (table_name, xid, is_public, extent)
VALUES ('{table}', pg_current_xact_id(), true, ST_MakeEnvelope(-180, -90, 180, 90, 4326));
