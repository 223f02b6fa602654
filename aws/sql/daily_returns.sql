-- By what part did each index rise or fall from one of its trading days to the next, in October 2008?
-- It reads the whole of 2008, so that the first day of the month has the day before it.
-- For data of your own change the year 2008 and its October below.
WITH returns AS (
    SELECT
        index, trade_date, close,
        close / lag(close) OVER (PARTITION BY index ORDER BY trade_date, kafka_offset) - 1 AS daily_return
    FROM stock_market
    WHERE date >= '2008' AND date < '2009'
)
SELECT index, trade_date, close, daily_return
FROM returns
WHERE trade_date >= '2008-10-01' AND trade_date < '2008-11-01'
ORDER BY index, trade_date, close
