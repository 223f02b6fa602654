-- How did one index move from one day to another, and how did it stand against its 20, 50 and 200 day averages?
-- A day's newest row counts. It reads from the year before on, so that the first day shown has days behind it; an
-- average of fewer days is null. Shown are days, months or years: letters is how much of the date says so (10, 7 or 4);
-- a month's averages are those of its last day. Rows that were sent on their own trading day are left out unless rows
-- is 'all'.
-- Parameters: index, year_before, to, rows, letters, from, to
WITH ranked AS (
    SELECT
        trade_date, open, high, low, close, volume,
        row_number() OVER (
            PARTITION BY trade_date
            ORDER BY kafka_timestamp DESC NULLS LAST, kafka_partition DESC, kafka_offset DESC
        ) AS newest
    FROM stock_market
    WHERE index = ? AND date >= ? AND date <= ?
      AND (? = 'all' OR coalesce(
          date_diff('day', from_iso8601_date(trade_date), from_iso8601_date(substr(kafka_timestamp, 1, 10))) > 1,
          true
      ))
),
averaged AS (
    SELECT
        trade_date, open, high, low, close, volume,
        CASE WHEN count(*) OVER last_20 = 20 THEN avg(close) OVER last_20 END AS average_20,
        CASE WHEN count(*) OVER last_50 = 50 THEN avg(close) OVER last_50 END AS average_50,
        CASE WHEN count(*) OVER last_200 = 200 THEN avg(close) OVER last_200 END AS average_200
    FROM ranked
    WHERE newest = 1
    WINDOW
        last_20 AS (ORDER BY trade_date ROWS BETWEEN 19 PRECEDING AND CURRENT ROW),
        last_50 AS (ORDER BY trade_date ROWS BETWEEN 49 PRECEDING AND CURRENT ROW),
        last_200 AS (ORDER BY trade_date ROWS BETWEEN 199 PRECEDING AND CURRENT ROW)
),
shown AS (
    SELECT
        substr(trade_date, 1, ?) AS span,
        trade_date, open, high, low, close, volume, average_20, average_50, average_200
    FROM averaged
    WHERE trade_date >= ? AND trade_date <= ?
)
SELECT
    max(trade_date) AS trade_date,
    min_by(open, trade_date) AS open,
    max(high) AS high,
    min(low) AS low,
    max_by(close, trade_date) AS close,
    sum(volume) AS volume,
    max_by(average_20, trade_date) AS average_20,
    max_by(average_50, trade_date) AS average_50,
    max_by(average_200, trade_date) AS average_200
FROM shown
GROUP BY span
ORDER BY span
