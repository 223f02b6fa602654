-- With which other indices did one move together, year by year? The correlation of the daily returns of each pair on
-- the days when both traded; years with fewer than 30 such days are left out. A day's newest row counts; rows that were
-- sent on their own trading day are left out unless rows is 'all'.
-- Parameters: from_year, to, from, to, rows, index, index
WITH ranked AS (
    SELECT
        index, trade_date, close,
        row_number() OVER (
            PARTITION BY index, trade_date
            ORDER BY kafka_timestamp DESC NULLS LAST, kafka_partition DESC, kafka_offset DESC
        ) AS newest
    FROM stock_market
    WHERE close > 0 AND date >= ? AND date <= ? AND trade_date >= ? AND trade_date <= ?
      AND (? = 'all' OR coalesce(
          date_diff('day', from_iso8601_date(trade_date), from_iso8601_date(substr(kafka_timestamp, 1, 10))) > 1,
          true
      ))
),
returns AS (
    SELECT
        index, trade_date,
        close / lag(close) OVER (PARTITION BY index ORDER BY trade_date) - 1 AS daily_return
    FROM ranked
    WHERE newest = 1
)
SELECT
    b.index AS other_index,
    substr(a.trade_date, 1, 4) AS trade_year,
    count(*) AS common_days,
    corr(a.daily_return, b.daily_return) AS correlation
FROM returns a
JOIN returns b ON a.trade_date = b.trade_date
WHERE a.index = ? AND b.index <> ? AND a.daily_return IS NOT NULL AND b.daily_return IS NOT NULL
GROUP BY b.index, substr(a.trade_date, 1, 4)
HAVING count(*) >= 30
ORDER BY other_index, trade_year
