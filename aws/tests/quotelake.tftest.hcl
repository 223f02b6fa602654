# The plan and a mocked apply of the whole: no account, no internet. Region and account are made up.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  client_cidrs = ["203.0.113.7/32"]
  # What a test has made it may destroy.
  force_destroy = true
  # Any file stands for the jar: nothing reads it here.
  job_jar = "./table/columns.json"
}

run "the_policies_allow_no_star_and_nothing_beyond_their_prefix" {
  variables {
    further_tables = ["stock_market_again"]
  }

  assert {
    condition = alltrue(flatten([
      for policy in concat(module.lake.policies, module.kafka[0].policies, module.flink.policies) : [
        for statement in jsondecode(policy).Statement : statement.Effect == "Deny" || alltrue([
          for action in flatten([statement.Action]) : !strcontains(action, "*")
        ])
      ]
    ]))
    error_message = "An Allow statement has an action with a star."
  }

  assert {
    condition = alltrue(flatten([
      for policy in concat(module.lake.policies, module.kafka[0].policies, module.flink.policies) : [
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
        "arn:aws:s3:::bucket/stock_market/*", "arn:aws:s3:::bucket/stock_market.owner.json",
        "arn:aws:s3:::bucket/stock_market_again/*", "arn:aws:s3:::bucket/stock_market_again.owner.json",
        "arn:aws:s3:::bucket/checkpoints/*", "arn:aws:s3:::bucket/savepoints/*", "arn:aws:s3:::bucket/archives/*",
      ], resource)])
      if contains(flatten([statement.Action]), "s3:PutObject")
    ])
    error_message = "The job may write outside of its tables, their owner objects, checkpoints and savepoints."
  }

  # A restored job asks which parts of an unfinished upload are there.
  assert {
    condition = alltrue([
      for statement in jsondecode(module.flink.policies[0]).Statement :
      length(setsubtract(["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], statement.Action)) == 0
      if contains(["WriteTables", "KeepState"], statement.Sid)
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
    condition = (
      module.lake.crawler.recrawl_policy[0].recrawl_behavior == "CRAWL_EVENT_MODE" &&
      module.lake.crawler.catalog_target[0].event_queue_arn == one(module.lake.new_files.queue).queue_arn
    )
    error_message = "The crawler reads what S3 tells is new, not all folders every night."
  }

  assert {
    condition     = module.lake.partition_index.partition_index[0].keys == tolist(["index", "date"])
    error_message = "Partitions are found by index and date."
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
      module.lake.tables["stock_market_live"].parameters["projection.date.range"] == "1965-01-01,NOW+1DAYS" &&
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
      module.lake.tables["stock_market_live"].parameters["projection.date.type"] == "enum" &&
      startswith(module.lake.tables["stock_market_live"].parameters["projection.date.values"], "1965,1966,") &&
      endswith(module.lake.tables["stock_market_live"].parameters["projection.date.values"], ",2049,2050") &&
      module.flink.settings.DATE_GRANULARITY == "year"
    )
    error_message = "The projection must yield one folder a year."
  }
}

run "the_projection_follows_the_granularity_month" {
  variables {
    date_granularity = "month"
  }

  assert {
    condition = (
      module.lake.tables["stock_market_live"].parameters["projection.date.type"] == "enum" &&
      startswith(module.lake.tables["stock_market_live"].parameters["projection.date.values"], "1965-01,1965-02,") &&
      length(split(",", module.lake.tables["stock_market_live"].parameters["projection.date.values"])) == 86 * 12
    )
    error_message = "The projection must yield one folder a month; Trino knows no step of a month."
  }
}

run "the_tables_read_the_prefix_of_a_replay" {
  variables {
    further_tables = ["stock_market_again"]
    table_prefix   = "stock_market_again"
  }

  assert {
    condition = alltrue([
      for table in values(module.lake.tables) : table.storage_descriptor[0].location == "s3://bucket/stock_market_again/"
    ])
    error_message = "Both tables read the prefix that table_prefix names."
  }

  assert {
    condition     = one(module.lake.new_files.queue).filter_prefix == "stock_market_again/"
    error_message = "The crawler hears of new files there."
  }
}

run "a_further_table_can_not_be_the_state" {
  command = plan
  variables {
    further_tables = ["checkpoints"]
  }
  expect_failures = [var.further_tables]
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

  assert {
    condition = alltrue([
      for query in values(module.lake.named_queries) :
      length(split("?", join("\n", [for line in split("\n", query.query) : line if !startswith(line, "--")]))) - 1 ==
      (contains(keys(module.lake.prepared_statements), "${query.name}.sql") ? length(split(",", module.lake.prepared_statements["${query.name}.sql"].description)) : 0)
    ])
    error_message = "Each question mark of a query has a name in its comment, and the query is a prepared statement."
  }
}

run "the_hosts_let_nobody_in_but_the_named_clients" {
  assert {
    condition = toset([
      for rule in concat(module.kafka[0].ingress_rules, module.flink.ingress_rules) : "${rule.cidr_ipv4} ${rule.from_port}"
      if rule.cidr_ipv4 != null
    ]) == toset(["203.0.113.7/32 9094"])
    error_message = "Only the named clients come in, and only at the listener with TLS."
  }

  assert {
    condition = alltrue([
      for instance in module.kafka[0].instances :
      instance.metadata_options[0].http_tokens == "required" && instance.root_block_device[0].encrypted
      ]) && alltrue([
      module.flink.template.metadata_options[0].http_tokens == "required",
      module.flink.template.block_device_mappings[0].ebs[0].encrypted == "true",
    ])
    error_message = "IMDSv2 and encrypted disks everywhere."
  }

  assert {
    condition     = alltrue([for volume in module.kafka[0].volumes : volume.encrypted])
    error_message = "Data volumes are encrypted."
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
    condition     = length(aws_cloudwatch_metric_alarm.host) + length(aws_cloudwatch_metric_alarm.job) + length(aws_cloudwatch_metric_alarm.broker) + length(aws_cloudwatch_event_rule.crawl_failed) == 0
    error_message = "Without a topic to send them to, alarms only cost."
  }

  assert {
    condition = length([
      for statement in concat(jsondecode(module.flink.policies[0]).Statement, jsondecode(module.kafka[0].policies[0]).Statement) : statement
      if contains(["PublishFigures", "SendLogs"], statement.Sid)
    ]) == 0
    error_message = "Without alarms and logs a host gives no figures to CloudWatch."
  }
}

run "hosts_and_publication_are_watched_for_whoever_names_a_topic" {
  variables {
    alarm_topics = ["arn:aws:sns:eu-central-1:123456789012:quotelake"]
  }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.host) == ["kafka-1"]
    error_message = "Each broker's host has an alarm."
  }

  assert {
    condition = alltrue([
      for alarm in concat(
        values(aws_cloudwatch_metric_alarm.host),
        values(aws_cloudwatch_metric_alarm.job),
        values(aws_cloudwatch_metric_alarm.broker),
      ) :
      contains(alarm.alarm_actions, "arn:aws:sns:eu-central-1:123456789012:quotelake")
    ])
    error_message = "Every alarm is sent to the topic."
  }

  assert {
    condition = (
      keys(aws_cloudwatch_event_target.crawl_failed) == ["arn:aws:sns:eu-central-1:123456789012:quotelake"] &&
      jsondecode(aws_cloudwatch_event_rule.crawl_failed[0].event_pattern).detail.crawlerName == [module.lake.crawler.name]
    )
    error_message = "A crawl that failed is told to the topic."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.job["nothing-published"].treat_missing_data == "notBreaching"
    error_message = "A market that is closed pages nobody."
  }
}

run "the_brokers_are_watched_by_their_own_figures" {
  variables {
    alarm_topics = ["arn:aws:sns:eu-central-1:123456789012:quotelake"]
  }

  assert {
    condition = alltrue([
      for alarm in values(aws_cloudwatch_metric_alarm.broker) :
      strcontains(file("host/publish-kafka-figures"), "figure ${alarm.metric_name} ") && alarm.namespace == module.kafka[0].settings[0].METRICS_NAMESPACE
    ])
    error_message = "An alarm waits for a figure that the host does not give."
  }

  assert {
    condition = alltrue([
      for name, rule in jsondecode(file("alarms.json")).broker :
      aws_cloudwatch_metric_alarm.broker["kafka-1-${name}"].threshold == try(rule.above, rule.below) &&
      aws_cloudwatch_metric_alarm.broker["kafka-1-${name}"].comparison_operator == (can(rule.above) ? "GreaterThanThreshold" : "LessThanThreshold") &&
      aws_cloudwatch_metric_alarm.broker["kafka-1-${name}"].evaluation_periods == rule.periods &&
      aws_cloudwatch_metric_alarm.broker["kafka-1-${name}"].metric_name == one(values(rule.figures)) &&
      aws_cloudwatch_metric_alarm.broker["kafka-1-${name}"].dimensions == tomap({ Host = "kafka-1" })
    ])
    error_message = "An alarm differs from alarms.json."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.broker["kafka-1-under-replicated"].treat_missing_data == "breaching"
    error_message = "A broker that says nothing is noticed."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(module.kafka[0].policies[0]).Statement :
      statement.Condition.StringEquals["cloudwatch:namespace"] == module.kafka[0].settings[0].METRICS_NAMESPACE
      if statement.Sid == "PublishFigures"
    ])
    error_message = "The brokers may give their figures to the alarms' namespace."
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
        for query in alarm.metric_query : strcontains(file("host/publish-figures"), "figure(\"${query.metric[0].metric_name}\", ")
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

  # What the hosts' tests make ring is what CloudWatch is told.
  assert {
    condition = alltrue([
      for name, rule in jsondecode(file("alarms.json")).job :
      aws_cloudwatch_metric_alarm.job[name].threshold == (name == "lag" ? 5000 : try(rule.above, rule.below)) &&
      aws_cloudwatch_metric_alarm.job[name].comparison_operator == (can(rule.above) ? "GreaterThanThreshold" : "LessThanThreshold") &&
      aws_cloudwatch_metric_alarm.job[name].evaluation_periods == rule.periods &&
      one([for query in aws_cloudwatch_metric_alarm.job[name].metric_query : query.expression if query.return_data]) == try(rule.expression, null) &&
      { for query in aws_cloudwatch_metric_alarm.job[name].metric_query : query.id => query.metric[0].metric_name if length(query.metric) > 0 } == { for id, figure in rule.figures : id => figure }
    ])
    error_message = "An alarm differs from alarms.json."
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

run "logs_are_kept_for_whoever_wants_them" {
  variables {
    log_days = 30
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.hosts[0].retention_in_days == 30 &&
      module.flink.settings.LOG_GROUP == "/quotelake/quotelake" && module.kafka[0].settings[0].LOG_GROUP == "/quotelake/quotelake"
    )
    error_message = "Hosts send their logs to the group that keeps them for so long."
  }
}

run "archives_are_pinned" {
  assert {
    condition     = can(regex("^[0-9a-f]{128}$", module.flink.settings.FLINK_SHA512)) && can(regex("^[0-9a-f]{128}$", module.kafka[0].settings[0].KAFKA_SHA512))
    error_message = "Hosts unpack what has the SHA-512 that is pinned, and nothing else."
  }
}

run "another_release_without_its_checksum_is_refused" {
  command = plan

  variables {
    flink_version = "2.2.0"
    kafka_version = "4.4.0"
  }

  expect_failures = [var.flink_sha512, var.kafka_sha512]
}

run "a_checksum_is_128_digits" {
  command = plan

  variables {
    kafka_sha512 = ""
    flink_sha512 = "C7D7B2318CB51AA0"
  }

  expect_failures = [var.flink_sha512, var.kafka_sha512]
}
