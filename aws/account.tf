# What an account has already: network, keys, boundary, bucket, brokers. Without these variables all of it is made.

variable "vpc_id" {
  description = "Your network; null: one of its own is made."
  type        = string
  default     = null
}

variable "subnet_ids" {
  description = "Subnets of vpc_id, one a zone, at least as many as brokers. From each the hosts must reach S3, EC2, Systems Manager, CloudWatch, the distribution's packages and the archive of Apache."
  type        = list(string)
  default     = []

  validation {
    condition     = (var.vpc_id == null) == (length(var.subnet_ids) == 0)
    error_message = "subnet_ids: with vpc_id name its subnets, as [\"subnet-0123\", \"subnet-4567\"]; without it none."
  }

  validation {
    condition     = var.vpc_id == null || var.bootstrap_servers != null || length(var.subnet_ids) >= var.brokers
    error_message = "subnet_ids: one a broker, so that no zone takes two of them."
  }
}

variable "public_addresses" {
  description = "Whether hosts have addresses that the internet reaches. Without, client_cidrs are networks that reach vpc_id by themselves, and its subnets have a way out, as through a NAT gateway."
  type        = bool
  default     = true

  validation {
    condition     = var.public_addresses || var.vpc_id != null
    error_message = "public_addresses: the network that is made here has no other way out; name vpc_id and subnet_ids for hosts without."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts buckets, disks and query results; null: keys of AWS's own. Its policy must let EC2 Auto Scaling use it for the Flink host's disk."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[^:]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "kms_key_arn: the ARN of a key, as arn:aws:kms:eu-central-1:123456789012:key/…; an alias is none."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of all roles that are made here; null: none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn: the ARN of a policy, as arn:aws:iam::123456789012:policy/boundary."
  }
}

variable "bucket" {
  description = "Your bucket for the lake; null: one is made. Its rules, policy and notifications stay yours: the crawler then reads all folders, and uploads that never ended must live as long as savepoints do."
  type        = string
  default     = null
}

variable "bootstrap_servers" {
  description = "Your brokers, as HOST:PORT[,HOST:PORT...], of one port; null: brokers are made. The topic stock_market must be there."
  type        = string
  default     = null

  validation {
    condition     = var.bootstrap_servers == null || can(regex("^[^,:]+:[0-9]+(,[^,:]+:[0-9]+)*$", var.bootstrap_servers))
    error_message = "bootstrap_servers: HOST:PORT[,HOST:PORT...]."
  }

  validation {
    condition     = var.bootstrap_servers == null || (var.vpc_id != null && var.kafka_security_group_id != null)
    error_message = "bootstrap_servers: name vpc_id and subnet_ids, from which they are reached, and kafka_security_group_id, which lets the job in."
  }
}

variable "kafka_security_group_id" {
  description = "Security group of the brokers that bootstrap_servers names."
  type        = string
  default     = null
}

variable "kafka_properties" {
  description = "How the job proves who it is to these brokers, as Kafka's own settings. No passwords: those stay in a parameter, see kafka_properties_parameter."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for value in values(var.kafka_properties) : !strcontains(value, "password")])
    error_message = "kafka_properties: a password would stand in Terraform's state and in the artifact bucket. Write the settings into a SecureString of Parameter Store and name it with kafka_properties_parameter."
  }
}

variable "kafka_properties_parameter" {
  description = "Name of a SecureString in Parameter Store that holds a properties file for Kafka's clients; in place of kafka_properties; empty: none."
  type        = string
  default     = ""

  validation {
    condition     = var.kafka_properties_parameter == "" || (length(var.kafka_properties) == 0 && startswith(var.kafka_properties_parameter, "/"))
    error_message = "kafka_properties_parameter: a name as /team/kafka-client, and no kafka_properties beside it."
  }
}

variable "kafka_statements" {
  description = "Policy statements for the Flink host, for brokers that ask IAM what it may do: see examples/msk."
  type        = any
  default     = []
}

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

data "aws_subnet" "theirs" {
  count = length(var.subnet_ids)
  id    = var.subnet_ids[count.index]

  lifecycle {
    postcondition {
      condition     = self.vpc_id == var.vpc_id
      error_message = "subnet_ids: ${var.subnet_ids[count.index]} is not in ${var.vpc_id}."
    }
  }
}

locals {
  network = var.vpc_id == null ? module.network[0] : { vpc_id = var.vpc_id, subnets = data.aws_subnet.theirs }
  brokers = one(module.kafka)
  # What the Flink host needs to know of the brokers.
  kafka = var.bootstrap_servers == null ? {
    bootstrap_servers = local.brokers.inside
    security_group_id = local.brokers.security_group_id
    password          = "${local.brokers.parameters}/passwords/quotelake-job"
    } : {
    bootstrap_servers = var.bootstrap_servers
    security_group_id = var.kafka_security_group_id
    password          = ""
  }

  key_statements = var.kms_key_arn == null ? [] : [{
    Sid      = "UseKey"
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource = var.kms_key_arn
  }]

  settings_statements = var.kafka_properties_parameter == "" ? [] : [{
    Sid      = "ReadKafkaSettings"
    Effect   = "Allow"
    Action   = "ssm:GetParameter"
    Resource = join(":", ["arn", data.aws_partition.current.partition, "ssm", data.aws_region.current.name, data.aws_caller_identity.current.account_id, "parameter${var.kafka_properties_parameter}"])
  }]
}
