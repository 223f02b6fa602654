# One host with a standalone Flink cluster that runs the job.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

data "aws_ec2_instance_type" "this" {
  instance_type = var.instance_type
}

locals {
  # The table and those that replays and backfills write.
  tables = concat([var.topic], var.further_tables)

  port = tonumber(regex("[0-9]+$", var.bootstrap_servers))

  # All of the instance is used: a subtask a core, and for the TaskManagers what JobManager (1,600 MiB) and system leave.
  parallelism = coalesce(var.parallelism, min(data.aws_ec2_instance_type.this.default_vcpus, var.partitions))
  memory_mib  = coalesce(var.task_manager_memory_mib, floor((data.aws_ec2_instance_type.this.memory_size - 1600 - 896) / var.task_managers))

  # A file of the artifact bucket: a change of it changes no host by itself, see aws/roll.
  settings = {
    ARCHIVE                 = var.archive
    ARTIFACTS               = "s3://${var.artifacts.name}"
    AWS_REGION              = data.aws_region.current.name
    AWS_S3_BUCKET           = var.bucket.name
    DATE_GRANULARITY        = var.date_granularity
    FLINK_SHA512            = var.flink_sha512
    FLINK_VERSION           = var.flink_version
    JOB_OPTIONS             = var.job_options
    KAFKA_BOOTSTRAP_SERVERS = var.bootstrap_servers
    KAFKA_TOPIC             = var.topic
    LOG_GROUP               = var.log_group
    METRICS_NAMESPACE       = var.metrics_namespace
    KAFKA_PROPERTIES        = length(var.properties) == 0 ? "" : "kafka.properties"
    KAFKA_PARAMETER         = var.properties_parameter
    PARALLELISM             = local.parallelism
    PASSWORD_PARAMETER      = var.password_parameter
    SLOTS                   = ceil(coalesce(var.slots, 2 * local.parallelism) / var.task_managers)
    TASK_MANAGER_MIB        = local.memory_mib
    TASK_MANAGERS           = var.task_managers
  }
}

resource "aws_s3_object" "settings" {
  bucket  = var.artifacts.name
  key     = "host/flink.env"
  content = join("", [for key, value in local.settings : "${key}='${value}'\n"])
}

# How the job proves who it is, where that is no secret.
resource "aws_s3_object" "kafka_properties" {
  count   = length(var.properties) > 0 ? 1 : 0
  bucket  = var.artifacts.name
  key     = "host/kafka.properties"
  content = join("", [for key, value in var.properties : "${key}=${value}\n"])
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-flink-"
  description = "Flink host: lets nothing in, the web UI is reached through a Session Manager tunnel"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "Packages, the archive and AWS itself"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "kafka" {
  security_group_id            = aws_security_group.this.id
  description                  = "The brokers"
  referenced_security_group_id = var.brokers_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_ingress_rule" "kafka" {
  security_group_id            = var.brokers_security_group_id
  description                  = "The Flink job"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

# A group of one over all zones: when the host or its zone dies, another one comes up and resumes the job. Two of them at
# once, as while a dead one lingers, do no harm: the table's owner object lets one write.
resource "aws_launch_template" "this" {
  name_prefix = "${var.name}-flink-"
  # The newest image at the moment when a host is made.
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${data.aws_ec2_instance_type.this.supported_architectures[0]}"
  instance_type = var.instance_type
  user_data = base64gzip(join("\n", [
    "#!/usr/bin/env bash",
    "export ARTIFACTS='s3://${var.artifacts.name}' AWS_REGION='${data.aws_region.current.name}'",
    "export HOST='flink' ROLE='flink'",
    file("${path.module}/../../host/boot.sh"),
  ]))

  iam_instance_profile {
    arn = aws_iam_instance_profile.this.arn
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  network_interfaces {
    associate_public_ip_address = var.public_address
    security_groups             = [aws_security_group.this.id]
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted   = true
      kms_key_id  = var.kms_key_arn
      volume_type = "gp3"
      volume_size = 16
    }
  }

  # A host must find its settings and be allowed to read them.
  depends_on = [aws_s3_object.settings, aws_s3_object.kafka_properties, aws_iam_role_policy.this]

  lifecycle {
    precondition {
      condition     = local.memory_mib >= 1024
      error_message = "flink_instance_type: ${var.instance_type} leaves a TaskManager ${local.memory_mib} MiB, and 1,024 are the least; take a larger one, or fewer task_managers."
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name_prefix               = "${var.name}-flink-"
  min_size                  = 1
  max_size                  = 1
  desired_capacity          = 1
  vpc_zone_identifier       = var.subnet_ids
  health_check_type         = "EC2"
  health_check_grace_period = 300

  # Another template is for the next host: aws/roll --patch replaces the one that runs.
  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  tag {
    key                 = "Name"
    value               = "${var.name}-flink"
    propagate_at_launch = true
  }
}

resource "aws_iam_role" "this" {
  permissions_boundary = var.permissions_boundary_arn
  name_prefix          = "${var.name}-flink-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_instance_profile" "this" {
  name_prefix = "${var.name}-flink-"
  role        = aws_iam_role.this.name
}

locals {
  password_statements = var.password_parameter == "" ? [] : [{
    Sid      = "ReadOwnPassword"
    Effect   = "Allow"
    Action   = "ssm:GetParameter"
    Resource = join(":", ["arn", data.aws_partition.current.partition, "ssm", data.aws_region.current.name, data.aws_caller_identity.current.account_id, "parameter${var.password_parameter}"])
  }]
}

# The tables' prefixes are only ever added to: what lies there can't be deleted by the job.
resource "aws_iam_role_policy" "this" {
  name = "flink-host"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(var.host_statements, local.password_statements, [
      {
        Sid    = "WriteTables"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ]
        Resource = [for table in local.tables : "${var.bucket.arn}/${table}/*"]
      },
      {
        Sid      = "OwnTables"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = [for table in local.tables : "${var.bucket.arn}/${table}.owner.json"]
      },
      {
        Sid    = "KeepState"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ]
        Resource = ["${var.bucket.arn}/checkpoints/*", "${var.bucket.arn}/savepoints/*"]
      },
      {
        Sid      = "ListOwnPrefixes"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = var.bucket.arn
        # IfExists: S3 says "not there" instead of "denied" of an object only to whom it would list the bucket.
        Condition = {
          StringLikeIfExists = {
            "s3:prefix" = flatten([for prefix in concat(local.tables, ["checkpoints", "savepoints"]) : [prefix, "${prefix}/*", "${prefix}.owner.json"]])
          }
        }
      },
    ])
  })
}
