variable "name" {
  description = "First part of every name."
  type        = string
}

variable "vpc_id" {
  description = "The network's id."
  type        = string
}

variable "subnet_id" {
  description = "The subnet of the host."
  type        = string
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

variable "job_jar" {
  description = "Path of the job's jar."
  type        = string
}

variable "flink_conf" {
  description = "Path of Flink's configuration directory."
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

variable "session_statement" {
  description = "The policy statement that lets Session Manager reach a host."
  type        = any
}

variable "force_destroy" {
  description = "Whether terraform destroy deletes the artifact bucket although it holds objects."
  type        = bool
}
