-- How deep did each index fall below its highest close so far, and on which day was it deepest?
-- Parameters: from_year, to, from, to
WITH peaks AS (
    SELECT
        index, trade_date, close,
        max(close) OVER (
            PARTITION BY index ORDER BY trade_date, kafka_offset
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS peak
    FROM stock_market
    WHERE date >= ? AND date <= ? AND trade_date >= ? AND trade_date <= ? AND close > 0
),
ranked AS (
    SELECT
        index, trade_date, close, peak, close / peak - 1 AS drawdown,
        row_number() OVER (PARTITION BY index ORDER BY close / peak, trade_date, close) AS depth
    FROM peaks
)
SELECT index, trade_date, close, peak, drawdown
FROM ranked
WHERE depth = 1
ORDER BY drawdown, index
