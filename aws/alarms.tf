# What CloudWatch sees of a pipeline by itself: its hosts and its requests to S3; and what the Flink host tells it of the
# job every minute. They are the alerts of monitoring/prometheus/rules.yml, in fewer and coarser figures.

variable "alarm_topics" {
  description = "ARNs of SNS topics that alarms are sent to; without any no alarm is made."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_topics : can(regex("^arn:aws[a-z-]*:sns:", arn))])
    error_message = "alarm_topics: ARNs of SNS topics, as arn:aws:sns:eu-central-1:123456789012:quotelake."
  }
}

variable "alarm_lag" {
  description = "Records that may wait in the topic for ten minutes."
  type        = number
  default     = 10000
}

locals {
  alarms            = length(var.alarm_topics) > 0
  metrics_namespace = local.alarms ? "Quotelake/${var.name}" : ""

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

  # Each over a minute; counters as their growth in it. Three checkpoint intervals of flink-conf/ are 30 s.
  alarm_figures = !local.alarms ? {} : {
    job-not-running = { counter = false, metric = "RunningJobs", operator = "LessThanThreshold", threshold = 1, minutes = 3,
    says = "The job does not run, or its host does not tell." }
    checkpoints-stopped = { counter = false, metric = "CheckpointAge", operator = "GreaterThanThreshold", threshold = 60, minutes = 2,
    says = "No checkpoint has completed for a minute and more: nothing is published." }
    job-restarted = { counter = true, metric = "Restarts", operator = "GreaterThanThreshold", threshold = 0, minutes = 1,
    says = "The job has restarted: its exceptions in the web UI name the cause." }
    lag = { counter = false, metric = "Lag", operator = "GreaterThanThreshold", threshold = var.alarm_lag, minutes = 10,
    says = "The job reads slower than quotes come." }
    buffer-nearly-full = { counter = false, metric = "BufferUsed", operator = "GreaterThanThreshold", threshold = 70, minutes = 5,
    says = "Open files nearly fill the memory they may: at 75% reading pauses." }
    disk-nearly-full = { counter = false, metric = "DiskUsed", operator = "GreaterThanThreshold", threshold = 90, minutes = 5,
    says = "The Flink host's disk is nearly full." }
    dead-letters = { counter = true, metric = "DeadLetters", operator = "GreaterThanThreshold", threshold = 0, minutes = 5,
    says = "Records that are no quotes have come for five minutes: see their topic." }
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

resource "aws_cloudwatch_metric_alarm" "job" {
  for_each            = local.alarm_figures
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  comparison_operator = each.value.operator
  threshold           = each.value.threshold
  evaluation_periods  = each.value.minutes
  treat_missing_data  = each.key == "job-not-running" ? "breaching" : "notBreaching"
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics

  metric_query {
    id          = "figure"
    return_data = !each.value.counter

    metric {
      namespace   = local.metrics_namespace
      metric_name = each.value.metric
      period      = 60
      stat        = "Maximum"
    }
  }

  dynamic "metric_query" {
    for_each = each.value.counter ? ["DIFF(figure)"] : []

    content {
      id          = "growth"
      label       = each.key
      expression  = metric_query.value
      return_data = true
    }
  }
}
