variable "name" {
  description = "First part of every name."
  type        = string
}

variable "vpc_id" {
  description = "The network's id."
  type        = string
}

variable "subnet_ids" {
  description = "The subnets that the host may be in, one a zone."
  type        = list(string)
}

variable "instance_type" {
  description = "EC2 instance type of the host."
  type        = string
}

variable "topic" {
  description = "Topic of the quotes, and prefix of the table in the bucket."
  type        = string
}

variable "bootstrap_servers" {
  description = "The brokers' addresses inside the network."
  type        = string
}

variable "brokers_security_group_id" {
  description = "The brokers' security group; the host is let in."
  type        = string
}

variable "bucket" {
  description = "The lake's bucket."
  type        = object({ name = string, arn = string })
}

variable "date_granularity" {
  description = "day, month or year."
  type        = string
}

variable "job_options" {
  description = "Further options of the job, separated by blanks."
  type        = string
}

variable "metrics_namespace" {
  description = "CloudWatch namespace that the host gives the job's figures to every minute; empty for none."
  type        = string
}

variable "archive" {
  description = "Where Apache keeps its releases."
  type        = string
}

variable "flink_version" {
  description = "Flink's version."
  type        = string
}

variable "flink_sha512" {
  description = "SHA-512 of Flink's archive; nothing else is unpacked."
  type        = string
}

variable "artifacts" {
  description = "The bucket that hosts are made from."
  type        = object({ name = string, arn = string })
}

variable "further_tables" {
  description = "Further prefixes of the bucket that jobs on this host may write a table to."
  type        = list(string)
}

variable "password_parameter" {
  description = "Name in Parameter Store under which the brokers have put the job's password; empty for brokers that are not made here."
  type        = string
}

variable "properties" {
  description = "The job's settings of Kafka's clients, where they are no secret; empty for none."
  type        = map(string)
}

variable "properties_parameter" {
  description = "Name in Parameter Store of the job's settings of Kafka's clients, a properties file; empty for none."
  type        = string
}

variable "partitions" {
  description = "Partitions of the topic."
  type        = number
}

variable "parallelism" {
  description = "Subtasks of the job; null: one a core, and no more than partitions."
  type        = number
}

variable "slots" {
  description = "Slots of the host; null: twice the parallelism."
  type        = number
}

variable "task_managers" {
  description = "Number of TaskManagers."
  type        = number
}

variable "task_manager_memory_mib" {
  description = "Memory of a TaskManager's process, MiB; null: its share of what the instance leaves."
  type        = number
}

variable "public_address" {
  description = "Whether the host has an address that the internet reaches."
  type        = bool
}

variable "kms_key_arn" {
  description = "Key that encrypts the disk; null: AWS's own."
  type        = string
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the host's role; null: none."
  type        = string
}

variable "log_group" {
  description = "CloudWatch log group that the host sends its logs to; empty for none."
  type        = string
}

variable "host_statements" {
  description = "Policy statements that every host needs: Session Manager, the artifact bucket, figures, logs."
  type        = any
}
