# The job on Amazon's managed service, with the provider mocked.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/quotelake-managed" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/quotelake/quotelake-managed" }
  }
}

variables {
  bucket                    = "lake"
  artifacts_bucket          = "artifacts"
  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-1"]
  brokers_security_group_id = "sg-brokers"
  bootstrap_servers         = "10.71.0.10:9092,10.71.1.10:9092"
  # Any file stands for the jar: nothing reads it here.
  job_jar = "./table/columns.json"
}

run "the_application_is_the_jar_with_its_options" {
  module {
    source = "./examples/managed"
  }
  variables {
    job_options = { "date-granularity" = "month" }
  }

  assert {
    condition     = jsondecode(output.application).Resources.Application.Properties.RuntimeEnvironment == "FLINK-2_3"
    error_message = "The runtime is another one."
  }
  assert {
    condition = jsondecode(output.application).Resources.Application.Properties.ApplicationConfiguration.EnvironmentProperties.PropertyGroups == [{
      PropertyGroupId = "quotelake"
      PropertyMap = {
        "bootstrap-servers" = "10.71.0.10:9092,10.71.1.10:9092"
        "date-granularity"  = "month"
        "output"            = "s3://lake/stock_market"
        "topic"             = "stock_market"
      }
    }]
    error_message = "The options are others."
  }
  assert {
    condition     = jsondecode(output.application).Resources.Application.Properties.ApplicationConfiguration.ApplicationSnapshotConfiguration.SnapshotsEnabled
    error_message = "There are no snapshots."
  }
  assert {
    condition     = jsondecode(output.application).Resources.Application.Properties.ApplicationConfiguration.FlinkApplicationConfiguration.CheckpointConfiguration.CheckpointInterval == 60000
    error_message = "Checkpoints come at another pace."
  }
}

run "the_role_may_write_the_table_and_its_owner_and_read_the_jar" {
  module {
    source = "./examples/managed"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(output.policy).Statement : alltrue([
        for action in flatten([statement.Action]) : !strcontains(action, "*") && (startswith(action, "ec2:") || statement.Resource != "*")
      ])
    ])
    error_message = "A statement allows more than it names."
  }
  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policy).Statement : statement.Resource if contains(flatten([statement.Action]), "s3:PutObject")
    ])) == toset(["arn:aws:s3:::lake/stock_market/*", "arn:aws:s3:::lake/stock_market.owner.json"])
    error_message = "It may write elsewhere."
  }
}

run "alarms_are_made_for_whoever_names_a_topic" {
  module {
    source = "./examples/managed"
  }
  variables {
    alarm_topics = ["arn:aws:sns:eu-central-1:123456789012:quotelake"]
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 4 && alltrue([for alarm in values(aws_cloudwatch_metric_alarm.this) : length(alarm.alarm_actions) == 1])
    error_message = "Four alarms, each sent to the topic."
  }
}

run "an_unknown_runtime_is_refused" {
  command = plan
  module {
    source = "./examples/managed"
  }
  variables {
    runtime = "FLINK-1_20"
  }
  expect_failures = [var.runtime]
}
