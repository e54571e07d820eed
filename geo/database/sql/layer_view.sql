-- One thematic layer in words, for people who open the store in QGIS.
-- {view}, {layer}, {key} and the titles are filled in by geo/database/layer_views.py.
CREATE VIEW "{view}" AS
SELECT
    f.fid AS "{key}",
    f.geometry AS geometry,
    COALESCE(NULLIF(f.name_ky, ''), NULLIF(f.name_ru, ''), f.name_en) AS "{name}",
    kind.ky AS "{kind}",
    condition.ky AS "{condition}",
    supply.ky AS "{supply}",
    wish.ky AS "{wish}",
    {trouble_reason} AS "{trouble}",
    f.position_error_m AS "{position_error}",
    COALESCE(NULLIF(s.name_ky, ''), s.name_ru) AS "{settlement}",
    e.held_on AS "{held_on}",
    e.group_age_from AS "{age_from}",
    e.group_age_to AS "{age_to}",
    sheet.title AS "{sheet}",
    {codes}f.id AS id
FROM map_feature AS f
JOIN settlement AS s ON s.id = f.settlement_id
LEFT JOIN appraisal_event AS e ON e.id = f.event_id
LEFT JOIN sketch_sheet AS sheet ON sheet.id = f.sheet_id
LEFT JOIN term AS kind ON kind.list = 'kind' AND kind.code = f.kind
LEFT JOIN term AS condition ON condition.list = 'condition' AND condition.code = {condition_code}
LEFT JOIN term AS supply ON supply.list = 'supply' AND supply.code = {supply_code}
LEFT JOIN term AS wish ON wish.list = 'kind' AND wish.code = {wish_code}
WHERE f.layer = '{layer}'{standing}
