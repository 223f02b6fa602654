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
  value       = var.bootstrap_servers == null ? local.brokers.outside : var.bootstrap_servers

  precondition {
    condition     = module.guard.brokers == var.brokers
    error_message = "brokers: this installation was made with ${module.guard.brokers}, and stays so: nothing was changed. For ${var.brokers} make another installation beside it, with another name; let the producers write there, and destroy this one when its job has read all."
  }
}

output "broker_instances" {
  description = "The brokers' instances, for Session Manager."
  value       = flatten(module.kafka[*].instances[*].id)
}

output "next" {
  description = "The next commands, in this order."
  value       = <<-NEXT
    ${local.sending}
    # 3. The web UI on http://localhost:8081, through a tunnel:
    aws ssm start-session --region ${data.aws_region.current.name} --target $(aws ec2 describe-instances --region ${data.aws_region.current.name} --filters Name=tag:Name,Values=${var.name}-flink Name=instance-state-name,Values=running --query Reservations[0].Instances[0].InstanceId --output text) --document-name AWS-StartPortForwardingSession --parameters portNumber=8081,localPortNumber=8081

    # 4. The files, some 70 seconds after the last quote (a minute without one ends a file, and a checkpoint publishes it):
    aws s3 ls --recursive s3://${module.lake.bucket}/stock_market/index=NYA/date=2008

    # 5. The first query, without a crawl:
    aws athena start-query-execution --region ${data.aws_region.current.name} --work-group ${module.lake.workgroup.name} --query-execution-context Database=${module.lake.database} --query-string "SELECT * FROM stock_market_live WHERE index = 'NYA' AND date >= '2008-09' AND date < '2008-10'"

    # 6. The partitions of stock_market, now instead of at the crawler's hour:
    aws glue start-crawler --region ${data.aws_region.current.name} --name ${module.lake.crawler.name}

    # 7. Later: hosts to another build, other settings or versions, one after another, after terraform apply:
    aws/roll ${data.aws_region.current.name} ${var.name}
  NEXT
}

locals {
  # The lines of output next that differ with whose brokers they are.
  sending = join("\n", var.bootstrap_servers != null ? [
    "# 1. and 2. Quotes into the topic, with your own settings of Kafka's clients:",
    "java -jar producer/target/quotelake-producer.jar replay --bootstrap-servers ${var.bootstrap_servers} --kafka-config client.properties",
    ] : [
    "# 1. Certificates and password, as a client's configuration (hosts need some three minutes to start; if they don't:",
    "#    aws ssm start-session --region REGION --target INSTANCE, then journalctl -u quotelake-setup):",
    "aws/client-properties ${data.aws_region.current.name} ${local.brokers.parameters} client.properties",
    "",
    "# 2. Quotes into the topic:",
    "java -jar producer/target/quotelake-producer.jar replay --bootstrap-servers ${local.brokers.outside} --kafka-config client.properties",
  ])
}
