# What a change does to three brokers that are there, and what is refused: nothing is stopped, changed or replaced but by
# aws/roll, one after another.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  client_cidrs  = ["203.0.113.7/32"]
  force_destroy = true
  brokers       = 3
  # Any file stands for the jar: nothing reads it here.
  job_jar = "./table/columns.json"
}

run "three_brokers_keep_three_copies_and_want_two" {
  assert {
    condition = alltrue([
      for settings in module.kafka[0].settings :
      settings.REPLICATION == 3 && settings.MIN_ISR == 2 && length(split(",", settings.QUORUM)) == 3
    ])
    error_message = "Replication 3, two in sync, a quorum of three."
  }

  assert {
    condition     = length(module.kafka[0].settings[0].CLUSTER_ID) == 22 && length(distinct(module.kafka[0].settings[*].CLUSTER_ID)) == 1
    error_message = "A cluster's id is 16 bytes in base64, the same on all brokers."
  }

  assert {
    condition     = length(distinct(output.broker_instances)) == 3
    error_message = "Three hosts."
  }
}

run "other_versions_settings_types_and_options_touch_no_host" {
  variables {
    kafka_version        = "4.4.0"
    kafka_sha512         = "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    broker_heap_mib      = 1024
    broker_instance_type = "m7g.large"
    broker_disk_gib      = 20
    flink_version        = "2.3.0"
    flink_instance_type  = "m7g.large"
    job_options          = "--compression zstd"
    partitions           = 6
    job_jar              = "./variables.tf"
  }

  assert {
    condition     = output.broker_instances == run.three_brokers_keep_three_copies_and_want_two.broker_instances
    error_message = "A broker was replaced."
  }

  assert {
    condition     = alltrue([for instance in module.kafka[0].instances : instance.instance_type == "t4g.small"])
    error_message = "Brokers would be stopped all at once for another instance type."
  }

  assert {
    condition     = alltrue([for instance in module.kafka[0].instances : instance.tags.InstanceType == "m7g.large"])
    error_message = "aws/roll finds the wanted instance type in a tag."
  }

  assert {
    condition     = alltrue([for settings in module.kafka[0].settings : settings.KAFKA_VERSION == "4.4.0" && settings.HEAP_MIB == 1024 && settings.DISK_GIB == 20])
    error_message = "The settings that aws/roll brings to the hosts are the new ones."
  }

  assert {
    condition     = alltrue([for volume in module.kafka[0].volumes : volume.size == 20])
    error_message = "Volumes grow in place."
  }

  assert {
    condition     = length(module.flink.group.instance_refresh) == 0 && module.flink.group.min_size == 1 && module.flink.group.max_size == 1
    error_message = "The Flink host is not replaced by a change; there is one, and never two."
  }

  assert {
    condition     = length(module.flink.group.vpc_zone_identifier) == length(module.network[0].subnets)
    error_message = "The Flink host may be in each zone."
  }
}

run "another_script_touches_no_host" {
  assert {
    condition     = output.broker_instances == run.three_brokers_keep_three_copies_and_want_two.broker_instances
    error_message = "A broker was replaced."
  }

  assert {
    condition     = alltrue([for script in fileset("host", "*") : contains(keys(module.artifacts.objects), "host/${script}") || script == "boot.sh"])
    error_message = "Every script but the first is fetched from the artifact bucket, where it may change."
  }
}

run "one_broker_instead_of_three_is_refused" {
  command = plan
  variables {
    brokers = 1
  }
  expect_failures = [output.bootstrap_servers]
}
