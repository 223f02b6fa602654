# What CloudWatch can see of a pipeline from outside: its hosts and its requests to S3. What only the job knows
# (checkpoints, lag, dead letters) is watched by Prometheus, with monitoring/prometheus/rules.yml.

variable "alarm_topics" {
  description = "ARNs of SNS topics that alarms are sent to; without any no alarm is made."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_topics : can(regex("^arn:aws[a-z-]*:sns:", arn))])
    error_message = "alarm_topics: ARNs of SNS topics, as arn:aws:sns:eu-central-1:123456789012:quotelake."
  }
}

locals {
  alarms = length(var.alarm_topics) > 0

  alarm_hosts = !local.alarms ? {} : merge(
    { flink = module.flink.instance.id },
    { for number, instance in module.kafka.instances : "kafka-${number}" => instance.id },
  )

  # Each over 5 minutes: files are published every few seconds to minutes while quotes flow.
  alarm_requests = !local.alarms ? {} : {
    failing = { metric = "5xxErrors", operator = "GreaterThanThreshold", periods = 2, missing = "notBreaching",
    says = "S3 answers with errors; the job tries again and falls behind." }
    nothing-published = { metric = "PutRequests", operator = "LessThanOrEqualToThreshold", periods = 3, missing = "breaching",
    says = "No file has been published for 15 minutes: no quotes, no job, or no checkpoints." }
  }
}

resource "aws_s3_bucket_metric" "table" {
  count  = local.alarms ? 1 : 0
  bucket = module.lake.bucket
  name   = local.table

  filter {
    prefix = "${local.table}/"
  }
}

resource "aws_cloudwatch_metric_alarm" "host" {
  for_each            = local.alarm_hosts
  alarm_name          = "${var.name}-${each.key}-host"
  alarm_description   = "The host ${each.key} fails its status checks."
  namespace           = "AWS/EC2"
  metric_name         = "StatusCheckFailed"
  dimensions          = { InstanceId = each.value }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 2
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}

resource "aws_cloudwatch_metric_alarm" "requests" {
  for_each            = local.alarm_requests
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = "AWS/S3"
  metric_name         = each.value.metric
  dimensions          = { BucketName = module.lake.bucket, FilterId = local.table }
  statistic           = "Sum"
  comparison_operator = each.value.operator
  threshold           = 0
  period              = 300
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics

  depends_on = [aws_s3_bucket_metric.table]
}
