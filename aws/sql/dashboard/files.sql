-- How many files does the lake have for each index and year, and how many rows stand in them?
SELECT index, substr(date, 1, 4) AS date_year, count(DISTINCT "$path") AS files, count(*) AS quotes
FROM stock_market
GROUP BY index, substr(date, 1, 4)
ORDER BY index, date_year
