-- What does the lake hold of each index: days, first and last date, gaps, missing values, last close?
-- A gap is more than seven days from one trading day to the next. Rows that were sent on their own trading day, as a
-- live feed sends them, are counted apart, and left out of all else unless rows is 'all'.
-- Parameters: rows
WITH marked AS (
    SELECT
        index, trade_date, close, adj_close, close_usd, kafka_timestamp, kafka_partition, kafka_offset,
        coalesce(
            date_diff('day', from_iso8601_date(trade_date), from_iso8601_date(substr(kafka_timestamp, 1, 10))) <= 1,
            false
        ) AS sent_on_its_day
    FROM stock_market
),
counted AS (
    SELECT index, count(*) AS quotes, sum(CASE WHEN sent_on_its_day THEN 1 ELSE 0 END) AS sent_on_their_day
    FROM marked
    GROUP BY index
),
ranked AS (
    SELECT
        index, trade_date, close, adj_close, close_usd,
        row_number() OVER (
            PARTITION BY index, trade_date
            ORDER BY kafka_timestamp DESC NULLS LAST, kafka_partition DESC, kafka_offset DESC
        ) AS newest
    FROM marked
    WHERE ? = 'all' OR NOT sent_on_its_day
),
days AS (
    SELECT
        index, trade_date, close, adj_close, close_usd,
        date_diff(
            'day',
            from_iso8601_date(lag(trade_date) OVER (PARTITION BY index ORDER BY trade_date)),
            from_iso8601_date(trade_date)
        ) AS days_since,
        row_number() OVER (PARTITION BY index ORDER BY trade_date DESC) AS from_last
    FROM ranked
    WHERE newest = 1
),
summed AS (
    SELECT
        index,
        count(*) AS trading_days,
        min(trade_date) AS first_date,
        max(trade_date) AS last_date,
        sum(CASE WHEN days_since > 7 THEN 1 ELSE 0 END) AS gaps,
        max(days_since) AS longest_gap,
        sum(CASE WHEN adj_close IS NULL THEN 1 ELSE 0 END)
            + sum(CASE WHEN close_usd IS NULL THEN 1 ELSE 0 END) AS nulls,
        max(CASE WHEN from_last = 1 THEN close END) AS last_close
    FROM days
    GROUP BY index
)
SELECT
    counted.index, counted.quotes, counted.sent_on_their_day, trading_days, first_date, last_date, gaps, longest_gap,
    nulls, last_close
FROM counted
LEFT JOIN summed ON counted.index = summed.index
ORDER BY counted.index
