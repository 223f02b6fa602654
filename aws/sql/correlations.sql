-- Which indices moved together, year by year? The correlation of the daily returns of each pair,
-- on the days when both traded; years with fewer than 30 such days are left out.
-- Parameters: from_year, to, from, to
WITH returns AS (
    SELECT
        index, trade_date,
        close / lag(close) OVER (PARTITION BY index ORDER BY trade_date, kafka_offset) - 1 AS daily_return
    FROM stock_market
    WHERE date >= ? AND date <= ? AND trade_date >= ? AND trade_date <= ? AND close > 0
)
SELECT
    a.index AS one_index,
    b.index AS other_index,
    substr(a.trade_date, 1, 4) AS trade_year,
    count(*) AS common_days,
    corr(a.daily_return, b.daily_return) AS correlation
FROM returns a
JOIN returns b ON a.trade_date = b.trade_date AND a.index < b.index
WHERE a.daily_return IS NOT NULL AND b.daily_return IS NOT NULL
GROUP BY a.index, b.index, substr(a.trade_date, 1, 4)
HAVING count(*) >= 30
ORDER BY one_index, other_index, trade_year
