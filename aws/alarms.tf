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
  description = "Records that may wait in the topic for ten minutes; null: 10,000."
  type        = number
  default     = null
}

locals {
  alarms            = length(var.alarm_topics) > 0
  metrics_namespace = local.alarms ? "Quotelake/${var.name}" : ""

  # What rings, at which figure of the job or of a broker. The tests of the hosts' scripts read the same file, and make each ring.
  alarm_rules = jsondecode(file("${path.module}/alarms.json"))

  alarm_job = { for name, rule in local.alarm_rules.job : name => rule if local.alarms }

  # A broker that can't be asked tells nothing, which is no good sign.
  alarm_brokers = merge([
    for settings in flatten(module.kafka[*].settings) : {
      for name, rule in local.alarm_rules.broker : "${settings.HOST}-${name}" => merge(rule, { host = settings.HOST }) if local.alarms
    }
  ]...)

  # The group of one puts a dead Flink host right by itself: that the job runs is what is watched there.
  alarm_hosts = !local.alarms ? {} : {
    for number, instance in flatten(module.kafka[*].instances) : "kafka-${number + 1}" => instance.id
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

resource "aws_cloudwatch_metric_alarm" "broker" {
  for_each            = local.alarm_brokers
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = local.metrics_namespace
  metric_name         = one(values(each.value.figures))
  dimensions          = { Host = each.value.host }
  statistic           = "Maximum"
  comparison_operator = can(each.value.above) ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = try(each.value.above, each.value.below)
  period              = each.value.seconds
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}

# The restart of a TaskManager delays checkpoints by less than a minute, and rings nothing but job-restarted; a market that
# is closed publishes nothing, and rings nothing.
resource "aws_cloudwatch_metric_alarm" "job" {
  for_each            = local.alarm_job
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  comparison_operator = can(each.value.above) ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = each.key == "lag" ? coalesce(var.alarm_lag, each.value.above) : try(each.value.above, each.value.below)
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics

  dynamic "metric_query" {
    for_each = each.value.figures

    content {
      id          = metric_query.key
      return_data = !can(each.value.expression)

      metric {
        namespace   = local.metrics_namespace
        metric_name = metric_query.value
        period      = each.value.seconds
        stat        = "Maximum"
      }
    }
  }

  dynamic "metric_query" {
    for_each = try([each.value.expression], [])

    content {
      id          = "rings"
      label       = each.key
      expression  = metric_query.value
      return_data = true
    }
  }
}

# An alarm of a stack of before keeps its name.
moved {
  from = aws_cloudwatch_metric_alarm.nothing_published[0]
  to   = aws_cloudwatch_metric_alarm.job["nothing-published"]
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
