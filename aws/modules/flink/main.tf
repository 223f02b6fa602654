# One host with a standalone Flink cluster; the job and the configuration come from the local build.

data "aws_region" "current" {}

data "aws_ec2_instance_type" "this" {
  instance_type = var.instance_type
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${data.aws_ec2_instance_type.this.supported_architectures[0]}"
}

locals {
  host = "${path.module}/../../host"

  artifacts = merge(
    {
      "quotelake-flink-job.jar" = var.job_jar
      "bin/publish-figures"     = "${local.host}/publish-figures"
      "bin/run-flink"           = "${local.host}/run-flink"
      "bin/run-job"             = "${local.host}/run-job"
    },
    { for name in fileset("${var.flink_conf}", "*") : "flink-conf/${name}" => "${var.flink_conf}/${name}" },
  )
  hashes = { for key, path in local.artifacts : key => fileexists(path) ? filesha256(path) : "" }

  settings = {
    ARCHIVE                 = var.archive
    ARTIFACTS               = "s3://${module.artifacts.name}"
    AWS_REGION              = data.aws_region.current.name
    AWS_S3_BUCKET           = var.bucket.name
    DATE_GRANULARITY        = var.date_granularity
    JOB_OPTIONS             = var.job_options
    FLINK_VERSION           = var.flink_version
    KAFKA_BOOTSTRAP_SERVERS = var.bootstrap_servers
    KAFKA_TOPIC             = var.topic
    METRICS_NAMESPACE       = var.metrics_namespace
    # Not read on the host: another build makes another host, which resumes from the newest checkpoint.
    BUILD = sha256(jsonencode(local.hashes))
  }
}

locals {
  # CloudWatch knows no resources here, only namespaces.
  figures_statements = var.metrics_namespace == "" ? [] : [{
    Sid       = "PublishFigures"
    Effect    = "Allow"
    Action    = "cloudwatch:PutMetricData"
    Resource  = "*"
    Condition = { StringEquals = { "cloudwatch:namespace" = var.metrics_namespace } }
  }]
}

module "artifacts" {
  source                   = "../bucket"
  prefix                   = "${var.name}-artifacts"
  abort_uploads_after_days = 1
  force_destroy            = var.force_destroy
}

resource "aws_s3_object" "artifact" {
  for_each    = local.artifacts
  bucket      = module.artifacts.name
  key         = each.key
  source      = each.value
  source_hash = local.hashes[each.key]

  lifecycle {
    precondition {
      condition     = fileexists(each.value)
      error_message = "${each.value} is missing: build the project first, with mvn -DskipTests package at its root."
    }
  }
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
  description                  = "The brokers' inside listener"
  referenced_security_group_id = var.brokers_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9092
  to_port                      = 9092
}

resource "aws_vpc_security_group_ingress_rule" "kafka" {
  security_group_id            = var.brokers_security_group_id
  description                  = "The Flink job"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 9092
  to_port                      = 9092
}

resource "aws_instance" "this" {
  ami                         = data.aws_ssm_parameter.image.insecure_value
  instance_type               = var.instance_type
  subnet_id                   = var.subnet_id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.this.id]
  iam_instance_profile        = aws_iam_instance_profile.this.name
  user_data_replace_on_change = true
  user_data_base64 = base64gzip(join("\n", concat(
    ["#!/usr/bin/env bash"],
    [for key, value in local.settings : "export ${key}='${value}'"],
    [file("${local.host}/flink.sh")],
  )))
  tags = { Name = "${var.name}-flink" }

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    encrypted   = true
    volume_type = "gp3"
    volume_size = 16
  }

  lifecycle {
    ignore_changes = [ami]
  }

  # The host must find its artifacts and be allowed to read them.
  depends_on = [aws_s3_object.artifact, aws_iam_role_policy.this]
}

resource "aws_iam_role" "this" {
  name_prefix = "${var.name}-flink-"
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

# The table's prefix is only ever added to: what lies there can't be deleted by the job.
resource "aws_iam_role_policy" "this" {
  name = "flink-host"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.figures_statements, [
      {
        Sid    = "WriteTable"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ]
        Resource = "${var.bucket.arn}/${var.topic}/*"
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
        Condition = {
          StringLike = {
            "s3:prefix" = flatten([for prefix in [var.topic, "checkpoints", "savepoints"] : [prefix, "${prefix}/*"]])
          }
        }
      },
      {
        Sid      = "ReadArtifacts"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${module.artifacts.arn}/*"
      },
      {
        Sid      = "ListArtifacts"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = module.artifacts.arn
      },
      var.session_statement,
    ])
  })
}
