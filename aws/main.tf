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

  # CloudWatch knows no resources here, only namespaces.
  figures_statements = local.metrics_namespace == "" ? [] : [{
    Sid       = "PublishFigures"
    Effect    = "Allow"
    Action    = "cloudwatch:PutMetricData"
    Resource  = "*"
    Condition = { StringEquals = { "cloudwatch:namespace" = local.metrics_namespace } }
  }]

  logs_statements = var.log_days == 0 ? [] : [{
    Sid      = "SendLogs"
    Effect   = "Allow"
    Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    Resource = "${aws_cloudwatch_log_group.hosts[0].arn}:*"
  }]

  artifacts_statements = [
    {
      Sid      = "ReadArtifacts"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "${module.artifacts.bucket.arn}/*"
    },
    # What the first host has fetched from Apache's archive, for the next one; each checks it again.
    {
      Sid      = "KeepArchives"
      Effect   = "Allow"
      Action   = ["s3:AbortMultipartUpload", "s3:PutObject"]
      Resource = "${module.artifacts.bucket.arn}/archives/*"
    },
    {
      Sid      = "ListArtifacts"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = module.artifacts.bucket.arn
    },
  ]

  host_statements = concat(local.key_statements, local.figures_statements, local.logs_statements, local.artifacts_statements, [local.session_statement])
}

# It depends on all the rest, and is destroyed first.
module "guard" {
  source        = "./modules/guard"
  brokers       = var.brokers
  force_destroy = var.force_destroy

  depends_on = [
    module.lake, module.network, module.artifacts, module.kafka, module.flink, aws_cloudwatch_log_group.hosts,
    aws_cloudwatch_metric_alarm.host, aws_cloudwatch_metric_alarm.job, aws_cloudwatch_metric_alarm.broker,
    aws_cloudwatch_event_target.crawl_failed,
  ]
}

resource "aws_cloudwatch_log_group" "hosts" {
  count             = var.log_days == 0 ? 0 : 1
  name              = "/quotelake/${var.name}"
  retention_in_days = var.log_days
}

module "lake" {
  source           = "./modules/lake"
  name             = var.name
  table            = local.table
  prefix           = coalesce(var.table_prefix, local.table)
  date_granularity = var.date_granularity
  indices          = var.indices
  first_date       = var.first_date
  last_year        = var.last_year
  crawler_schedule = var.crawler_schedule
  scan_limit_bytes = var.scan_limit_bytes
  savepoint_days   = var.savepoint_days
  force_destroy    = var.force_destroy

  existing_bucket          = var.bucket
  kms_key_arn              = var.kms_key_arn
  permissions_boundary_arn = var.permissions_boundary_arn
}

module "network" {
  count  = var.vpc_id == null ? 1 : 0
  source = "./modules/network"
  name   = var.name
  # The Flink host may come up in another zone than the one that died.
  zones = max(2, var.brokers)
}

module "artifacts" {
  source        = "./modules/artifacts"
  name          = var.name
  job_jar       = coalesce(var.job_jar, "${path.module}/../flink-job/target/quotelake-flink-job.jar")
  flink_conf    = "${path.module}/../flink-conf"
  kms_key_arn   = var.kms_key_arn
  force_destroy = var.force_destroy
}

# A stack of before brokers could be somebody else's keeps its own.
moved {
  from = module.kafka
  to   = module.kafka[0]
}

module "kafka" {
  count             = var.bootstrap_servers == null ? 1 : 0
  source            = "./modules/kafka"
  name              = var.name
  vpc_id            = local.network.vpc_id
  subnets           = [for subnet in local.network.subnets : { id = subnet.id, availability_zone = subnet.availability_zone }]
  client_cidrs      = var.client_cidrs
  brokers           = var.brokers
  instance_type     = var.broker_instance_type
  heap_mib          = var.broker_heap_mib
  disk_gib          = var.broker_disk_gib
  topic             = local.table
  further_tables    = var.further_tables
  partitions        = var.partitions
  archive           = var.archive
  kafka_version     = var.kafka_version
  kafka_sha512      = coalesce(var.kafka_sha512, lookup(local.pinned, "kafka_2.13-${var.kafka_version}.tgz", "none"))
  artifacts         = module.artifacts.bucket
  metrics_namespace = local.metrics_namespace
  log_group         = var.log_days == 0 ? "" : aws_cloudwatch_log_group.hosts[0].name
  host_statements   = local.host_statements

  public_addresses         = var.public_addresses
  kms_key_arn              = var.kms_key_arn
  permissions_boundary_arn = var.permissions_boundary_arn
}

module "flink" {
  source                    = "./modules/flink"
  name                      = var.name
  vpc_id                    = local.network.vpc_id
  subnet_ids                = local.network.subnets[*].id
  instance_type             = var.flink_instance_type
  topic                     = local.table
  further_tables            = var.further_tables
  partitions                = var.partitions
  parallelism               = var.parallelism
  slots                     = var.slots
  task_managers             = var.task_managers
  task_manager_memory_mib   = var.task_manager_memory_mib
  bootstrap_servers         = local.kafka.bootstrap_servers
  brokers_security_group_id = local.kafka.security_group_id
  password_parameter        = local.kafka.password
  properties                = var.kafka_properties
  properties_parameter      = var.kafka_properties_parameter
  bucket                    = { name = module.lake.bucket, arn = module.lake.bucket_arn }
  date_granularity          = var.date_granularity
  job_options               = var.job_options
  metrics_namespace         = local.metrics_namespace
  log_group                 = var.log_days == 0 ? "" : aws_cloudwatch_log_group.hosts[0].name
  artifacts                 = module.artifacts.bucket
  archive                   = var.archive
  flink_version             = var.flink_version
  flink_sha512              = coalesce(var.flink_sha512, lookup(local.pinned, "flink-${var.flink_version}-bin-scala_2.12.tgz", "none"))
  public_address            = var.public_addresses
  kms_key_arn               = var.kms_key_arn
  permissions_boundary_arn  = var.permissions_boundary_arn
  host_statements           = concat(local.host_statements, local.settings_statements, var.kafka_statements)
}
