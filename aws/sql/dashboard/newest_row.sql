-- Which row came last, in which file does it stand, and which record of the topic is it?
SELECT
    index, trade_date, open, high, low, close, adj_close, volume, close_usd,
    kafka_partition, kafka_offset, kafka_timestamp, "$path" AS file
FROM stock_market
ORDER BY kafka_timestamp DESC NULLS LAST, kafka_partition DESC, kafka_offset DESC
LIMIT 1
