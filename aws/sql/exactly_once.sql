-- Is every row one record of the topic, and none of them twice? exactly_once must be true.
-- It reads every partition on purpose: a doubled row may lie in any of them.
SELECT
    count(*) AS quotes,
    count(DISTINCT (kafka_partition, kafka_offset)) AS records,
    count(*) = count(DISTINCT (kafka_partition, kafka_offset)) AS exactly_once
FROM stock_market
