# The job on Amazon Managed Service for Apache Flink, beside a broker and a lake that are there already: those of
# examples/small, or your own. The same jar as everywhere; its options are the property group "quotelake".
#
# The brokers of examples/small ask who comes: job_options = { "kafka-property.security.protocol" = "SASL_PLAINTEXT",
# "kafka-property.sasl.mechanism" = "SCRAM-SHA-512", "kafka-property.sasl.jaas.config" = the line that
# client-properties writes for quotelake-job }. The password then stands in Terraform's state: keep that where only you read.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80, < 7"
    }
  }
}

variable "name" {
  description = "First part of every name."
  type        = string
  default     = "quotelake-managed"
}

variable "bucket" {
  description = "The lake's bucket."
  type        = string
}

variable "artifacts_bucket" {
  description = "The bucket that gets the job's jar."
  type        = string
}

variable "vpc_id" {
  description = "The brokers' network."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of that network with a path to S3, as a gateway endpoint gives it."
  type        = list(string)
}

variable "brokers_security_group_id" {
  description = "The brokers' security group; the application is let in."
  type        = string
}

variable "bootstrap_servers" {
  description = "The brokers' inner addresses: HOST:PORT[,HOST:PORT...], of one port."
  type        = string

  validation {
    condition     = can(regex("^[^,:]+:[0-9]+(,[^,:]+:[0-9]+)*$", var.bootstrap_servers))
    error_message = "bootstrap_servers: HOST:PORT[,HOST:PORT...]."
  }
}

variable "table" {
  description = "Topic and prefix of the table."
  type        = string
  default     = "stock_market"
}

variable "job_options" {
  description = "Further options of the job without their dashes, as { \"date-granularity\" = \"month\", \"no-lineage\" = \"true\" }."
  type        = map(string)
  default     = {}
}

variable "parallelism" {
  description = "Slots of the job, one a KPU; more than the topic has partitions is of no use."
  type        = number
  default     = 1
}

variable "checkpoint_seconds" {
  description = "Seconds between checkpoints; files are published with them."
  type        = number
  default     = 60
}

variable "runtime" {
  description = "The service's name of Flink's version."
  type        = string
  default     = "FLINK-2_3"

  validation {
    condition     = contains(["FLINK-2_2", "FLINK-2_3"], var.runtime)
    error_message = "runtime: FLINK-2_2 or FLINK-2_3."
  }
}

variable "job_jar" {
  description = "The job's jar; null: the one that mvn package made in flink-job/target."
  type        = string
  default     = null
}

variable "alarm_topics" {
  description = "ARNs of SNS topics that alarms are sent to; without any no alarm is made."
  type        = list(string)
  default     = []
}

# Region and credentials come from the environment: AWS_REGION, AWS_PROFILE.
provider "aws" {
  default_tags {
    tags = { Project = "quotelake" }
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  jar       = coalesce(var.job_jar, "${path.module}/../../../flink-job/target/quotelake-flink-job.jar")
  lake      = "arn:${data.aws_partition.current.partition}:s3:::${var.bucket}"
  artifacts = "arn:${data.aws_partition.current.partition}:s3:::${var.artifacts_bucket}"
  port      = tonumber(regex("[0-9]+$", var.bootstrap_servers))
  options = merge(
    { "bootstrap-servers" = var.bootstrap_servers, "topic" = var.table, "output" = "s3://${var.bucket}/${var.table}" },
    var.job_options,
  )

  # Figure of the application, the most that is quiet, and what it means.
  alarms = {
    downtime                  = { most = 0, statistic = "Maximum", text = "The job does not run." }
    numberOfFailedCheckpoints = { most = 3, statistic = "Maximum", text = "Checkpoints fail: nothing is published." }
    lastCheckpointDuration    = { most = 300000, statistic = "Maximum", text = "Checkpoints take more than five minutes." }
    heapMemoryUtilization     = { most = 90, statistic = "Average", text = "The heap is nearly full: fewer open files, or more KPUs." }
  }
}

# Another jar is another key, and so a change of the application.
resource "aws_s3_object" "jar" {
  bucket      = var.artifacts_bucket
  key         = "quotelake-flink-job-${substr(fileexists(local.jar) ? filesha256(local.jar) : "absent", 0, 16)}.jar"
  source      = local.jar
  source_hash = fileexists(local.jar) ? filemd5(local.jar) : null
}

resource "aws_security_group" "this" {
  name        = var.name
  description = "The managed Flink application"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "this" {
  security_group_id = aws_security_group.this.id
  description       = "Brokers, and S3 through the gateway endpoint"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "brokers" {
  security_group_id            = var.brokers_security_group_id
  referenced_security_group_id = aws_security_group.this.id
  description                  = "The managed Flink application"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/quotelake/${var.name}"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_stream" "this" {
  name           = "application"
  log_group_name = aws_cloudwatch_log_group.this.name
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "kinesisanalytics.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = var.name
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Jar"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "${local.artifacts}/${aws_s3_object.jar.key}"
      },
      {
        Sid      = "Table"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        Resource = "${local.lake}/${var.table}/*"
      },
      {
        Sid      = "TableOwner"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${local.lake}/${var.table}.owner.json"
      },
      {
        Sid       = "IsTheTableEmpty"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.lake
        Condition = { StringLike = { "s3:prefix" = ["${var.table}/*", "${var.table}.owner.json"] } }
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [aws_cloudwatch_log_group.this.arn, "${aws_cloudwatch_log_group.this.arn}:*"]
      },
      # What the service asks for on behalf of an application in a network; these actions know no resource.
      # https://docs.aws.amazon.com/managed-flink/latest/java/vpc-permissions.html
      {
        Sid    = "Network"
        Effect = "Allow"
        Action = [
          "ec2:CreateNetworkInterface",
          "ec2:CreateNetworkInterfacePermission",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeDhcpOptions",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs",
        ]
        Resource = "*"
      },
    ]
  })
}

# Not aws_kinesisanalyticsv2_application: the provider's version knows no runtime after Flink 1.20.
resource "aws_cloudformation_stack" "this" {
  name       = var.name
  depends_on = [aws_iam_role_policy.this]
  template_body = jsonencode({
    Resources = {
      Application = {
        Type = "AWS::KinesisAnalyticsV2::Application"
        Properties = {
          ApplicationName        = var.name
          ApplicationDescription = "Stock-index quotes from Kafka into the table ${var.table}"
          RuntimeEnvironment     = var.runtime
          ServiceExecutionRole   = aws_iam_role.this.arn
          ApplicationConfiguration = {
            ApplicationCodeConfiguration = {
              CodeContentType = "ZIPFILE"
              CodeContent = {
                S3ContentLocation = { BucketARN = local.artifacts, FileKey = aws_s3_object.jar.key }
              }
            }
            ApplicationSnapshotConfiguration = { SnapshotsEnabled = true }
            EnvironmentProperties = {
              PropertyGroups = [{ PropertyGroupId = "quotelake", PropertyMap = local.options }]
            }
            FlinkApplicationConfiguration = {
              CheckpointConfiguration = {
                ConfigurationType          = "CUSTOM"
                CheckpointingEnabled       = true
                CheckpointInterval         = var.checkpoint_seconds * 1000
                MinPauseBetweenCheckpoints = 1000
              }
              MonitoringConfiguration = {
                ConfigurationType = "CUSTOM"
                LogLevel          = "INFO"
                MetricsLevel      = "APPLICATION"
              }
              ParallelismConfiguration = {
                ConfigurationType  = "CUSTOM"
                AutoScalingEnabled = false
                Parallelism        = var.parallelism
                ParallelismPerKPU  = 1
              }
            }
            VpcConfigurations = [{
              SubnetIds        = var.subnet_ids
              SecurityGroupIds = [aws_security_group.this.id]
            }]
          }
          RunConfiguration = {
            ApplicationRestoreConfiguration = { ApplicationRestoreType = "RESTORE_FROM_LATEST_SNAPSHOT" }
            FlinkRunConfiguration           = { AllowNonRestoredState = false }
          }
        }
      }
      Logs = {
        Type = "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption"
        Properties = {
          ApplicationName = { Ref = "Application" }
          CloudWatchLoggingOption = {
            LogStreamARN = aws_cloudwatch_log_stream.this.arn
          }
        }
      }
    }
  })
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = { for name, alarm in local.alarms : name => alarm if length(var.alarm_topics) > 0 }
  alarm_name          = "${var.name} ${each.key}"
  alarm_description   = each.value.text
  namespace           = "AWS/KinesisAnalytics"
  metric_name         = each.key
  dimensions          = { Application = var.name }
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.most
  period              = 60
  evaluation_periods  = 5
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}

output "application" {
  description = "What CloudFormation is given, as JSON."
  value       = aws_cloudformation_stack.this.template_body
}

output "policy" {
  description = "What the application may do, as JSON."
  value       = aws_iam_role_policy.this.policy
}

output "next" {
  description = "The next commands, in this order."
  value       = <<-NEXT
    # 1. Start it; it goes on from its newest snapshot, where there is one:
    aws kinesisanalyticsv2 start-application --region ${data.aws_region.current.name} --application-name ${var.name}

    # 2. Its log:
    aws logs tail --region ${data.aws_region.current.name} --follow /quotelake/${var.name}

    # 3. Stop it with a snapshot, before a change that starts anew:
    aws kinesisanalyticsv2 stop-application --region ${data.aws_region.current.name} --application-name ${var.name}
  NEXT
}
