-- What is the latest close of each index? An index that is silent in that time is left out.
-- Parameters: from_year, to, from, to
WITH ranked AS (
    SELECT
        index, trade_date, close, close_usd,
        row_number() OVER (
            PARTITION BY index
            ORDER BY trade_date DESC, kafka_timestamp DESC, kafka_partition DESC, kafka_offset DESC
        ) AS newest
    FROM stock_market
    WHERE date >= ? AND date <= ? AND trade_date >= ? AND trade_date <= ?
)
SELECT index, trade_date, close, close_usd
FROM ranked
WHERE newest = 1
ORDER BY index
