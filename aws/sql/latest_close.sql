-- What is the latest close of each index? An index that has been silent since before 2021 is left out.
-- For data of your own change the year 2021 below.
WITH ranked AS (
    SELECT
        index, trade_date, close, close_usd,
        row_number() OVER (
            PARTITION BY index
            ORDER BY trade_date DESC, kafka_timestamp DESC, kafka_partition DESC, kafka_offset DESC
        ) AS newest
    FROM stock_market
    WHERE date >= '2021'
)
SELECT index, trade_date, close, close_usd
FROM ranked
WHERE newest = 1
ORDER BY index
