# The Flink host, the lake and the tables beside an Amazon MSK cluster that is there already, in the cluster's network and
# with IAM as the way to prove who comes: no password anywhere. For MSK Serverless say serverless = true.
#
# The topic stock_market is yours to make, with kafka-topics.sh and a role that may kafka-cluster:CreateTopic. IAM knows
# transactions on both kinds of clusters. The brokers' own settings (kafka-cluster:DescribeClusterDynamicConfiguration) it
# shows on provisioned ones only: on Serverless the job takes Kafka's default of 15 minutes for the longest transaction.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80, < 7"
    }
  }
}

variable "name" {
  description = "First part of every name."
  type        = string
  default     = "quotelake-msk"
}

variable "cluster_arn" {
  description = "The cluster's ARN: aws kafka list-clusters-v2."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kafka:[^:]+:[0-9]{12}:cluster/[^/]+/[^/]+$", var.cluster_arn))
    error_message = "cluster_arn: as arn:aws:kafka:eu-central-1:123456789012:cluster/NAME/UUID."
  }
}

variable "serverless" {
  description = "Whether it is a cluster of MSK Serverless."
  type        = bool
  default     = false
}

variable "bootstrap_servers" {
  description = "Its brokers for IAM, port 9098: aws kafka get-bootstrap-brokers --cluster-arn …."
  type        = string
}

variable "kafka_security_group_id" {
  description = "Its security group; the Flink host is let in."
  type        = string
}

variable "vpc_id" {
  description = "Its network."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of that network for the Flink host."
  type        = list(string)
}

variable "public_addresses" {
  description = "Whether the Flink host has an address that the internet reaches; without, the subnets have a NAT gateway."
  type        = bool
  default     = false
}

variable "bucket" {
  description = "Your bucket for the lake; null: one is made."
  type        = string
  default     = null
}

variable "partitions" {
  description = "Partitions of the topic."
  type        = number
  default     = 3
}

variable "force_destroy" {
  description = "Whether terraform destroy deletes the buckets with all that they hold."
  type        = bool
  default     = false
}

variable "alarm_topics" {
  description = "ARNs of SNS topics that alarms are sent to; without any no alarm is made."
  type        = list(string)
  default     = []
}

variable "log_days" {
  description = "Days that CloudWatch Logs keeps the logs of the host; 0: not sent there."
  type        = number
  default     = 0
}

variable "job_jar" {
  description = "The job's jar; null: the one that mvn package made in flink-job/target."
  type        = string
  default     = null
}

# Region and credentials come from the environment: AWS_REGION, AWS_PROFILE.
provider "aws" {
  default_tags {
    tags = { Project = "quotelake" }
  }
}

locals {
  topic = "stock_market"

  # Topics, groups and transactional ids have the cluster's ARN with another word in place of "cluster".
  topics       = replace(var.cluster_arn, ":cluster/", ":topic/")
  groups       = replace(var.cluster_arn, ":cluster/", ":group/")
  transactions = replace(var.cluster_arn, ":cluster/", ":transactional-id/")

  # For the role of whoever runs the producer: output producer_policy.
  producer_statements = [
    {
      Sid      = "Connect"
      Effect   = "Allow"
      Action   = ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", "kafka-cluster:WriteDataIdempotently"]
      Resource = var.cluster_arn
    },
    {
      Sid    = "SendQuotes"
      Effect = "Allow"
      Action = [
        "kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration",
        "kafka-cluster:ReadData", "kafka-cluster:WriteData",
      ]
      Resource = "${local.topics}/${local.topic}"
    },
    {
      Sid    = "KeepPositions"
      Effect = "Allow"
      Action = [
        "kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration",
        "kafka-cluster:ReadData", "kafka-cluster:WriteData",
      ]
      Resource = "${local.topics}/${local.topic}.producer-positions"
    },
    {
      Sid      = "SendInTransactions"
      Effect   = "Allow"
      Action   = ["kafka-cluster:AlterTransactionalId", "kafka-cluster:DescribeTransactionalId"]
      Resource = "${local.transactions}/*"
    },
  ]

  job_statements = [
    {
      Sid    = "ConnectToBrokers"
      Effect = "Allow"
      Action = concat(
        ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", "kafka-cluster:WriteDataIdempotently"],
        var.serverless ? [] : ["kafka-cluster:DescribeClusterDynamicConfiguration"],
      )
      Resource = var.cluster_arn
    },
    {
      Sid    = "ReadQuotes"
      Effect = "Allow"
      Action = [
        "kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration", "kafka-cluster:ReadData",
      ]
      Resource = "${local.topics}/${local.topic}"
    },
    {
      Sid    = "WriteDeadLetters"
      Effect = "Allow"
      Action = [
        "kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration",
        "kafka-cluster:ReadData", "kafka-cluster:WriteData",
      ]
      Resource = "${local.topics}/${local.topic}.dead-letters"
    },
    {
      Sid      = "CommitDeadLetters"
      Effect   = "Allow"
      Action   = ["kafka-cluster:AlterTransactionalId", "kafka-cluster:DescribeTransactionalId"]
      Resource = "${local.transactions}/quotelake/*"
    },
    {
      Sid      = "CommitOffsets"
      Effect   = "Allow"
      Action   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
      Resource = "${local.groups}/quotelake-*"
    },
  ]
}

module "quotelake" {
  source                  = "../.."
  name                    = var.name
  vpc_id                  = var.vpc_id
  subnet_ids              = var.subnet_ids
  public_addresses        = var.public_addresses
  bucket                  = var.bucket
  bootstrap_servers       = var.bootstrap_servers
  kafka_security_group_id = var.kafka_security_group_id
  partitions              = var.partitions
  force_destroy           = var.force_destroy
  alarm_topics            = var.alarm_topics
  log_days                = var.log_days
  job_jar                 = var.job_jar
  kafka_statements        = local.job_statements

  # The same four lines serve job, producer and verify (--kafka-config).
  kafka_properties = {
    "security.protocol"                  = "SASL_SSL"
    "sasl.mechanism"                     = "AWS_MSK_IAM"
    "sasl.jaas.config"                   = "software.amazon.msk.auth.iam.IAMLoginModule required;"
    "sasl.client.callback.handler.class" = "software.amazon.msk.auth.iam.IAMClientCallbackHandler"
  }
}

output "next" {
  description = "The next commands."
  value       = module.quotelake.next
}

output "bucket" {
  description = "The lake's bucket."
  value       = module.quotelake.bucket
}

output "producer_policy" {
  description = "What the producer's role may do, as JSON."
  value       = jsonencode({ Version = "2012-10-17", Statement = local.producer_statements })
}

output "job_policy" {
  description = "What the Flink host's role may do at the brokers, as JSON."
  value       = jsonencode({ Version = "2012-10-17", Statement = local.job_statements })
}
