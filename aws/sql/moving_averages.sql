-- How did an index stand against its 20, 50 and 200 day averages?
-- It reads the year before too, so that the first day shown has 200 days behind it; an average of fewer days is null.
-- Parameters: index, year_before, to, from, to
WITH averaged AS (
    SELECT
        index, trade_date, close,
        CASE WHEN count(*) OVER last_20 = 20 THEN avg(close) OVER last_20 END AS average_20,
        CASE WHEN count(*) OVER last_50 = 50 THEN avg(close) OVER last_50 END AS average_50,
        CASE WHEN count(*) OVER last_200 = 200 THEN avg(close) OVER last_200 END AS average_200
    FROM stock_market
    WHERE index = ? AND date >= ? AND date <= ?
    WINDOW
        last_20 AS (ORDER BY trade_date, kafka_offset ROWS BETWEEN 19 PRECEDING AND CURRENT ROW),
        last_50 AS (ORDER BY trade_date, kafka_offset ROWS BETWEEN 49 PRECEDING AND CURRENT ROW),
        last_200 AS (ORDER BY trade_date, kafka_offset ROWS BETWEEN 199 PRECEDING AND CURRENT ROW)
)
SELECT index, trade_date, close, average_20, average_50, average_200
FROM averaged
WHERE trade_date >= ? AND trade_date <= ?
ORDER BY trade_date, close
