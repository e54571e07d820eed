-- Kept, or else made: one way to the server and back. The tile is not begun where a kept one is true.
WITH kept AS MATERIALIZED (
    {kept}
)
SELECT 0::bigint AS rows, etag, body FROM kept
UNION ALL
SELECT rows, md5(coalesce(body, '')), coalesce(body, '')
FROM ({tile}) AS tile (rows, body)
WHERE NOT EXISTS (SELECT FROM kept)
