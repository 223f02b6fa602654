-- Which were the twenty worst days of any index, by the fall of the close?
-- It reads the year before too, so that the first day has the day before it.
-- Parameters: year_before, to, from, to
WITH returns AS (
    SELECT
        index, trade_date, close,
        close / lag(close) OVER (PARTITION BY index ORDER BY trade_date, kafka_offset) - 1 AS daily_return
    FROM stock_market
    WHERE date >= ? AND date <= ?
)
SELECT index, trade_date, close, daily_return
FROM returns
WHERE daily_return < 0 AND trade_date >= ? AND trade_date <= ?
ORDER BY daily_return, index, trade_date
LIMIT 20
