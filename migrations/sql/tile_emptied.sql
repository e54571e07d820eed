DELETE FROM tiles.cell WHERE table_name = '{table}';
