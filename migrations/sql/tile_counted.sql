INSERT INTO tiles.cell
SELECT '{table}', * FROM summed
WHERE (rows, sum_x, sum_y, public_rows, public_sum_x, public_sum_y) <> (0, 0, 0, 0, 0, 0)
