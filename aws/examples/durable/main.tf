# Three brokers in three zones, replication 3, two replicas in sync: a zone may fail and no acknowledged quote is lost.
# Some 290 US dollars a month. The Flink host is one, over three zones: when it
# or its zone dies, another one resumes from the newest checkpoint.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80, < 7"
    }
  }
}

variable "client_cidrs" {
  description = "Networks from which producers reach the brokers, as [\"203.0.113.7/32\"]."
  type        = list(string)
}

variable "date_granularity" {
  description = "day, month or year."
  type        = string
  default     = "day"
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
  description = "Days that CloudWatch Logs keeps the logs of the hosts; 0: not sent there."
  type        = number
  default     = 0
}

variable "further_tables" {
  description = "Further prefixes of the bucket that jobs may write, for replays and backfills."
  type        = list(string)
  default     = []
}

variable "table_prefix" {
  description = "Prefix of the bucket that the tables read; null: stock_market, which the job writes."
  type        = string
  default     = null
}

# Region and credentials come from the environment: AWS_REGION, AWS_PROFILE.
provider "aws" {
  default_tags {
    tags = { Project = "quotelake" }
  }
}

module "quotelake" {
  source           = "../.."
  client_cidrs     = var.client_cidrs
  date_granularity = var.date_granularity
  force_destroy    = var.force_destroy
  alarm_topics     = var.alarm_topics
  log_days         = var.log_days
  further_tables   = var.further_tables
  table_prefix     = var.table_prefix

  name                 = "quotelake-durable"
  brokers              = 3
  broker_instance_type = "m7g.large"
  broker_heap_mib      = 3072
  broker_disk_gib      = 100
  partitions           = 6
  flink_instance_type  = "m7g.large"
  savepoint_days       = 90
}

output "next" {
  description = "The next commands."
  value       = module.quotelake.next
}

output "bucket" {
  description = "The lake's bucket."
  value       = module.quotelake.bucket
}

output "bootstrap_servers" {
  description = "The brokers' addresses for clients."
  value       = module.quotelake.bootstrap_servers
}
