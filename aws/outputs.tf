data "aws_region" "current" {}

output "region" {
  description = "The region all of this is in."
  value       = data.aws_region.current.name
}

output "bucket" {
  description = "The lake's bucket."
  value       = module.lake.bucket
}

output "bootstrap_servers" {
  description = "The brokers' addresses for clients in client_cidrs: SASL/SCRAM over TLS."
  value       = module.kafka.outside
}

output "next" {
  description = "The next commands, in this order."
  value       = <<-NEXT
    # 1. The broker's certificate and password, as a client's configuration (hosts need some three minutes to start):
    aws/client-properties ${data.aws_region.current.name} ${module.kafka.parameters} > client.properties

    # 2. Quotes into the topic:
    java -jar producer/target/quotelake-producer.jar replay --bootstrap-servers ${module.kafka.outside} --command-config client.properties

    # 3. The web UI on http://localhost:8081, through a tunnel:
    aws ssm start-session --region ${data.aws_region.current.name} --target ${module.flink.instance.id} --document-name AWS-StartPortForwardingSession --parameters portNumber=8081,localPortNumber=8081

    # 4. The files, some ten seconds after the quotes:
    aws s3 ls --recursive s3://${module.lake.bucket}/stock_market/index=NYA/date=2008

    # 5. The first query, without a crawl:
    aws athena start-query-execution --region ${data.aws_region.current.name} --work-group ${module.lake.workgroup.name} --query-execution-context Database=${module.lake.database} --query-string "SELECT * FROM stock_market_live WHERE index = 'NYA' AND date >= '2008-09' AND date < '2008-10'"

    # 6. The partitions of stock_market, now instead of at the crawler's hour:
    aws glue start-crawler --region ${data.aws_region.current.name} --name ${module.lake.crawler.name}
  NEXT
}
