# Brokers that are also the controllers (KRaft): one a subnet, each with an address and a data volume that outlive it.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

data "aws_ec2_instance_type" "this" {
  instance_type = var.instance_type
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${data.aws_ec2_instance_type.this.supported_architectures[0]}"
}

locals {
  host       = "${path.module}/../../host"
  ids        = range(1, var.brokers + 1)
  parameters = "/${var.name}/kafka"

  addresses = [for interface in aws_network_interface.this : interface.private_ip]
  # Where clients find them.
  outside = var.public_addresses ? aws_eip.this[*].public_dns : local.addresses
  quorum  = join(",", [for index, address in local.addresses : "${index + 1}@${address}:9093"])
  # 16 bytes in base64, as Kafka wants a cluster's id: the same as long as the name is.
  cluster_id = trimsuffix(base64encode(substr(md5(var.name), 0, 16)), "==")

  # Each a file of the artifact bucket, host/NAME.env: a change of one changes no host by itself, see aws/roll.
  settings = [for index, id in local.ids : {
    ARCHIVE           = var.archive
    ARTIFACTS         = "s3://${var.artifacts.name}"
    AWS_REGION        = data.aws_region.current.name
    CLUSTER_ID        = local.cluster_id
    DATA_VOLUME       = aws_ebs_volume.data[index].id
    DISK_GIB          = var.disk_gib
    HEAP_MIB          = var.heap_mib
    HOST              = "kafka-${id}"
    INSIDE_ADDRESS    = local.addresses[index]
    KAFKA_SHA512      = var.kafka_sha512
    KAFKA_VERSION     = var.kafka_version
    LOG_GROUP         = var.log_group
    METRICS_NAMESPACE = var.metrics_namespace
    MIN_ISR           = max(1, var.brokers - 1)
    NODE_ID           = id
    OUTSIDE_ADDRESS   = local.outside[index]
    PARAMETERS        = local.parameters
    PARTITIONS        = var.partitions
    QUORUM            = local.quorum
    REPLICATION       = var.brokers
    TABLES            = join(",", var.further_tables)
    TOPIC             = var.topic
  }]
}

resource "aws_s3_object" "settings" {
  count   = var.brokers
  bucket  = var.artifacts.name
  key     = "host/kafka-${local.ids[count.index]}.env"
  content = join("", [for key, value in local.settings[count.index] : "${key}='${value}'\n"])
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-kafka-"
  description = "Kafka brokers"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "outside" {
  for_each          = toset(var.client_cidrs)
  security_group_id = aws_security_group.this.id
  description       = "Clients: SASL/SCRAM over TLS"
  cidr_ipv4         = each.key
  ip_protocol       = "tcp"
  from_port         = 9094
  to_port           = 9094
}

resource "aws_vpc_security_group_ingress_rule" "brokers" {
  security_group_id            = aws_security_group.this.id
  description                  = "Brokers and controllers among themselves"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 9092
  to_port                      = 9093
}

resource "aws_vpc_security_group_egress_rule" "brokers" {
  security_group_id            = aws_security_group.this.id
  description                  = "Brokers and controllers among themselves"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 9092
  to_port                      = 9093
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "Packages, the archive and AWS itself"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_network_interface" "this" {
  count           = var.brokers
  subnet_id       = var.subnets[count.index].id
  security_groups = [aws_security_group.this.id]
  tags            = { Name = "${var.name}-kafka-${local.ids[count.index]}" }
}

resource "aws_eip" "this" {
  count             = var.public_addresses ? var.brokers : 0
  domain            = "vpc"
  network_interface = aws_network_interface.this[count.index].id
  tags              = { Name = "${var.name}-kafka-${local.ids[count.index]}" }
}

resource "aws_ebs_volume" "data" {
  count             = var.brokers
  availability_zone = var.subnets[count.index].availability_zone
  size              = var.disk_gib
  type              = "gp3"
  encrypted         = true
  kms_key_id        = var.kms_key_arn
  tags              = { Name = "${var.name}-kafka-${local.ids[count.index]}" }
}

# What a host does is in the artifact bucket. Terraform makes hosts and their disks, and never stops, changes or replaces
# one that is there: aws/roll does, one after another. (-replace='module.….aws_instance.this[0]' makes that one anew.)
resource "aws_instance" "this" {
  count                = var.brokers
  ami                  = data.aws_ssm_parameter.image.insecure_value
  instance_type        = var.instance_type
  iam_instance_profile = aws_iam_instance_profile.this.name
  user_data_base64 = base64gzip(join("\n", [
    "#!/usr/bin/env bash",
    "export ARTIFACTS='s3://${var.artifacts.name}' AWS_REGION='${data.aws_region.current.name}'",
    "export HOST='kafka-${local.ids[count.index]}' ROLE='kafka'",
    file("${local.host}/boot.sh"),
  ]))
  # InstanceType is what aws/roll makes it.
  tags = { Name = "${var.name}-kafka-${local.ids[count.index]}", InstanceType = var.instance_type }

  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.this[count.index].id
  }

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    encrypted   = true
    kms_key_id  = var.kms_key_arn
    volume_type = "gp3"
    volume_size = 8
  }

  lifecycle {
    ignore_changes = [ami, instance_type, user_data_base64]
  }

  # The host must find its settings and be allowed to read them.
  depends_on = [aws_s3_object.settings, aws_iam_role_policy.this]
}

resource "aws_volume_attachment" "data" {
  count                          = var.brokers
  device_name                    = "/dev/sdf"
  volume_id                      = aws_ebs_volume.data[count.index].id
  instance_id                    = aws_instance.this[count.index].id
  stop_instance_before_detaching = true
}

resource "aws_iam_role" "this" {
  permissions_boundary = var.permissions_boundary_arn
  name_prefix          = "${var.name}-kafka-"
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
  name_prefix = "${var.name}-kafka-"
  role        = aws_iam_role.this.name
}

resource "aws_iam_role_policy" "this" {
  name = "kafka-host"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(var.host_statements, [
      {
        Sid      = "PasswordsAndCertificates"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter", "ssm:PutParameter"]
        Resource = join(":", ["arn", data.aws_partition.current.partition, "ssm", data.aws_region.current.name, data.aws_caller_identity.current.account_id, "parameter${local.parameters}/*"])
      },
    ])
  })
}
