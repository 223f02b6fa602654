variable "name" {
  description = "First part of every name."
  type        = string
}

variable "vpc_id" {
  description = "The network's id."
  type        = string
}

variable "subnets" {
  description = "One subnet a broker."
  type        = list(object({ id = string, availability_zone = string }))
}

variable "client_cidrs" {
  description = "Networks whose clients may reach the outside listener."
  type        = list(string)
}

variable "brokers" {
  description = "Number of brokers: 1, or 3 for replication 3 with two replicas in sync."
  type        = number
}

variable "instance_type" {
  description = "EC2 instance type of a broker."
  type        = string
}

variable "heap_mib" {
  description = "Heap of a broker, MiB; the page cache wants at least as much again."
  type        = number
}

variable "disk_gib" {
  description = "Data volume of a broker, GiB."
  type        = number
}

variable "topic" {
  description = "Topic of the quotes; its dead letters go to TOPIC.dead-letters."
  type        = string
}

variable "partitions" {
  description = "Partitions of the topic."
  type        = number
}

variable "archive" {
  description = "Where Apache keeps its releases."
  type        = string
}

variable "kafka_version" {
  description = "Kafka's version."
  type        = string
}

variable "kafka_sha512" {
  description = "SHA-512 of Kafka's archive; nothing else is unpacked."
  type        = string
}

variable "artifacts" {
  description = "The bucket that hosts are made from."
  type        = object({ name = string, arn = string })
}

variable "further_tables" {
  description = "Further tables of the job, whose dead-letter topics it may make."
  type        = list(string)
}

variable "metrics_namespace" {
  description = "CloudWatch namespace that hosts give their figures to every minute; empty for none."
  type        = string
}

variable "log_group" {
  description = "CloudWatch log group that hosts send their logs to; empty for none."
  type        = string
}

variable "host_statements" {
  description = "Policy statements that every host needs: Session Manager, the artifact bucket, figures, logs."
  type        = any
}

variable "public_addresses" {
  description = "Whether each broker has an address that the internet reaches."
  type        = bool
}

variable "kms_key_arn" {
  description = "Key that encrypts the disks; null: AWS's own."
  type        = string
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the hosts' role; null: none."
  type        = string
}
