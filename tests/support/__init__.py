"""What the tests stand on: programs of the machine, and a private PostGIS cluster."""
