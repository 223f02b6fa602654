# Quotelake on AWS: Kafka and Flink on EC2, the lake on S3, Glue and Athena over it.

locals {
  # Topic, table and prefix bear one name: see the SQL in sql/.
  table = "stock_market"

  # What Session Manager's agent needs, and no more: these actions know no resource.
  session_statement = {
    Sid    = "SessionManager"
    Effect = "Allow"
    Action = [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    Resource = "*"
  }
}

module "lake" {
  source           = "./modules/lake"
  name             = var.name
  table            = local.table
  date_granularity = var.date_granularity
  indices          = var.indices
  first_date       = var.first_date
  crawler_schedule = var.crawler_schedule
  scan_limit_bytes = var.scan_limit_bytes
  savepoint_days   = var.savepoint_days
  force_destroy    = var.force_destroy
}

module "network" {
  source = "./modules/network"
  name   = var.name
  zones  = var.brokers
}

module "kafka" {
  source            = "./modules/kafka"
  name              = var.name
  vpc_id            = module.network.vpc_id
  subnets           = module.network.subnets
  client_cidrs      = var.client_cidrs
  brokers           = var.brokers
  instance_type     = var.broker_instance_type
  heap_mib          = var.broker_heap_mib
  disk_gib          = var.broker_disk_gib
  topic             = local.table
  partitions        = var.partitions
  archive           = var.archive
  kafka_version     = var.kafka_version
  session_statement = local.session_statement
}

module "flink" {
  source                    = "./modules/flink"
  name                      = var.name
  vpc_id                    = module.network.vpc_id
  subnet_id                 = module.network.subnets[0].id
  instance_type             = var.flink_instance_type
  topic                     = local.table
  bootstrap_servers         = module.kafka.inside
  brokers_security_group_id = module.kafka.security_group_id
  bucket                    = { name = module.lake.bucket, arn = module.lake.bucket_arn }
  date_granularity          = var.date_granularity
  job_options               = var.job_options
  metrics_namespace         = local.metrics_namespace
  job_jar                   = coalesce(var.job_jar, "${path.module}/../flink-job/target/quotelake-flink-job.jar")
  flink_conf                = "${path.module}/../flink-conf"
  archive                   = var.archive
  flink_version             = var.flink_version
  session_statement         = local.session_statement
  force_destroy             = var.force_destroy
}
