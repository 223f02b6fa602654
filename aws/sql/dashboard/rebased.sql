-- How did all indices do against one another? Each is 100 on its first day from the common start date on, which is the
-- first one by which all of them have traded. Shown is the last close of each day, month or year: letters is how much
-- of the date says so (10, 7 or 4). A day's newest row counts; rows that were sent on their own trading day are left
-- out unless rows is 'all'.
-- Parameters: from_year, to, from, to, rows, letters
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
firsts AS (
    SELECT index, min(trade_date) AS first_date
    FROM ranked
    GROUP BY index
),
common AS (
    SELECT max(first_date) AS start_date
    FROM firsts
),
days AS (
    SELECT
        index, trade_date, close, start_date,
        first_value(close) OVER (PARTITION BY index ORDER BY trade_date) AS first_close,
        row_number() OVER (PARTITION BY index, substr(trade_date, 1, ?) ORDER BY trade_date DESC) AS from_last
    FROM ranked
    CROSS JOIN common
    WHERE newest = 1 AND trade_date >= start_date
)
SELECT index, trade_date, 100 * close / first_close AS rebased, start_date
FROM days
WHERE from_last = 1
ORDER BY index, trade_date
