-- How far did one index lie below its highest close so far, from a day on? Shown is each day, or the deepest one of each
-- month or year: letters is how much of the date says so (10, 7 or 4). A day's newest row counts; rows that were sent on
-- their own trading day are left out unless rows is 'all'.
-- Parameters: index, from_year, to, from, to, rows, letters
WITH ranked AS (
    SELECT
        trade_date, close,
        row_number() OVER (
            PARTITION BY trade_date
            ORDER BY kafka_timestamp DESC NULLS LAST, kafka_partition DESC, kafka_offset DESC
        ) AS newest
    FROM stock_market
    WHERE close > 0 AND index = ? AND date >= ? AND date <= ? AND trade_date >= ? AND trade_date <= ?
      AND (? = 'all' OR coalesce(
          date_diff('day', from_iso8601_date(trade_date), from_iso8601_date(substr(kafka_timestamp, 1, 10))) > 1,
          true
      ))
),
fallen AS (
    SELECT
        trade_date, close,
        close / max(close) OVER (ORDER BY trade_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1 AS drawdown
    FROM ranked
    WHERE newest = 1
),
deepest AS (
    SELECT
        trade_date, close, drawdown,
        row_number() OVER (PARTITION BY substr(trade_date, 1, ?) ORDER BY drawdown, trade_date) AS place
    FROM fallen
)
SELECT trade_date, close, drawdown
FROM deepest
WHERE place = 1
ORDER BY trade_date
