-- How many quotes are in the lake? Run it again while the feed runs, and it grows.
-- It reads every partition: on a long history filter the date key, as the other queries do.
SELECT count(*) AS quotes
FROM stock_market
