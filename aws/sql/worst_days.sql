-- Which were the twenty worst days of any index in 2008 and 2009, by the fall of the close?
-- For data of your own change the years 2008 and 2009 below.
WITH returns AS (
    SELECT
        index, trade_date, close,
        close / lag(close) OVER (PARTITION BY index ORDER BY trade_date, kafka_offset) - 1 AS daily_return
    FROM stock_market
    WHERE date >= '2008' AND date < '2010'
)
SELECT index, trade_date, close, daily_return
FROM returns
WHERE daily_return < 0
ORDER BY daily_return, index, trade_date
LIMIT 20
