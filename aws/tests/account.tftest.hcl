# What an account has already: each variable's plan, and what is refused.

mock_provider "aws" {
  source = "./tests/mocks"
}

override_data {
  target = data.aws_subnet.theirs
  values = { id = "subnet-1", vpc_id = "vpc-theirs", availability_zone = "eu-central-1a" }
}

variables {
  client_cidrs  = ["203.0.113.7/32"]
  force_destroy = true
  # Any file stands for the jar: nothing reads it here.
  job_jar = "./table/columns.json"
}

run "all_of_the_instance_is_used" {
  assert {
    condition     = module.flink.settings.PARALLELISM == 2 && module.flink.settings.SLOTS == 4 && module.flink.settings.TASK_MANAGER_MIB == 1600
    error_message = "A subtask a core, as many slots again, and the memory that JobManager and system leave of 4 GiB."
  }
}

run "no_more_subtasks_than_partitions" {
  variables {
    partitions = 1
  }
  assert {
    condition     = module.flink.settings.PARALLELISM == 1
    error_message = "A subtask without a partition stands idle."
  }
}

run "parallelism_slots_and_memory_can_be_said" {
  variables {
    parallelism             = 6
    slots                   = 8
    task_manager_memory_mib = 5000
  }
  assert {
    condition     = module.flink.settings.PARALLELISM == 6 && module.flink.settings.SLOTS == 8 && module.flink.settings.TASK_MANAGER_MIB == 5000
    error_message = "What is said is not what the host is told."
  }
}

run "task_managers_share_memory_and_slots" {
  variables {
    parallelism         = 3
    task_managers       = 2
    flink_instance_type = "m7g.xlarge"
  }
  override_data {
    target = module.flink.data.aws_ec2_instance_type.this
    values = { supported_architectures = ["arm64"], default_vcpus = 4, memory_size = 16384 }
  }
  assert {
    condition     = module.flink.settings.TASK_MANAGERS == 2 && module.flink.settings.SLOTS == 3 && module.flink.settings.TASK_MANAGER_MIB == 6944
    error_message = "Two TaskManagers with three of six slots and half of the memory each."
  }
}

run "fewer_slots_than_subtasks_are_refused" {
  command = plan
  variables {
    parallelism = 4
    slots       = 2
  }
  expect_failures = [var.slots]
}

run "their_network_is_used_and_none_is_made" {
  variables {
    vpc_id     = "vpc-theirs"
    subnet_ids = ["subnet-1"]
  }
  assert {
    condition     = length(module.network) == 0 && toset(module.flink.group.vpc_zone_identifier) == toset(["subnet-1"])
    error_message = "The hosts are in another network than theirs."
  }
}

run "a_network_without_subnets_is_refused" {
  command = plan
  variables {
    vpc_id = "vpc-theirs"
  }
  expect_failures = [var.subnet_ids]
}

run "a_subnet_of_another_network_is_refused" {
  command = plan
  variables {
    vpc_id     = "vpc-another"
    subnet_ids = ["subnet-1"]
  }
  expect_failures = [data.aws_subnet.theirs]
}

run "fewer_subnets_than_brokers_are_refused" {
  command = plan
  variables {
    vpc_id     = "vpc-theirs"
    subnet_ids = ["subnet-1"]
    brokers    = 3
  }
  expect_failures = [var.subnet_ids]
}

run "private_hosts_have_no_public_address" {
  variables {
    vpc_id           = "vpc-theirs"
    subnet_ids       = ["subnet-1"]
    public_addresses = false
  }
  assert {
    condition     = module.flink.template.network_interfaces[0].associate_public_ip_address == "false"
    error_message = "The Flink host has a public address."
  }
  assert {
    condition     = output.bootstrap_servers == "10.71.0.10:9094" && module.kafka[0].settings[0].OUTSIDE_ADDRESS == "10.71.0.10"
    error_message = "Clients are sent to another address than the broker's private one."
  }
}

run "private_hosts_without_a_way_out_are_refused" {
  command = plan
  variables {
    public_addresses = false
  }
  expect_failures = [var.public_addresses]
}

run "their_key_encrypts_disks_and_may_be_used" {
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1234"
  }
  assert {
    condition = (
      alltrue([for volume in module.kafka[0].volumes : volume.kms_key_id == var.kms_key_arn]) &&
      alltrue([for instance in module.kafka[0].instances : instance.root_block_device[0].kms_key_id == var.kms_key_arn]) &&
      module.flink.template.block_device_mappings[0].ebs[0].kms_key_id == var.kms_key_arn
    )
    error_message = "A disk has another key."
  }
  assert {
    condition = alltrue([
      for policy in [module.lake.policies[0], module.kafka[0].policies[0], module.flink.policies[0]] :
      anytrue([for statement in jsondecode(policy).Statement : statement.Resource == var.kms_key_arn])
    ])
    error_message = "A role may not use the key that its bucket wants."
  }
  assert {
    condition     = module.lake.workgroup.configuration[0].result_configuration[0].encryption_configuration[0].kms_key_arn == var.kms_key_arn
    error_message = "Query results have another key."
  }
}

run "a_bucket_has_their_key" {
  module {
    source = "./modules/bucket"
  }
  variables {
    prefix                   = "quotelake-lake"
    abort_uploads_after_days = 30
    kms_key_arn              = "arn:aws:kms:eu-central-1:123456789012:key/1234"
  }
  assert {
    condition = (
      one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).kms_master_key_id == var.kms_key_arn &&
      one(aws_s3_bucket_server_side_encryption_configuration.this.rule).bucket_key_enabled
    )
    error_message = "The bucket has another key."
  }
}

run "an_alias_is_no_key" {
  command = plan
  variables {
    kms_key_arn = "alias/quotelake"
  }
  expect_failures = [var.kms_key_arn]
}

run "every_role_has_their_boundary" {
  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
  }
  assert {
    condition     = toset(concat(module.lake.boundaries, module.kafka[0].boundaries, module.flink.boundaries)) == toset([var.permissions_boundary_arn])
    error_message = "A role is made without the boundary."
  }
}

run "their_bucket_is_used_and_its_rules_stay_theirs" {
  variables {
    bucket = "their-lake"
  }
  assert {
    condition     = output.bucket == "their-lake" && module.lake.new_files == null
    error_message = "Another bucket, or what their bucket tells is changed."
  }
  assert {
    condition     = module.lake.crawler.recrawl_policy[0].recrawl_behavior == "CRAWL_EVERYTHING"
    error_message = "Nobody tells the crawler of new files: it has to look."
  }
  assert {
    condition     = contains(flatten([for statement in jsondecode(module.flink.policies[0]).Statement : statement.Resource]), "arn:aws:s3:::their-lake/stock_market/*")
    error_message = "The job may not write there."
  }
}

run "their_brokers_are_used_and_none_are_made" {
  variables {
    client_cidrs               = []
    vpc_id                     = "vpc-theirs"
    subnet_ids                 = ["subnet-1"]
    bootstrap_servers          = "b-1.example:9096,b-2.example:9096"
    kafka_security_group_id    = "sg-theirs"
    kafka_properties_parameter = "/team/kafka-client"
    alarm_topics               = ["arn:aws:sns:eu-central-1:123456789012:quotelake"]
  }
  assert {
    condition = (
      length(module.kafka) == 0 && module.flink.settings.KAFKA_BOOTSTRAP_SERVERS == var.bootstrap_servers &&
      module.flink.settings.KAFKA_PARAMETER == "/team/kafka-client" && module.flink.settings.PASSWORD_PARAMETER == ""
    )
    error_message = "The job is sent to other brokers."
  }
  assert {
    condition     = one(module.flink.ingress_rules).security_group_id == "sg-theirs" && one(module.flink.ingress_rules).from_port == 9096
    error_message = "Their brokers don't let the job in."
  }
  assert {
    condition     = contains(flatten([for statement in jsondecode(module.flink.policies[0]).Statement : statement.Resource]), "arn:aws:ssm:eu-central-1:123456789012:parameter/team/kafka-client")
    error_message = "The host may not read how the job proves who it is."
  }
}

run "brokers_without_a_network_are_refused" {
  command = plan
  variables {
    bootstrap_servers = "b-1.example:9096"
  }
  expect_failures = [var.bootstrap_servers]
}

run "a_password_in_the_settings_is_refused" {
  command = plan
  variables {
    kafka_properties = { "sasl.jaas.config" = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\" password=\"b\";" }
  }
  expect_failures = [var.kafka_properties]
}
