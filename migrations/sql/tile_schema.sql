-- What is kept beside the records for tiles. Nothing here is a record: all of it follows from the records' tables.
CREATE SCHEMA tiles;

-- Columns and rows of a grid of 2^30 over the Web Mercator square (`geo.spatial.tile_grid.fractions`).
CREATE FUNCTION tiles.grid_x(longitude double precision) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN least(greatest(floor((longitude + 180) / 360 * 1073741824), 0), 1073741823)::bigint;

CREATE FUNCTION tiles.grid_y(latitude double precision) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN least(greatest(floor(
        (0.5 - atanh(sin(radians(least(greatest(latitude, -85.05112877980659), 85.05112877980659)))) / 6.283185307179586)
        * 1073741824), 0), 1073741823)::bigint;

-- How many rows have the centre of their box in a cell of level 14, and the sums of those centres' places in the grid.
-- A statement that writes rows adds lines, also with negative numbers, and changes none: writers never wait for each other.
-- The sum of the lines that one can see is the truth of one's snapshot; `tile_sweep.sql` adds lines up.
CREATE TABLE tiles.cell (
    table_name text NOT NULL,
    category text NOT NULL,
    x integer NOT NULL,
    y integer NOT NULL,
    rows bigint NOT NULL,
    sum_x double precision NOT NULL,
    sum_y double precision NOT NULL,
    public_rows bigint NOT NULL,
    public_sum_x double precision NOT NULL,
    public_sum_y double precision NOT NULL
);
CREATE INDEX ix_cell_table_name_x_y ON tiles.cell (table_name, x, y);

-- Tiles that were made, each with the snapshot in which it was true.
CREATE UNLOGGED TABLE tiles.kept (
    source text NOT NULL,
    table_name text NOT NULL,
    audience text NOT NULL,
    z smallint NOT NULL,
    x integer NOT NULL,
    y integer NOT NULL,
    snapshot pg_snapshot NOT NULL,
    server_started timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    reach geometry(Polygon, 4326) NOT NULL,
    etag text NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (source, audience, z, x, y)
);
ALTER TABLE tiles.kept ALTER body SET STORAGE EXTERNAL;
CREATE INDEX ix_kept_reach ON tiles.kept USING gist (reach);

-- Where rows were written, by which transaction. A kept tile is true as long as no change that meets it is outside its
-- snapshot: so no order of readers and writers can leave a stale tile, and nobody takes a lock.
CREATE UNLOGGED TABLE tiles.change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    xid xid8 NOT NULL,
    is_public boolean NOT NULL,
    extent geometry(Geometry, 4326) NOT NULL
);
CREATE INDEX ix_change_extent ON tiles.change USING gist (extent);

-- Changes of transactions before this one are no longer listed.
CREATE TABLE tiles.swept (
    xid xid8 NOT NULL,
    change_id bigint NOT NULL
);
INSERT INTO tiles.swept VALUES ('0', 0);
