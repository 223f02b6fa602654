-- How many quotes came for each index on each day?
-- The year prefix on the partition key prunes at every date granularity; trade_date gives the exact days.
-- Parameters: from_year, to, from, to
SELECT index, trade_date, count(*) AS quotes
FROM stock_market
WHERE date >= ? AND date <= ? AND trade_date >= ? AND trade_date <= ?
GROUP BY index, trade_date
ORDER BY index, trade_date
