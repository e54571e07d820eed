-- Every object once, for people who open the store in QGIS: what is confirmed to be one object is one row, with how
-- many groups drew it; the drawings themselves stay in map_feature.
-- {view}, {key} and the titles are filled in by geo/database/objects_view.py.
CREATE VIEW "{view}" AS
SELECT
    o.key AS "{key}",
    o.geometry AS geometry,
    COALESCE(NULLIF(o.name_ky, ''), NULLIF(o.name_ru, ''), o.name_en) AS "{name}",
    layer.ky AS "{layer}",
    kind.ky AS "{kind}",
    condition.ky AS "{condition}",
    o.position_error_m AS "{position_error}",
    COALESCE(NULLIF(s.name_ky, ''), s.name_ru) AS "{settlement}",
    o.drawings AS "{drawings}",
    {codes}o.id AS id
FROM (
    -- Two tables, one row of keys: even for features, odd for matches.
    SELECT
        2 * f.fid AS key, f.geometry, f.name_ky, f.name_ru, f.name_en, f.layer, f.kind,
        {condition_code} AS condition, f.position_error_m, f.settlement_id, 1 AS drawings, f.id
    FROM map_feature AS f
    WHERE NOT EXISTS (
        SELECT 1 FROM feature_match_source AS source WHERE source.feature_id = f.id AND source.status = 'confirmed'
    ){standing}
    UNION ALL
    SELECT
        2 * m.fid + 1, m.geometry, m.name_ky, m.name_ru, m.name_en, m.layer, m.kind,
        m.condition, m.position_error_m, m.settlement_id,
        (SELECT count(*) FROM feature_match_source AS source WHERE source.match_id = m.id AND source.status = 'confirmed'),
        m.id
    FROM feature_match AS m
    WHERE m.status = 'confirmed'
) AS o
JOIN settlement AS s ON s.id = o.settlement_id
LEFT JOIN term AS layer ON layer.list = 'layer' AND layer.code = o.layer
LEFT JOIN term AS kind ON kind.list = 'kind' AND kind.code = o.kind
LEFT JOIN term AS condition ON condition.list = 'condition' AND condition.code = o.condition
