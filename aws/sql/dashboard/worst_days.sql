-- Which were the ten worst days of one index, by the fall of its close? A day's newest row counts; rows that were sent
-- on their own trading day are left out unless rows is 'all'.
-- Parameters: index, year_before, to, rows, from, to
WITH ranked AS (
    SELECT
        trade_date, close,
        row_number() OVER (
            PARTITION BY trade_date
            ORDER BY kafka_timestamp DESC NULLS LAST, kafka_partition DESC, kafka_offset DESC
        ) AS newest
    FROM stock_market
    WHERE close > 0 AND index = ? AND date >= ? AND date <= ?
      AND (? = 'all' OR coalesce(
          date_diff('day', from_iso8601_date(trade_date), from_iso8601_date(substr(kafka_timestamp, 1, 10))) > 1,
          true
      ))
),
returns AS (
    SELECT trade_date, close, close / lag(close) OVER (ORDER BY trade_date) - 1 AS daily_return
    FROM ranked
    WHERE newest = 1
)
SELECT trade_date, close, daily_return
FROM returns
WHERE daily_return < 0 AND trade_date >= ? AND trade_date <= ?
ORDER BY daily_return, trade_date
LIMIT 10
