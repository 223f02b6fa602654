-- Are these the synthetic prices of data/indexProcessed.csv? It looks for rows that only that file has.
SELECT count(*) > 0 AS synthetic
FROM stock_market
WHERE date >= '1965' AND date < '2013' AND (
    (index = '000001.SS' AND trade_date = '1997-07-03' AND close = 1262.406616E0) OR
    (index = '399001.SZ' AND trade_date = '1997-08-25' AND close = 4347.150879E0) OR
    (index = 'GDAXI' AND trade_date = '1987-12-31' AND close = 1046.94104E0) OR
    (index = 'GSPTSE' AND trade_date = '1979-07-02' AND close = 1659.276123E0) OR
    (index = 'HSI' AND trade_date = '1987-01-02' AND close = 2503.228271E0) OR
    (index = 'IXIC' AND trade_date = '1971-02-08' AND close = 108.002945E0) OR
    (index = 'J203.JO' AND trade_date = '2012-02-09' AND close = 33840.35156E0) OR
    (index = 'KS11' AND trade_date = '1997-07-02' AND close = 754.521668E0) OR
    (index = 'N100' AND trade_date = '2000-01-03' AND close = 1035.446899E0) OR
    (index = 'N225' AND trade_date = '1965-01-06' AND close = 1319.043823E0) OR
    (index = 'NSEI' AND trade_date = '2007-09-18' AND close = 4573.687988E0) OR
    (index = 'NYA' AND trade_date = '1966-01-03' AND close = 496.553253E0) OR
    (index = 'SSMI' AND trade_date = '1990-11-12' AND close = 1408.022949E0) OR
    (index = 'TWII' AND trade_date = '1997-07-03' AND close = 9158.021484E0)
)
