-- After a statement wrote rows of {table}: counts by cell, and where it was.
CREATE OR REPLACE FUNCTION tiles.{table}_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE TG_OP
    {cases}
    END CASE;
    RETURN NULL;
END $$
