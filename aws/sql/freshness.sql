-- How old is the newest row? Seconds from the newest record's timestamp in Kafka until now.
-- A replay writes old dates today, so every partition is read; for a live feed add: AND date >= '2026'
SELECT
    max(kafka_timestamp) AS newest_record,
    date_diff('second', from_iso8601_timestamp(max(kafka_timestamp)), current_timestamp) AS seconds_old
FROM stock_market
WHERE kafka_timestamp IS NOT NULL
