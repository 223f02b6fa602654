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

  # The group of one puts a dead Flink host right by itself: that the job runs is what is watched there.
  alarm_hosts = !local.alarms ? {} : {
    for number, instance in flatten(module.kafka[*].instances) : "kafka-${number + 1}" => instance.id
  }

  # Each over a minute; counters as their growth in it. The restart of a TaskManager delays checkpoints by less than a
  # minute, and rings nothing but job-restarted.
  alarm_figures = !local.alarms ? {} : {
    job-not-running = { counter = false, metric = "RunningJobs", operator = "LessThanThreshold", threshold = 1, minutes = 3,
    says = "The job does not run, or its host does not tell." }
    checkpoints-stopped = { counter = false, metric = "CheckpointAge", operator = "GreaterThanThreshold", threshold = 120, minutes = 3,
    says = "No checkpoint has completed for five minutes: nothing is published." }
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

  # Each broker's own figures, every minute. A broker that can't be asked tells nothing, which is no good sign.
  alarm_brokers = !local.alarms ? {} : merge([
    for settings in flatten(module.kafka[*].settings) : {
      "${settings.HOST}-under-replicated" = { host = settings.HOST, metric = "UnderReplicatedPartitions", operator = "GreaterThanThreshold", threshold = 0, minutes = 5, missing = "breaching",
      says = "Partitions lack replicas, or the broker ${settings.HOST} does not answer: with another failure quotes are refused." }
      "${settings.HOST}-offline" = { host = settings.HOST, metric = "OfflinePartitions", operator = "GreaterThanThreshold", threshold = 0, minutes = 2, missing = "notBreaching",
      says = "Partitions have no leader: quotes are refused." }
      "${settings.HOST}-disk" = { host = settings.HOST, metric = "BrokerDiskUsed", operator = "GreaterThanThreshold", threshold = 85, minutes = 5, missing = "notBreaching",
      says = "The disk of ${settings.HOST} is nearly full: raise broker_disk_gib." }
      "${settings.HOST}-certificate" = { host = settings.HOST, metric = "CertificateDays", operator = "LessThanThreshold", threshold = 60, minutes = 5, missing = "notBreaching",
      says = "The certificate of ${settings.HOST} ends within 60 days: aws/roll renews it." }
    }
  ]...)
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

# Rows came into files in each of three times five minutes, and in none of them did a file appear: a market that is closed
# publishes nothing, and rings nothing.
resource "aws_cloudwatch_metric_alarm" "nothing_published" {
  count               = local.alarms ? 1 : 0
  alarm_name          = "${var.name}-nothing-published"
  alarm_description   = "The job reads rows, but no file has appeared for 15 minutes."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics

  dynamic "metric_query" {
    for_each = { rows = "RowsOut", files = "FilesPublished" }

    content {
      id = metric_query.key

      metric {
        namespace   = local.metrics_namespace
        metric_name = metric_query.value
        period      = 300
        stat        = "Maximum"
      }
    }
  }

  metric_query {
    id          = "unpublished"
    label       = "Rows without a file"
    expression  = "IF(DIFF(rows) > 0 AND DIFF(files) <= 0, 1, 0)"
    return_data = true
  }
}

resource "aws_cloudwatch_metric_alarm" "broker" {
  for_each            = local.alarm_brokers
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = local.metrics_namespace
  metric_name         = each.value.metric
  dimensions          = { Host = each.value.host }
  statistic           = "Maximum"
  comparison_operator = each.value.operator
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = each.value.minutes
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}

# Glue tells of a crawl's end as an event. The topics must let events.amazonaws.com publish: docs/aws.md.
resource "aws_cloudwatch_event_rule" "crawl_failed" {
  count       = local.alarms ? 1 : 0
  name        = "${var.name}-crawl-failed"
  description = "The crawler failed: new folders are missing in the table ${local.table} (stock_market_live has them)."
  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Crawler State Change"]
    detail      = { state = ["Failed"], crawlerName = [module.lake.crawler.name] }
  })
}

resource "aws_cloudwatch_event_target" "crawl_failed" {
  for_each = local.alarms ? toset(var.alarm_topics) : []
  rule     = aws_cloudwatch_event_rule.crawl_failed[0].name
  arn      = each.key
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
