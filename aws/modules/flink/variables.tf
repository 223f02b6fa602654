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
  description = "EC2 instance type of the host; flink-conf/ is made for 4 GiB and two cores."
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
  description = "SHA-512 of Flink's archive; empty: what Apache says beside it."
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

variable "parameters" {
  description = "Path in Parameter Store below which the brokers have put the job's password."
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
