# The plan and a mocked apply of the whole: no account, no internet. Region and account are made up.

mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
  mock_data "aws_ec2_instance_type" {
    defaults = { supported_architectures = ["arm64"] }
  }
  mock_data "aws_ssm_parameter" {
    defaults = { insecure_value = "ami-0123456789abcdef0" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/made-up" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { id = "bucket", arn = "arn:aws:s3:::bucket" }
  }
  mock_resource "aws_network_interface" {
    defaults = { private_ip = "10.71.0.10" }
  }
  mock_resource "aws_eip" {
    defaults = { public_dns = "broker.example" }
  }
}

variables {
  client_cidrs = ["203.0.113.7/32"]
  # Any file stands for the jar: nothing reads it here.
  job_jar = "./table/columns.json"
}

run "the_policies_allow_no_star_and_nothing_beyond_their_prefix" {
  assert {
    condition = alltrue(flatten([
      for policy in concat(module.lake.policies, module.kafka.policies, module.flink.policies) : [
        for statement in jsondecode(policy).Statement : statement.Effect == "Deny" || alltrue([
          for action in flatten([statement.Action]) : !strcontains(action, "*")
        ])
      ]
    ]))
    error_message = "An Allow statement has an action with a star."
  }

  assert {
    condition = alltrue(flatten([
      for policy in concat(module.lake.policies, module.kafka.policies, module.flink.policies) : [
        for statement in jsondecode(policy).Statement :
        statement.Effect == "Deny" || !contains(flatten([statement.Resource]), "*") || contains(["PublishFigures", "SessionManager"], statement.Sid)
      ]
    ]))
    error_message = "An Allow statement other than those for Session Manager and CloudWatch names no resource."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(module.flink.policies[0]).Statement :
      alltrue([for resource in flatten([statement.Resource]) : contains([
        "arn:aws:s3:::bucket/stock_market/*", "arn:aws:s3:::bucket/checkpoints/*", "arn:aws:s3:::bucket/savepoints/*",
      ], resource)])
      if contains(flatten([statement.Action]), "s3:PutObject")
    ])
    error_message = "The job may write outside of its table, checkpoints and savepoints."
  }

  # A restored job asks which parts of an unfinished upload are there.
  assert {
    condition = alltrue([
      for statement in jsondecode(module.flink.policies[0]).Statement :
      length(setsubtract(["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], statement.Action)) == 0
      if contains(flatten([statement.Action]), "s3:PutObject")
    ])
    error_message = "The job may begin a multipart upload, but neither look at its parts nor abort it."
  }

  assert {
    condition = !contains(flatten([
      for statement in jsondecode(module.flink.policies[0]).Statement : statement.Action
      if contains(flatten([statement.Resource]), "arn:aws:s3:::bucket/stock_market/*")
    ]), "s3:DeleteObject")
    error_message = "The job may delete rows."
  }

  assert {
    condition = length(setintersection(
      flatten([for statement in jsondecode(module.lake.policies[0]).Statement : statement.Action]),
      ["glue:UpdateTable", "glue:CreateTable", "glue:DeleteTable", "s3:PutObject", "s3:DeleteObject"],
    )) == 0
    error_message = "The crawler may change a table or an object."
  }
}

run "the_tables_have_the_columns_of_the_definition_and_nothing_twice" {
  assert {
    condition = alltrue([
      for table in values(module.lake.tables) :
      [for column in table.storage_descriptor[0].columns : [column.name, column.type]] ==
      [for column in jsondecode(file("table/columns.json")).columns : [column.name, column.type]]
    ])
    error_message = "A table's columns differ from table/columns.json."
  }

  assert {
    condition = alltrue([
      for table in values(module.lake.tables) :
      [for key in table.partition_keys : "${key.name} ${key.type}"] == ["index string", "date string"]
    ])
    error_message = "The keys are index and date, both strings."
  }

  assert {
    condition = alltrue([
      for table in values(module.lake.tables) : length(setintersection(
        [for column in table.storage_descriptor[0].columns : column.name],
        [for key in table.partition_keys : key.name],
      )) == 0
    ])
    error_message = "A key among the columns breaks Athena's tables."
  }

  assert {
    condition     = keys(module.lake.tables) == ["stock_market", "stock_market_live"]
    error_message = "There are two tables: dead letters are none."
  }
}

run "the_crawler_only_adds_partitions_to_the_table" {
  assert {
    condition     = module.lake.crawler.catalog_target[0].tables == tolist(["stock_market"])
    error_message = "The crawler's one target is the table; never the projected one."
  }

  assert {
    condition     = length(module.lake.crawler.s3_target) == 0
    error_message = "A crawler on S3 would make up types."
  }

  assert {
    condition = (
      module.lake.crawler.schema_change_policy[0].update_behavior == "LOG" &&
      module.lake.crawler.schema_change_policy[0].delete_behavior == "LOG" &&
      jsondecode(module.lake.crawler.configuration).CrawlerOutput.Partitions.AddOrUpdateBehavior == "InheritFromTable"
    )
    error_message = "The crawler logs what changed; partitions inherit from the table."
  }
}

run "the_projection_follows_the_granularity_day" {
  assert {
    condition = (
      module.lake.tables["stock_market_live"].parameters["projection.date.format"] == "yyyy-MM-dd" &&
      module.lake.tables["stock_market_live"].parameters["projection.date.range"] == "1965-01-01,NOW" &&
      module.lake.tables["stock_market_live"].parameters["projection.date.interval.unit"] == "DAYS" &&
      module.lake.tables["stock_market_live"].parameters["storage.location.template"] ==
      "s3://bucket/stock_market/index=$${index}/date=$${date}/"
    )
    error_message = "The projection must yield one folder a day."
  }

  assert {
    condition     = module.flink.settings.DATE_GRANULARITY == "day"
    error_message = "Job and projection must agree on the granularity."
  }
}

run "the_projection_follows_the_granularity_year" {
  variables {
    date_granularity = "year"
  }

  assert {
    condition = (
      module.lake.tables["stock_market_live"].parameters["projection.date.format"] == "yyyy" &&
      module.lake.tables["stock_market_live"].parameters["projection.date.range"] == "1965,NOW" &&
      module.lake.tables["stock_market_live"].parameters["projection.date.interval.unit"] == "YEARS" &&
      module.flink.settings.DATE_GRANULARITY == "year"
    )
    error_message = "The projection must yield one folder a year."
  }
}

run "the_workgroup_bounds_what_a_query_reads_and_keeps_the_queries" {
  assert {
    condition = (
      module.lake.workgroup.configuration[0].bytes_scanned_cutoff_per_query == 10737418240 &&
      module.lake.workgroup.configuration[0].enforce_workgroup_configuration &&
      module.lake.workgroup.configuration[0].engine_version[0].selected_engine_version == "Athena engine version 3"
    )
    error_message = "The workgroup has a limit that no client can lift, and engine version 3."
  }

  assert {
    condition     = toset(keys(module.lake.named_queries)) == fileset("sql", "*.sql")
    error_message = "Every file of sql/ is a named query."
  }

  assert {
    condition     = alltrue([for query in values(module.lake.named_queries) : startswith(query.query, "-- ") && length(query.description) > 20])
    error_message = "Every query begins with a line that says what it answers."
  }
}

run "the_hosts_let_nobody_in_but_the_named_clients" {
  assert {
    condition = toset([
      for rule in concat(module.kafka.ingress_rules, module.flink.ingress_rules) : "${rule.cidr_ipv4} ${rule.from_port}"
      if rule.cidr_ipv4 != null
    ]) == toset(["203.0.113.7/32 9094"])
    error_message = "Only the named clients come in, and only at the listener with TLS."
  }

  assert {
    condition = alltrue([
      for instance in concat(module.kafka.instances, [module.flink.instance]) :
      instance.metadata_options[0].http_tokens == "required" && instance.root_block_device[0].encrypted
    ])
    error_message = "IMDSv2 and encrypted disks everywhere."
  }

  assert {
    condition     = alltrue([for volume in module.kafka.volumes : volume.encrypted])
    error_message = "Data volumes are encrypted."
  }
}

run "three_brokers_keep_three_copies_and_want_two" {
  variables {
    brokers = 3
  }

  assert {
    condition = alltrue([
      for settings in module.kafka.settings :
      settings.REPLICATION == 3 && settings.MIN_ISR == 2 && length(split(",", settings.QUORUM)) == 3
    ])
    error_message = "Replication 3, two in sync, a quorum of three."
  }

  assert {
    condition     = length(module.kafka.settings[0].CLUSTER_ID) == 22 && length(distinct(module.kafka.settings[*].CLUSTER_ID)) == 1
    error_message = "A cluster's id is 16 bytes in base64, the same on all brokers."
  }
}

run "the_whole_world_is_refused" {
  command = plan
  variables {
    client_cidrs = ["0.0.0.0/0"]
  }
  expect_failures = [var.client_cidrs]
}

run "half_of_the_world_is_refused" {
  command = plan
  variables {
    client_cidrs = ["203.0.113.7/32", "128.0.0.0/1"]
  }
  expect_failures = [var.client_cidrs]
}

run "an_address_without_a_length_is_refused" {
  command = plan
  variables {
    client_cidrs = ["203.0.113.7"]
  }
  expect_failures = [var.client_cidrs]
}

run "no_network_at_all_is_refused" {
  command = plan
  variables {
    client_cidrs = []
  }
  expect_failures = [var.client_cidrs]
}

run "two_brokers_are_refused" {
  command = plan
  variables {
    brokers = 2
  }
  expect_failures = [var.brokers]
}

run "a_granularity_that_the_job_does_not_know_is_refused" {
  command = plan
  variables {
    date_granularity = "hour"
  }
  expect_failures = [var.date_granularity]
}

run "no_alarm_is_made_for_nobody" {
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.host) + length(aws_cloudwatch_metric_alarm.requests) + length(aws_cloudwatch_metric_alarm.job) + length(aws_s3_bucket_metric.table) == 0
    error_message = "Without a topic to send them to, alarms and request metrics only cost."
  }

  assert {
    condition = length([
      for statement in jsondecode(module.flink.policies[0]).Statement : statement if statement.Sid == "PublishFigures"
    ]) == 0
    error_message = "Without alarms the host gives no figures to CloudWatch."
  }
}

run "hosts_and_publication_are_watched_for_whoever_names_a_topic" {
  variables {
    alarm_topics = ["arn:aws:sns:eu-central-1:123456789012:quotelake"]
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.host) == 2
    error_message = "Each host has an alarm."
  }

  assert {
    condition = alltrue([
      for alarm in concat(
        values(aws_cloudwatch_metric_alarm.host),
        values(aws_cloudwatch_metric_alarm.requests),
        values(aws_cloudwatch_metric_alarm.job),
      ) :
      contains(alarm.alarm_actions, "arn:aws:sns:eu-central-1:123456789012:quotelake")
    ])
    error_message = "Every alarm is sent to the topic."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.requests["nothing-published"].dimensions.FilterId == aws_s3_bucket_metric.table[0].name &&
      aws_cloudwatch_metric_alarm.requests["nothing-published"].treat_missing_data == "breaching"
    )
    error_message = "A table that gets no files is noticed, also when S3 counts nothing at all."
  }
}

run "the_job_is_watched_by_the_figures_that_its_host_gives" {
  variables {
    alarm_topics = ["arn:aws:sns:eu-central-1:123456789012:quotelake"]
    alarm_lag    = 5000
  }

  assert {
    condition = alltrue(flatten([
      for alarm in values(aws_cloudwatch_metric_alarm.job) : [
        for query in alarm.metric_query : strcontains(file("host/publish-figures"), "MetricName=${query.metric[0].metric_name},")
        if length(query.metric) > 0
      ]
    ]))
    error_message = "An alarm waits for a figure that the host does not give."
  }

  assert {
    condition = alltrue([
      for alarm in values(aws_cloudwatch_metric_alarm.job) :
      length([for query in alarm.metric_query : query if query.return_data]) == 1
    ])
    error_message = "An alarm looks at one figure."
  }

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(module.flink.policies[0]).Statement :
      [for query in flatten([for alarm in values(aws_cloudwatch_metric_alarm.job) : alarm.metric_query]) :
        query.metric[0].namespace == statement.Condition.StringEquals["cloudwatch:namespace"] if length(query.metric) > 0
      ]
      if statement.Sid == "PublishFigures"
    ]))
    error_message = "The host may give its figures to the alarms' namespace."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.job["lag"].threshold == 5000
    error_message = "How much lag is too much is the reader's to say."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.job["job-not-running"].treat_missing_data == "breaching"
    error_message = "A host that tells nothing is noticed."
  }
}

run "an_alarm_topic_must_be_one" {
  command = plan

  variables {
    alarm_topics = ["quotelake"]
  }

  expect_failures = [var.alarm_topics]
}
