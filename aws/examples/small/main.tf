# One broker and one Flink host: some 50 US dollars a month while they run. Enough for every index of the world.

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
  description = "Networks from which producers reach the broker, as [\"203.0.113.7/32\"]."
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
  description = "The broker's address for clients."
  value       = module.quotelake.bootstrap_servers
}
