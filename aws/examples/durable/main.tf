# Three brokers in three zones, replication 3, two replicas in sync: a zone may fail and no acknowledged quote is lost.
# Some 290 US dollars a month. The Flink host is one: it resumes from its newest checkpoint wherever it starts.

terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.80"
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
