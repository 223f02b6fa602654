-- How much did each index swing in each year? Standard deviation of the daily logarithmic returns,
-- brought to a year by the square root of 252 trading days; years with fewer than 20 returns are left out.
-- Parameters: from_year, to, from, to
WITH returns AS (
    SELECT
        index, trade_date,
        ln(close / lag(close) OVER (PARTITION BY index ORDER BY trade_date, kafka_offset)) AS log_return
    FROM stock_market
    WHERE date >= ? AND date <= ? AND trade_date >= ? AND trade_date <= ? AND close > 0
)
SELECT
    index,
    substr(trade_date, 1, 4) AS trade_year,
    count(log_return) AS trading_days,
    stddev_samp(log_return) * sqrt(252) AS annual_volatility
FROM returns
GROUP BY index, substr(trade_date, 1, 4)
HAVING count(log_return) >= 20
ORDER BY index, trade_year
