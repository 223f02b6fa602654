-- How did the NYSE Composite stand against its 20, 50 and 200 day averages in the crisis of 2008?
-- It reads from 2007 on, so that the first day shown has 200 days behind it; an average of fewer days is null.
-- For data of your own change the index NYA and the years 2007 to 2009 below.
WITH averaged AS (
    SELECT
        index, trade_date, close,
        CASE WHEN count(*) OVER last_20 = 20 THEN avg(close) OVER last_20 END AS average_20,
        CASE WHEN count(*) OVER last_50 = 50 THEN avg(close) OVER last_50 END AS average_50,
        CASE WHEN count(*) OVER last_200 = 200 THEN avg(close) OVER last_200 END AS average_200
    FROM stock_market
    WHERE index = 'NYA' AND date >= '2007' AND date < '2010'
    WINDOW
        last_20 AS (ORDER BY trade_date, kafka_offset ROWS BETWEEN 19 PRECEDING AND CURRENT ROW),
        last_50 AS (ORDER BY trade_date, kafka_offset ROWS BETWEEN 49 PRECEDING AND CURRENT ROW),
        last_200 AS (ORDER BY trade_date, kafka_offset ROWS BETWEEN 199 PRECEDING AND CURRENT ROW)
)
SELECT index, trade_date, close, average_20, average_50, average_200
FROM averaged
WHERE trade_date >= '2008-01-01' AND trade_date < '2009-07-01'
ORDER BY trade_date, close
