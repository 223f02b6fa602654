-- How many quotes came for each index on each day of the autumn of 2008 and the winter after it?
-- The year prefix on the partition key prunes at every date granularity; trade_date gives the exact days.
-- For data of your own change the years 2008 and 2009, and the days below.
SELECT index, trade_date, count(*) AS quotes
FROM stock_market
WHERE date >= '2008' AND date < '2010'
  AND trade_date >= '2008-09-01' AND trade_date < '2009-04-01'
GROUP BY index, trade_date
ORDER BY index, trade_date
